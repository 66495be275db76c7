import { shuttingDown } from '../platform/close-in-order.ts';
import type { EventBus } from '../platform/events.ts';
import type { TaskRegistry } from '../platform/tasks/task-registry.ts';
import { type Archive, archivePath, openArchive } from '../store/archive/archive.ts';
import { lockArchive } from '../store/archive/file/archive-lock.ts';
import type { KeptKey } from '../store/archive/queries/journal-seal.ts';
import type { Clusters } from './clusters.ts';
import { type JournalKeys, withinPatience } from './secrets/journal-keys.ts';

/** What work on clusters is made from. */
export interface ClusterWork {
  clusters: Clusters;
  archives: Archives;
  tasks: TaskRegistry;
  events: EventBus;
}

/** Keeps one archive open a connection: whoever needs it asks here, so that there is one writer. */
export class Archives {
  readonly #clusters: Clusters;
  readonly #keys: JournalKeys | null;
  readonly #open = new Map<string, Promise<Archive>>();
  #closed = false;

  /** @param keys seal what is remembered of the journals; null: nothing is sealed */
  constructor(clusters: Clusters, keys: JournalKeys | null = null) {
    this.#clusters = clusters;
    this.#keys = keys;
    keys?.available.on(() => this.#sealOpen());
    clusters.onRelease((connectionId) => this.release(connectionId));
  }

  /**
   * The archive of a connection, opened at first use. Rejects with `ARCHIVE_DAMAGED`,
   * `ARCHIVE_NEWER` or `CONNECTION_NOT_FOUND`; the next call tries again.
   */
  get(connectionId: string): Promise<Archive> {
    return this.#open.get(connectionId) ?? this.#start(connectionId, false);
  }

  /** Opens a damaged archive to read what can be read; {@link get} yields it from now on. */
  async openReadOnly(connectionId: string): Promise<Archive> {
    await this.release(connectionId);
    return this.#start(connectionId, true);
  }

  /**
   * Lets `work` change or replace the archive's file, which no process has open meanwhile; whoever asks
   * for the archive waits and gets the new one.
   * @param work is given the key of the journal, null where there is none
   * @throws AppError `ARCHIVE_IN_USE` while another process has it open; nothing was done then
   */
  replace<Result>(
    connectionId: string,
    directory: string,
    work: (key: KeptKey | null) => Result,
  ): Promise<Result> {
    const before = this.#open.get(connectionId);
    const replaced = this.#alone(connectionId, before, directory, work);
    const opening = replaced
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => openArchive(directory))
      .then((archive) => this.#sealed(connectionId, archive));
    this.#keep(connectionId, opening);
    return replaced;
  }

  /** Brings what the archive of a connection committed into the file itself, where it is open. */
  async checkpoint(connectionId: string): Promise<void> {
    const archive = await this.#open.get(connectionId)?.catch(() => null);
    await archive?.checkpoint().catch(() => undefined);
  }

  /**
   * Closes the archive of a cluster that is not in use. One that is being checked stays open, and so
   * does a damaged one that somebody decided to read.
   */
  async rest(connectionId: string): Promise<void> {
    const archive = await this.#open.get(connectionId)?.catch(() => null);
    if (archive && !archive.readOnly && archive.check.state === 'sound') {
      await this.release(connectionId);
    }
  }

  /** Closes the archive of a connection; the next {@link get} opens it again. */
  async release(connectionId: string): Promise<void> {
    const archive = this.#open.get(connectionId);
    this.#open.delete(connectionId);
    await archive?.then((opened) => opened.close()).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#open.keys()].map((connectionId) => this.release(connectionId)));
  }

  #start(connectionId: string, readOnly: boolean): Promise<Archive> {
    if (this.#closed) return Promise.reject(shuttingDown());
    const opening = this.#clusters
      .directory(connectionId)
      .then((directory) => openArchive(directory, { readOnly }))
      .then((archive) => this.#sealed(connectionId, archive));
    return this.#keep(connectionId, opening);
  }

  #keep(connectionId: string, opening: Promise<Archive>): Promise<Archive> {
    this.#open.set(connectionId, opening);
    opening.catch(() => {
      if (this.#open.get(connectionId) === opening) this.#open.delete(connectionId);
    });
    return opening;
  }

  /**
   * Nobody gets an archive before its journal was compared with what its key sealed, unless the keychain
   * keeps them waiting.
   */
  async #sealed(connectionId: string, archive: Archive): Promise<Archive> {
    try {
      await this.#seal(connectionId, archive);
      return archive;
    } catch (thrown) {
      await archive.close();
      throw thrown;
    }
  }

  async #seal(connectionId: string, archive: Archive): Promise<void> {
    await this.#keys?.seal(connectionId, (key) => archive.sealJournal(key));
  }

  async #sealOpen(): Promise<void> {
    for (const [connectionId, opening] of [...this.#open]) {
      const archive = await opening.catch(() => null);
      if (archive) await this.#seal(connectionId, archive).catch(() => undefined);
    }
  }

  async #keyOf(connectionId: string): Promise<KeptKey | null> {
    return (await this.#keys?.keyOf(connectionId)) ?? null;
  }

  async #alone<Result>(
    connectionId: string,
    before: Promise<Archive> | undefined,
    directory: string,
    work: (key: KeptKey | null) => Result,
  ): Promise<Result> {
    await before?.then((opened) => opened.close()).catch(() => undefined);
    const found = await withinPatience(this.#keyOf(connectionId));
    const key = found === 'late' ? null : found;
    const lock = lockArchive(archivePath(directory), 'alone');
    try {
      return work(key);
    } finally {
      lock.release();
    }
  }
}

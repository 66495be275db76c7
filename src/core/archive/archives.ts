import type { Clusters } from '../clusters.ts';
import { type Archive, openArchive } from './archive.ts';

/** Keeps one archive open a connection: whoever needs it asks here, so that there is one writer. */
export class Archives {
  readonly #clusters: Clusters;
  readonly #open = new Map<string, Promise<Archive>>();

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
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

  /** Closes the archive of a connection; the next {@link get} opens it again. */
  async release(connectionId: string): Promise<void> {
    const archive = this.#open.get(connectionId);
    this.#open.delete(connectionId);
    await archive?.then((opened) => opened.close()).catch(() => undefined);
  }

  /** Closes every archive. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((connectionId) => this.release(connectionId)));
  }

  #start(connectionId: string, readOnly: boolean): Promise<Archive> {
    const opening = this.#clusters
      .directory(connectionId)
      .then((directory) => openArchive(directory, { readOnly }));
    this.#open.set(connectionId, opening);
    opening.catch(() => {
      if (this.#open.get(connectionId) === opening) this.#open.delete(connectionId);
    });
    return opening;
  }
}

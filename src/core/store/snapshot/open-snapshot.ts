import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceLimits } from 'node:worker_threads';
import { AppError, toAppError } from '#shared/errors.ts';
import {
  type Ask,
  WorkerClient,
  type WorkerMethods,
  WorkerSlot,
  workerEntry,
} from '../sqlite/worker.ts';
import type { InspectedSnapshot } from './inspect-snapshot.ts';
import { inBlocks } from './refresh/list-reader.ts';
import { assertMayTakeAway } from './refresh/taken-away.ts';
import type { RefreshList } from './refresh-builder.ts';
import type { RefreshFeed, Snapshot, SnapshotChanges } from './snapshot.ts';
import { isLeftNextSnapshot, type SetAside } from './snapshot-database.ts';
import type { SnapshotQuestions, SnapshotReaderMethods } from './snapshot-reader.ts';
import type { SnapshotWorkerData } from './snapshot-worker.ts';
import type { SnapshotWriterMethods } from './snapshot-writer.ts';
import { type TargetValue, touchedBy } from './writes/save-values.ts';

/** First the pages are shown, then the file is looked over; in milliseconds. */
const checkAfter = 3000;
/** In milliseconds; starting a thread again takes about a tenth of a second. */
const restAfter = 10_000;
/**
 * The shell's own thread has to give back what a thread left that ended, in one piece: as little as a
 * refresh gets on with just as well.
 */
const smallHeap: ResourceLimits = { maxYoungGenerationSizeMb: 6 };
/** These wait for changes under way: what was just saved is to be seen. */
const afterChanges: ReadonlySet<keyof SnapshotQuestions> = new Set([
  'user',
  'nameOf',
  'limitsAndQuota',
]);

interface OpenSnapshotOptions {
  /** Called when a damaged or newer file is set aside, at the opening or later. */
  onSetAside?: (setAside: SetAside) => void;
}

/**
 * Opens the snapshot that is in a connection's directory, or begins an empty one. Its file is read
 * and written in two worker threads only.
 * @param directory created if missing
 */
export async function openSnapshot(
  directory: string,
  options: OpenSnapshotOptions = {},
): Promise<Snapshot> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const file of readdirSync(directory).filter(isLeftNextSnapshot)) {
    rmSync(join(directory, file), { force: true });
  }
  const start = <Methods extends WorkerMethods>(role: SnapshotWorkerData['role']) =>
    new WorkerSlot<Methods>(() => {
      const data: SnapshotWorkerData = { directory, role };
      const entry = workerEntry(import.meta.url, 'snapshot-worker');
      return new WorkerClient(entry, data, role === 'writer' ? smallHeap : {});
    });
  const reader = start<SnapshotReaderMethods>('reader');
  const writer = start<SnapshotWriterMethods>('writer');
  try {
    const { setAside, checked } = await reader.ask('open');
    const snapshot = new OpenedSnapshot({ reader, writer, setAside, ...options });
    if (setAside) options.onSetAside?.(setAside);
    if (!checked) setTimeout(() => void snapshot.check(), checkAfter).unref();
    return snapshot;
  } catch (thrown) {
    await Promise.all([reader.terminate(), writer.terminate()]);
    throw thrown;
  }
}

/**
 * Inspects the snapshot of another workstation, in its own thread that ends with it.
 * @param directory where it is, apart from everything else
 * @throws AppError `FILE_INVALID`
 */
export async function inspectForeignSnapshot(directory: string): Promise<InspectedSnapshot> {
  const data: SnapshotWorkerData = { directory, role: 'inspector' };
  const entry = workerEntry(import.meta.url, 'snapshot-worker');
  const worker = new WorkerClient<{ inspect: () => InspectedSnapshot }>(entry, data);
  try {
    return await worker.ask('inspect');
  } finally {
    await worker.terminate();
  }
}

interface OpenedSnapshotParts {
  reader: WorkerSlot<SnapshotReaderMethods>;
  writer: WorkerSlot<SnapshotWriterMethods>;
  setAside: SetAside | null;
  onSetAside?: (setAside: SetAside) => void;
}

/** A snapshot at work: hands questions to the reader's thread and a refresh to the writer's. */
export class OpenedSnapshot implements Snapshot {
  readonly #parts: OpenedSnapshotParts;
  /** Writes to the current file and its exchange, one after another. */
  #writing: Promise<unknown> = Promise.resolve();
  #refreshing: Promise<unknown> = Promise.resolve();
  /** What was saved while a refresh fetched: its lists may be of the time before. */
  #savedMeanwhile: TargetValue[] | null = null;
  #closed = false;
  #resting: NodeJS.Timeout | undefined;

  constructor(parts: OpenedSnapshotParts) {
    this.#parts = parts;
  }

  get setAside(): SetAside | null {
    return this.#parts.setAside;
  }

  readonly ask: Ask<SnapshotQuestions> = async (name, ...asked) => {
    if (afterChanges.has(name)) await this.#writing;
    try {
      return await this.#parts.reader.ask(name, ...asked);
    } catch (thrown) {
      const error = toAppError(thrown);
      const path = error.details?.path;
      if (error.code === 'SNAPSHOT_DAMAGED' && typeof path === 'string') {
        this.#noteSetAside({ reason: 'damaged', path });
      }
      throw error;
    }
  };

  readonly change: Ask<SnapshotChanges> = (name, ...asked) =>
    this.#write(async () => {
      const { reader, writer } = this.#parts;
      const answer = await writer.ask(name, ...asked);
      const saved = name === 'save' ? (asked[0] as unknown as TargetValue[]) : [];
      this.#savedMeanwhile?.push(...saved);
      await reader.ask('noteChange', touchedBy(saved));
      return answer;
    });

  refresh(feed: RefreshFeed) {
    const run = this.#refreshing.then(() => this.#refresh(feed));
    this.#refreshing = run.catch(() => undefined);
    this.#restSoon();
    return run;
  }

  takePack(path: string): Promise<boolean> {
    const run = this.#refreshing.then(() =>
      this.#write(() => this.#parts.reader.ask('takePack', path)),
    );
    this.#refreshing = run.catch(() => undefined);
    return run;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { reader, writer } = this.#parts;
    clearTimeout(this.#resting);
    await this.#writing;
    // A thread that is gone can't let go of its file, and has.
    await reader.ask('close').catch(() => undefined);
    if (writer.started) await writer.ask('abandon').catch(() => undefined);
    await Promise.all([reader.terminate(), writer.terminate()]);
  }

  /**
   * Looks over the whole file in the writer's thread and sets it aside if it is damaged. A refresh that
   * begins meanwhile waits for it.
   */
  async check(): Promise<void> {
    try {
      if (this.#closed) return;
      const isWhole = await this.#parts.writer.ask('isWhole');
      this.#restSoon();
      if (isWhole) return;
      this.#noteSetAside(await this.#parts.reader.ask('setAside'));
    } catch {
      // Closed meanwhile, or the disk fails: the next question says so.
    }
  }

  async #refresh(feed: RefreshFeed) {
    const { reader, writer } = this.#parts;
    const asOf = new Date();
    this.#savedMeanwhile = [];
    try {
      feed.signal?.throwIfAborted();
      await writer.ask('begin', asOf.getTime());
      await this.#feed('users', feed);
      await this.#feed('buckets', feed);
      feed.onProgress?.('storing', 0);
      while ((await writer.ask('arrange')) > 0) feed.signal?.throwIfAborted();
      const counts = await this.#write(async () => {
        const sealed = await writer.ask('seal');
        assertMayTakeAway(sealed.takenAway, feed.mayTakeAway);
        feed.signal?.throwIfAborted();
        let from: number | null = 1;
        while (from !== null) from = await reader.ask('prepare', from);
        feed.signal?.throwIfAborted();
        await reader.ask('replace');
        await this.#saveAgain();
        return sealed.counts;
      });
      return { asOf: asOf.toISOString(), ...counts };
    } catch (thrown) {
      this.#savedMeanwhile = null;
      await writer.ask('abandon').catch(() => undefined);
      throw feed.signal?.aborted ? refreshCancelled() : thrown;
    }
  }

  /** What was saved while a refresh fetched may be later than its lists. */
  async #saveAgain(): Promise<void> {
    const values = this.#savedMeanwhile ?? [];
    this.#savedMeanwhile = null;
    if (values.length === 0) return;
    await this.#parts.writer.ask('save', values);
    await this.#parts.reader.ask('noteChange', touchedBy(values));
  }

  /** Lets the writer's thread go, with all the memory a refresh took, when it has been idle for a while. */
  #restSoon(): void {
    clearTimeout(this.#resting);
    this.#refreshing = this.#refreshing.then(() => {
      clearTimeout(this.#resting);
      this.#resting = setTimeout(() => {
        this.#refreshing = this.#refreshing.then(() => this.#parts.writer.release());
      }, restAfter).unref();
    });
  }

  async #feed(list: RefreshList, feed: RefreshFeed): Promise<void> {
    const { writer } = this.#parts;
    let pushed: Promise<void> = Promise.resolve();
    for await (const bytes of inBlocks(feed[list])) {
      // While one block is read by the writer, the next is gathered.
      await pushed;
      feed.signal?.throwIfAborted();
      const transfer = [bytes.buffer as ArrayBuffer];
      pushed = writer
        .ask('push', { list, bytes }, { transfer })
        .then((done) => feed.onProgress?.(list, done));
      pushed.catch(() => undefined); // reported by the await that follows, if the feed itself does not fail
    }
    await pushed;
    await writer.ask('endList', list);
  }

  #noteSetAside(setAside: SetAside): void {
    this.#parts.setAside = setAside;
    this.#parts.onSetAside?.(setAside);
  }

  #write<Value>(write: () => Promise<Value>): Promise<Value> {
    const run = this.#writing.then(write);
    this.#writing = run.catch(() => undefined);
    return run;
  }
}

/** Whoever asked for a refresh ended it. */
export function refreshCancelled(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'The refresh was cancelled.',
    hint: 'What was seen before is still there; refresh again when it suits.',
  });
}

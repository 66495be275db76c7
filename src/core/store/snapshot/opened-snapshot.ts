import { AppError, toAppError } from '#shared/errors.ts';
import type { GatewayUserDetail } from '../../gateway/model/gateway.ts';
import type { SizePageQuery } from './queries/size-pages.ts';
import { inBlocks } from './refresh/in-blocks.ts';
import type { RefreshList } from './refresh/refresh-builder.ts';
import { assertMayTakeAway } from './refresh/taken-away.ts';
import type { BucketQuery, RefreshFeed, SetAside, Snapshot, UserQuery } from './snapshot.ts';
import type { SnapshotReaderMethods } from './snapshot-reader.ts';
import type { SnapshotWriterMethods } from './snapshot-writer.ts';
import type { WorkerSlot } from './worker-slot.ts';

/** What an {@link OpenedSnapshot} works with. */
export interface OpenedSnapshotParts {
  reader: WorkerSlot<SnapshotReaderMethods>;
  writer: WorkerSlot<SnapshotWriterMethods>;
  setAside: SetAside | null;
  onSetAside?: (setAside: SetAside) => void;
}

const nothing = undefined as never;
/** In milliseconds; starting a thread anew takes about a tenth of a second. */
const restAfter = 10_000;

/** A snapshot at work: hands questions to the reader's thread and a refresh to the writer's. */
export class OpenedSnapshot implements Snapshot {
  readonly #parts: OpenedSnapshotParts;
  /** Writes to the current file and its exchange, one after another. */
  #writing: Promise<unknown> = Promise.resolve();
  #refreshing: Promise<unknown> = Promise.resolve();
  #closed = false;
  #resting: NodeJS.Timeout | undefined;

  constructor(parts: OpenedSnapshotParts) {
    this.#parts = parts;
  }

  get setAside(): SetAside | null {
    return this.#parts.setAside;
  }

  summary() {
    return this.#ask(() => this.#parts.reader.call('summary', nothing));
  }

  listUsers(query: UserQuery) {
    return this.#ask(() => this.#parts.reader.call('listUsers', query));
  }

  listBuckets(query: BucketQuery) {
    return this.#ask(() => this.#parts.reader.call('listBuckets', query));
  }

  async getUser(userId: string) {
    await this.#writing; // what was just saved is to be seen
    return this.#ask(() => this.#parts.reader.call('getUser', userId));
  }

  async nameOf(userId: string) {
    await this.#writing;
    return this.#ask(() => this.#parts.reader.call('nameOf', userId));
  }

  getBucket(name: string) {
    return this.#ask(() => this.#parts.reader.call('getBucket', name));
  }

  overview() {
    return this.#ask(() => this.#parts.reader.call('overview', nothing));
  }

  sizePage(query: SizePageQuery) {
    return this.#ask(() => this.#parts.reader.call('sizePage', query));
  }

  saveUserDetail(user: GatewayUserDetail, readAt: string): Promise<void> {
    const input = { user, readAt: Date.parse(readAt) };
    return this.#change(() => this.#parts.writer.call('saveUserDetail', input));
  }

  forgetUser(userId: string): Promise<void> {
    return this.#change(() => this.#parts.writer.call('forgetUser', userId));
  }

  forgetBucket(name: string): Promise<void> {
    return this.#change(() => this.#parts.writer.call('forgetBucket', name));
  }

  refresh(feed: RefreshFeed) {
    const run = this.#refreshing.then(() => this.#refresh(feed));
    this.#refreshing = run.catch(() => undefined);
    this.#restSoon();
    return run;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { reader, writer } = this.#parts;
    clearTimeout(this.#resting);
    await this.#writing;
    // A thread that is gone can't let go of its file, and has.
    await reader.call('close', nothing).catch(() => undefined);
    if (writer.started) await writer.call('abandon', nothing).catch(() => undefined);
    await Promise.all([reader.terminate(), writer.terminate()]);
  }

  /**
   * Looks over the whole file in the writer's thread and sets it aside if it is damaged. A refresh that
   * begins meanwhile waits for it.
   */
  async check(): Promise<void> {
    try {
      if (this.#closed) return;
      const isWhole = await this.#parts.writer.call('isWhole', nothing);
      this.#restSoon();
      if (isWhole) return;
      this.#noteSetAside(await this.#parts.reader.call('setAside', nothing));
    } catch {
      // Closed meanwhile, or the disk fails: the next question says so.
    }
  }

  async #refresh(feed: RefreshFeed) {
    const { reader, writer } = this.#parts;
    const asOf = new Date();
    try {
      feed.signal?.throwIfAborted();
      await writer.call('begin', asOf.getTime());
      await this.#feed('users', feed);
      await this.#feed('buckets', feed);
      feed.onProgress?.('storing', 0);
      while ((await writer.call('arrange', nothing)) > 0) feed.signal?.throwIfAborted();
      const counts = await this.#write(async () => {
        const sealed = await writer.call('seal', nothing);
        assertMayTakeAway(sealed.takenAway, feed.mayTakeAway);
        feed.signal?.throwIfAborted();
        let from: number | null = 1;
        while (from !== null) from = await reader.call('prepare', from);
        feed.signal?.throwIfAborted();
        await reader.call('replace', nothing);
        return sealed.counts;
      });
      return { asOf: asOf.toISOString(), ...counts };
    } catch (thrown) {
      await writer.call('abandon', nothing).catch(() => undefined);
      throw feed.signal?.aborted ? cancelled() : thrown;
    }
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
        .call('push', { list, bytes }, { transfer })
        .then((done) => feed.onProgress?.(list, done));
      pushed.catch(() => undefined); // told by the await that follows, if the feed itself does not fail
    }
    await pushed;
    await writer.call('endList', list);
  }

  async #ask<Value>(ask: () => Promise<Value>): Promise<Value> {
    try {
      return await ask();
    } catch (thrown) {
      const error = toAppError(thrown);
      const path = error.details?.path;
      if (error.code === 'SNAPSHOT_DAMAGED' && typeof path === 'string') {
        this.#noteSetAside({ reason: 'damaged', path });
      }
      throw error;
    }
  }

  #noteSetAside(setAside: SetAside): void {
    this.#parts.setAside = setAside;
    this.#parts.onSetAside?.(setAside);
  }

  #change(change: () => Promise<void>): Promise<void> {
    return this.#write(async () => {
      await change();
      await this.#parts.reader.call('noteChange', nothing);
    });
  }

  #write<Value>(write: () => Promise<Value>): Promise<Value> {
    const run = this.#writing.then(write);
    this.#writing = run.catch(() => undefined);
    return run;
  }
}

function cancelled(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'The refresh was cancelled.',
    hint: 'What was seen before is still there; refresh again when it suits.',
  });
}

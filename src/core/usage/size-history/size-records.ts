import { type AppError, toAppError } from '#shared/errors.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import type { SizePage } from '../../store/snapshot/queries/read-figures.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';

type SizeRecordsDependencies = Pick<ClusterWork, 'clusters' | 'archives' | 'events'>;

/** Rows handed from thread to thread at once: a few milliseconds of work. */
const pageRows = 2000;

/**
 * Writes the sizes that each refresh found into the archive, where they outlive the snapshot. Runs
 * in the background; what a newer refresh overtakes is omitted.
 */
export class SizeRecords {
  readonly #dependencies: SizeRecordsDependencies;
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, AppError>();

  constructor(dependencies: SizeRecordsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Notes that a refresh of this connection is in its snapshot. */
  noteRefresh(connectionId: string): void {
    void this.queue(connectionId, () => this.#record(connectionId));
  }

  /**
   * Does what writes sizes of a connection, in the order it came: samples are only ever added after the
   * last. Resolves when it is done, or failed.
   */
  queue(connectionId: string, work: () => Promise<void>): Promise<void> {
    const before = this.#running.get(connectionId) ?? Promise.resolve();
    const run = before
      .then(work)
      .then(() => void this.#failures.delete(connectionId))
      .catch((thrown) => void this.#failures.set(connectionId, toAppError(thrown)));
    this.#running.set(connectionId, run);
    void run.then(() => {
      if (this.#running.get(connectionId) === run) this.#running.delete(connectionId);
    });
    return run;
  }

  isRecording(connectionId: string): boolean {
    return this.#running.has(connectionId);
  }

  /** Resolves when everything noted so far is written. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  /** When sizes were sampled last, once all that is noted is written; and why the last try failed. */
  async lastSample(connectionId: string): Promise<{ at: number | null; error: AppError | null }> {
    await this.#running.get(connectionId);
    const archive = await this.#dependencies.archives.get(connectionId);
    const at = await archive.read('lastLook');
    return { at, error: this.#failures.get(connectionId) ?? null };
  }

  async #record(connectionId: string): Promise<void> {
    const { clusters, archives, events } = this.#dependencies;
    const snapshot = await (await clusters.get(connectionId)).snapshot();
    const archive = await archives.get(connectionId);
    const asOf = (await snapshot.ask('summary'))?.asOf;
    if (asOf === undefined) return;
    const at = Date.parse(asOf);
    for await (const rows of pagesOf(snapshot, 'users', asOf)) {
      const users = rows.map(({ name: userId, of: email, bytes, buckets }) => {
        return { userId, email, bytes, buckets };
      });
      await archive.write('recordSizes', { at, users, buckets: [], last: false });
    }
    for await (const rows of pagesOf(snapshot, 'buckets', asOf)) {
      const buckets = rows.map(({ name, of: ownerId, bytes }) => ({ name, ownerId, bytes }));
      await archive.write('recordSizes', { at, users: [], buckets, last: false });
    }
    await archive.write('recordSizes', { at, users: [], buckets: [], last: true });
    events.emit('data.changed', { connectionId, topics: ['storage'] });
  }
}

/** @throws Error when another refresh came between: its own record is on the way */
async function* pagesOf(snapshot: Snapshot, list: 'users' | 'buckets', asOf: string) {
  for (let afterId: number | null = -1; afterId !== null; ) {
    const page: SizePage | null = await snapshot.ask('sizePage', {
      list,
      afterId,
      limit: pageRows,
    });
    if (page?.asOf !== asOf) throw new Error('The snapshot was replaced meanwhile.');
    yield page.rows;
    afterId = page.next;
  }
}

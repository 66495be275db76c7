import type { CallOutput } from '#shared/contract/index.ts';
import type { Ask } from '../sqlite/worker-client.ts';
import type { SnapshotChanges } from './changes.ts';
import type { SnapshotQuestions } from './questions.ts';
import type { MayTakeAway } from './refresh/taken-away.ts';

/** A snapshot file that could not be used and was set aside under another name. */
export interface SetAside {
  reason: 'damaged' | 'newer';
  path: string;
}

/** What a refresh is fed with and reports. */
export interface RefreshFeed {
  users: AsyncIterable<Uint8Array>;
  buckets: AsyncIterable<Uint8Array>;
  signal?: AbortSignal;
  /** Holds back what takes away more than half, unless as much was confirmed; omitted, nothing is. */
  mayTakeAway?: MayTakeAway | undefined;
  onProgress?: (stage: 'users' | 'buckets' | 'storing', done: number) => void;
}

/**
 * What was last seen of one cluster: one SQLite file, read and written only in workers. Refetchable:
 * a damaged or newer file is set aside and the next refresh makes a new one. Holds no secret.
 */
export interface Snapshot {
  /** A file that opening set aside, if any: to be told to the operator. */
  readonly setAside: SetAside | null;
  /** Asks one of `snapshotQuestions`. @throws AppError `SNAPSHOT_DAMAGED` */
  readonly ask: Ask<SnapshotQuestions>;
  /** Makes one of `snapshotChanges`: what was just read takes the place of what was seen before. */
  readonly change: Ask<SnapshotChanges>;
  /**
   * Replaces users and buckets with what the two lists hold, atomically: readers see the old or the
   * new. Fed with the gateway's raw answers, which are parsed in the worker. On any error (also
   * `REFRESH_HELD_BACK`, `ANSWER_NOT_JSON`, `ANSWER_TRUNCATED`, `ANSWER_FOREIGN`, `ANSWER_ERROR_IN_SUCCESS`) the old stays.
   */
  refresh(feed: RefreshFeed): Promise<CallOutput<'sync.refresh'>>;
  close(): Promise<void>;
}

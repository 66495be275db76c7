import { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import type { Ask, WithoutFirst } from '../sqlite/worker.ts';
import { beginRound, type InventoryRound } from './queries/inventory-progress.ts';
import type { MayTakeAway } from './refresh/taken-away.ts';
import type { SetAside } from './snapshot-database.ts';
import type { SnapshotQuestions } from './snapshot-reader.ts';
import { type ListFigures, saveFigures } from './writes/save-figures.ts';
import { saveValues, type TargetValue } from './writes/save-values.ts';

/** Every change of single rows a snapshot takes; a new one is a line here. */
export const snapshotChanges = {
  /** Keeps what was read of single targets; no secret. */
  save: (database: DatabaseSync, values: readonly TargetValue[]) => saveValues(database, values),
  /** Keeps what other files know of users or buckets; returns whether anything is another than before. */
  saveFigures: (database: DatabaseSync, figures: ListFigures) => saveFigures(database, figures),
  beginRound: (database: DatabaseSync, round: InventoryRound & { restart: boolean }) =>
    beginRound(database, round),
  endRound: (database: DatabaseSync) => database.exec('DELETE FROM inventory_round'),
  /** Changes nothing: copies all of it into a new file, while no refresh takes its place. */
  copyInto: (database: DatabaseSync, path: string) => copySnapshot(database, path),
};

/** The changes as they are asked for from outside. */
export type SnapshotChanges = WithoutFirst<typeof snapshotChanges>;

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
  /** A file that opening set aside, if any, for a notice. */
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
  /**
   * Puts a field pack's file in place once changes and refreshes under way have ended.
   * @returns false, and changes nothing, where anything in the current one was read here
   */
  takePack(path: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Writes a copy of the open snapshot for another workstation into a new file: whole, as of one moment,
 * without pages that were freed. Customers and plans are of this workstation's billing systems and are
 * left out.
 */
function copySnapshot(database: DatabaseSync, path: string): void {
  database.prepare('VACUUM INTO ?').run(path);
  const copy = new DatabaseSync(path);
  try {
    // what is deleted is overwritten, and is in no file next to the copy either
    copy.exec('PRAGMA secure_delete = ON; PRAGMA journal_mode = MEMORY');
    copy.exec('DELETE FROM user_customer');
  } finally {
    copy.close();
  }
}

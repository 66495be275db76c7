import type { DatabaseSync } from 'node:sqlite';
import type { WithoutFirst } from '../sqlite/worker-server.ts';
import { beginRound, type InventoryRound } from './queries/inventory-progress.ts';
import { saveValues, type TargetValue } from './writes/save-values.ts';

/** Every change of single rows a snapshot takes; a new one is a line here. */
export const snapshotChanges = {
  /** Keeps what was read of single targets; no secret. */
  save: (database: DatabaseSync, values: readonly TargetValue[]) => saveValues(database, values),
  beginRound: (database: DatabaseSync, round: InventoryRound & { restart: boolean }) =>
    beginRound(database, round),
  endRound: (database: DatabaseSync) => database.exec('DELETE FROM inventory_round'),
};

/** The changes as they are asked for from outside. */
export type SnapshotChanges = WithoutFirst<typeof snapshotChanges>;

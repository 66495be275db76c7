import { toAppError } from '#shared/errors.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { StoredRow } from '../../store/archive/queries/bulk.ts';
import type { OperationEngine } from '../operations/engine.ts';
import { recheck } from '../operations/recheck.ts';
import { inTurn } from './in-turn.ts';
import { stopsRun } from './run-row.ts';

/** What the rows of a run are read again with. */
export interface RecheckWork {
  connectionId: string;
  runId: string;
  engine: OperationEngine;
  archive: Archive;
  controls: TaskControls;
  /** Targets at the same time. */
  concurrency: number;
}

/** What reading again showed. */
export interface RecheckResult {
  read: number;
  verified: number;
}

const pageSize = 500;

/**
 * Reads every row of a run again that was sent and not confirmed. Sends no write; a row that can't be
 * read stays as it is.
 * @throws AppError what would keep every other row from being read too
 */
export async function recheckRows(work: RecheckWork): Promise<RecheckResult> {
  const { connectionId, engine, controls, concurrency } = work;
  const { signal } = controls;
  const result: RecheckResult = { read: 0, verified: 0 };
  let failed = 0;
  await inTurn(unconfirmedRows(work), concurrency, async ({ journalId }) => {
    await controls.checkpoint();
    if (journalId === null) return;
    try {
      const { verified } = await recheck(engine, connectionId, journalId, { signal, quiet: true });
      result.read += 1;
      if (verified) result.verified += 1;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (stopsRun(error)) throw error;
      failed += 1;
    }
    controls.progress({ done: result.read + failed, failed });
  });
  return result;
}

async function* unconfirmedRows(work: RecheckWork): AsyncGenerator<StoredRow> {
  const { runId, archive, controls } = work;
  for (let after = 0; ; ) {
    const query = { runId, unconfirmed: true, after, limit: pageSize };
    const { total, rows } = await archive.read('listRows', query);
    if (after === 0) controls.progress({ total, done: 0, failed: 0 });
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.row;
  }
}

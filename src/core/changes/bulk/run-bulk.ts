import { canaryRows } from '#shared/contract/bulk.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { BulkRowState, StoredRow } from '../../store/archive/queries/bulk.ts';
import type { OperationEngine } from '../operations/engine.ts';
import { recheck } from '../operations/recheck.ts';
import { inTurn } from './in-turn.ts';
import { type RowEnd, type RowWork, runRow, stopsRun } from './run-row.ts';

/** How the first rows are treated. */
export type Canary = 'automatic' | 'ask' | 'none';

interface RunWork extends RowWork {
  controls: TaskControls;
  states: readonly BulkRowState[];
  canary: Canary;
  concurrency: number;
  /** Holds the task until the operator lets it continue. */
  pause(): void;
}

/** The stages of a run: canary, waiting after it, the rest; or all rows without a canary. */
const stages = {
  first: 'first rows',
  verified: 'first rows verified',
  rest: 'the rest',
  all: 'all rows',
} as const;

const pageSize = 500;

interface Tally {
  done: number;
  failed: number;
  canary: number;
  lastRow: number;
}

/**
 * Does the rows of a run: the canary one after the other, the rest in parallel up to a limit. What was sent
 * is always seen to its end; pause and cancel act between rows.
 * @throws AppError what ended the run before its end
 */
export async function runBulk(work: RunWork): Promise<void> {
  const { controls } = work;
  const { total } = await page(work, 0, 1);
  const tally: Tally = { done: 0, failed: 0, canary: 0, lastRow: 0 };
  controls.progress({
    total,
    done: 0,
    failed: 0,
    stage: stages[work.canary === 'none' ? 'all' : 'first'],
  });
  if (work.canary !== 'none') {
    await runCanary(work, tally);
    controls.progress({ stage: stages.rest });
  }
  const busy = new Map<string, Promise<void>>();
  await inTurn(rowsAfter(work, tally.lastRow), work.concurrency, async (row) => {
    // Rows on one target follow each other.
    const key = `${row.targetKind}\n${row.targetId}`;
    const earlier = busy.get(key) ?? Promise.resolve();
    const own = earlier.then(async () => {
      await controls.checkpoint();
      note(work, tally, await runRow(work, row));
    });
    const settled = own.catch(() => undefined);
    busy.set(key, settled);
    await own;
    if (busy.get(key) === settled) busy.delete(key);
  });
}

async function runCanary(work: RunWork, tally: Tally): Promise<void> {
  const { controls } = work;
  for await (const row of rowsAfter(work, 0)) {
    await controls.checkpoint();
    const end = await runRow(work, row);
    tally.lastRow = row.row;
    note(work, tally, end);
    if (end.state !== 'unchanged') tally.canary += 1;
    if (end.state === 'failed' || end.state === 'sent') throw canaryFailed(row, end);
    if (tally.canary >= canaryRows) break;
  }
  if (work.canary === 'ask') {
    controls.progress({ stage: stages.verified });
    work.pause();
    await controls.checkpoint();
  }
}

function note({ controls }: RunWork, tally: Tally, end: RowEnd): void {
  tally.done += 1;
  if (end.error !== null) tally.failed += 1;
  controls.progress({ done: tally.done, failed: tally.failed });
}

async function page(
  { archive, runId, states }: RunWork,
  after: number,
  limit: number,
): Promise<{ total: number; rows: StoredRow[] }> {
  return archive.read('listRows', { runId, states: [...states], after, limit });
}

async function* rowsAfter(work: RunWork, after: number): AsyncGenerator<StoredRow> {
  let last = after;
  for (;;) {
    const { rows } = await page(work, last, pageSize);
    yield* rows;
    const end = rows.at(-1);
    if (!end) return;
    last = end.row;
  }
}

function canaryFailed(row: StoredRow, { state, error }: RowEnd): AppError {
  const said = error ? `: ${error.message}` : '';
  return new AppError({
    code: 'WRITE_NOT_CONFIRMED',
    message:
      state === 'sent'
        ? `The run stopped after its first rows: the change of ${row.targetName} was sent but could not be confirmed.`
        : `The run stopped after its first rows: ${row.targetName} failed${said}`,
    hint: 'Check the row; then resume with the rest, or leave it. No other row was touched.',
    details: { row: row.row, ...(error ? { cause: error.code } : {}) },
  });
}

interface RecheckWork {
  connectionId: string;
  runId: string;
  engine: OperationEngine;
  archive: Archive;
  controls: TaskControls;
  concurrency: number;
}

export interface RecheckResult {
  read: number;
  verified: number;
}

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

import { AppError } from '#shared/errors.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { BulkRowState, StoredRow } from '../../store/archive/queries/bulk.ts';
import { inTurn } from './in-turn.ts';
import { type RowEnd, type RowWork, runRow } from './run-row.ts';

/** How the first rows are treated. */
export type Canary = 'automatic' | 'ask' | 'none';

/** What a run is run with. */
export interface RunWork extends RowWork {
  controls: TaskControls;
  /** Rows in one of these states are done. */
  states: readonly BulkRowState[];
  canary: Canary;
  /** Targets at the same time. */
  concurrency: number;
  /** Holds the task until the operator lets it go on. */
  pause(): void;
}

const canaryRows = 3;

/** Where a run is, in words: the canary, waiting after it, the rest; or all rows where there is none. */
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
  /** The last row that the canary took. */
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

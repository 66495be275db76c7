import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { z } from 'zod';
import type { bulkRowState, bulkRun } from '#shared/contract/bulk.ts';
import { searchedText } from '#shared/plain-text.ts';
import { comparableSql, defineTexts, inTransaction } from '../../sqlite/database.ts';
import { fromRow, insertRows, type Page, type Row, readPage } from '../../sqlite/rows.ts';
import { notePlanStart } from './change-plans.ts';

export type BulkRowState = z.output<typeof bulkRowState>;

/** The last state of a run; `running` without a task means that the console ended in the middle. */
type StoredRunState = Exclude<z.output<typeof bulkRun>['state'], 'interrupted'>;

/** A run as it is kept. Times are milliseconds since the Unix epoch, `impact` and `warnings` JSON. */
export interface StoredRun {
  runId: string;
  createdAt: number;
  createdBy: string;
  endedAt: number | null;
  title: string;
  state: StoredRunState;
  source: 'gateway' | 'snapshot';
  destructive: boolean;
  impact: string | null;
  warnings: string;
  /** The run that this one reverses. */
  reverses: string | null;
  ticket: string | null;
  /** When it was taken over from another workstation's archive; null: it is this one's own. */
  mergedAt: number | null;
}

/** A row as it is kept; `input`, `before`, `after` and `error` are JSON. */
export interface StoredRow {
  row: number;
  line: number | null;
  operation: string;
  input: string;
  targetKind: string;
  targetId: string;
  targetName: string;
  before: string;
  after: string;
  beforeKnown: boolean;
  /** Requests it takes: writing ones, and readings before and after. */
  writes: number;
  readings: number;
  state: BulkRowState;
  attempts: number;
  error: string | null;
  journalId: string | null;
  requestId: string | null;
  /** Why it is done, in words; null where nobody said. */
  reason: string | null;
}

/** A step of one row, stored with the journal's entry of the same moment. */
export interface RowStep {
  /** Which row; or every row whose newest journal entry is this. */
  of: { runId: string; row: number } | { journalId: string };
  state: BulkRowState;
  error?: string | null;
  journalId?: string;
  requestId?: string | null;
}

/** A run's figures, computed from its rows. */
export interface RunFigures {
  counts: Partial<Record<BulkRowState, number>>;
  total: number;
  tenants: number;
  writes: number;
  requests: number;
  /** Pending rows for which nothing has to be sent. */
  unchanged: number;
  /** Rows that were sent and not confirmed, whether or not the gateway answered. */
  unconfirmed: number;
}

interface RowsQuery {
  runId: string;
  states?: BulkRowState[] | undefined;
  /** Rows for which something is to be sent, or those for which nothing is. */
  writes?: boolean | undefined;
  /** Rows that were sent and not confirmed. */
  unconfirmed?: boolean | undefined;
  /** Any part of the target's name or id. */
  search?: string | undefined;
  /** Rows after this one. */
  after?: number;
  offset?: number;
  limit: number;
}

export function bulkReaders(database: DatabaseSync) {
  defineTexts(database);
  return {
    findRun: ({ runId }: { runId: string }): (StoredRun & RunFigures) | null => {
      const row = database.prepare('SELECT * FROM bulk_run WHERE run_id = ?').get(runId);
      return row ? { ...toRun(row), ...figures(database, runId) } : null;
    },
    /** Newest first. */
    listRuns: (page: Page) =>
      readPage(database, { from: 'bulk_run', order: 'created_at DESC, run_id', page }, (row) => ({
        ...toRun(row),
        ...figures(database, String(row.run_id)),
      })),
    listRows: (query: RowsQuery): { total: number; rows: StoredRow[] } => listRows(database, query),
  };
}

// After a time-out the row counts as failed: reading again may show that it came to be.
const isUnconfirmed = `journal_id IS NOT NULL AND (state = 'sent'
  OR (state = 'failed' AND json_extract(error, '$.details.outcome') = 'unknown'))`;

function listRows(
  database: DatabaseSync,
  { runId, states, writes, unconfirmed, search, after = 0, offset = 0, limit }: RowsQuery,
): { total: number; rows: StoredRow[] } {
  const values: SQLInputValue[] = [runId, after];
  const conditions = ['run_id = ?', 'row > ?'];
  if (states) {
    conditions.push('state IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(states));
  }
  if (writes !== undefined) conditions.push(writes ? 'writes > 0' : 'writes = 0');
  if (unconfirmed) conditions.push(isUnconfirmed);
  const words = searchedText(search);
  if (words) {
    conditions.push(
      `(instr(${comparableSql('target_name')}, ?) > 0 OR instr(${comparableSql('target_id')}, ?) > 0)`,
    );
    values.push(words, words);
  }
  const from = `bulk_row WHERE ${conditions.join(' AND ')}`;
  return readPage(database, { from, order: 'row', values, page: { offset, limit } }, toRow);
}

export function bulkWriters(database: DatabaseSync) {
  return {
    createRun: ({ run, rows }: { run: StoredRun; rows: StoredRow[] }): void =>
      inTransaction(database, () => {
        insertRows(database, 'bulk_run', [run]);
        const ofRun = rows.map((row) => ({ runId: run.runId, ...row }));
        insertRows(database, 'bulk_row', ofRun);
      }),
    updateRun: (input: {
      runId: string;
      state: StoredRunState;
      endedAt: number | null;
      ticket?: string | null;
    }): void =>
      inTransaction(database, () => {
        database
          .prepare(
            `UPDATE bulk_run SET state = ?, ended_at = ?, ticket = coalesce(?, ticket)
             WHERE run_id = ?`,
          )
          .run(input.state, input.endedAt, input.ticket ?? null, input.runId);
        notePlanStart(database, input.runId);
      }),
    stepRows: ({ steps }: { steps: RowStep[] }): void =>
      inTransaction(database, () => applySteps(database, steps)),
    /** Only a run that was never started can be forgotten. */
    discardRun: ({ runId }: { runId: string }): boolean => {
      const gone = database
        .prepare("DELETE FROM bulk_run WHERE run_id = ? AND state = 'previewed'")
        .run(runId);
      return Number(gone.changes) > 0;
    },
  };
}

/** Moves rows on, within a transaction of the caller. */
export function applySteps(database: DatabaseSync, steps: readonly RowStep[]): void {
  const set = `UPDATE bulk_row SET state = ?, error = ?, request_id = coalesce(?, request_id),
    journal_id = coalesce(?, journal_id), attempts = attempts + ?`;
  const byRow = database.prepare(`${set} WHERE run_id = ? AND row = ?`);
  const byJournal = database.prepare(`${set} WHERE journal_id = ?`);
  for (const { of, state, error, journalId, requestId } of steps) {
    const attempt = state === 'sending' ? 1 : 0;
    const values = [state, error ?? null, requestId ?? null, journalId ?? null, attempt];
    if ('row' in of) byRow.run(...values, of.runId, of.row);
    else byJournal.run(...values, of.journalId);
  }
}

function figures(database: DatabaseSync, runId: string): RunFigures {
  const counted = database
    .prepare('SELECT state, count(*) AS n FROM bulk_row WHERE run_id = ? GROUP BY state')
    .all(runId)
    .map(({ state, n }) => [state as BulkRowState, Number(n)] as const);
  const sums = database
    .prepare(
      `SELECT count(DISTINCT target_kind || char(10) || target_id) AS tenants,
        coalesce(sum(writes), 0) AS writes, coalesce(sum(writes + readings), 0) AS requests,
        coalesce(sum(state = 'pending' AND writes = 0), 0) AS unchanged,
        coalesce(sum(${isUnconfirmed}), 0) AS unconfirmed
       FROM bulk_row WHERE run_id = ? AND state <> 'refused'`,
    )
    .get(runId);
  return {
    counts: Object.fromEntries(counted),
    total: counted.reduce((sum, [, n]) => sum + n, 0),
    ...fromRow<Omit<RunFigures, 'counts' | 'total'>>(sums as Row),
  };
}

function toRun(row: Row): StoredRun {
  return { ...fromRow<StoredRun>(row), destructive: Number(row.destructive) === 1 };
}

function toRow({ run_id: _, ...row }: Row): StoredRow {
  return { ...fromRow<StoredRow>(row), beforeKnown: Number(row.before_known) === 1 };
}

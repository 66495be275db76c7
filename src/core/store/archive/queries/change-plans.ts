import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { searchedText } from '#shared/plain-text.ts';
import { comparableSql, defineTexts, inTransaction } from '../../sqlite/database.ts';
import { fromRow, insertRows, type Page, type Row, readPage } from '../../sqlite/rows.ts';

/** A plan as it is kept. Times are milliseconds since the Unix epoch. */
export interface StoredPlan {
  planId: string;
  name: string;
  note: string | null;
  createdAt: number;
  createdBy: string;
  changedAt: number;
  /** The cluster it was made for. */
  endpoint: string;
  connectionName: string;
  snapshotAsOf: number | null;
  reverses: string | null;
  /** The run that was started for it last. */
  runId: string | null;
  /** One that was previewed for it since, and is not started. */
  preparedRunId: string | null;
}

/** A plan's figures, computed from its rows. */
export interface PlanFigures {
  changes: number;
  tenants: number;
  /** With the key that a rotation revokes at once: whether it destroys depends on that. */
  operations: { operation: string; giveUp: string | null }[];
}

/** A row as it is kept: `change` is JSON as in a plan's file. */
export interface StoredPlanRow {
  rowId: number;
  /** From 1. */
  place: number;
  change: string;
}

interface PlanRowsQuery extends Page {
  planId: string;
  /** Any part of the target's name or id. */
  search?: string | undefined;
}

export function changePlanReaders(database: DatabaseSync) {
  defineTexts(database);
  return {
    /** Changed last first. */
    listPlans: (): (StoredPlan & PlanFigures)[] =>
      database
        .prepare('SELECT * FROM change_plan ORDER BY changed_at DESC, plan_id')
        .all()
        .map((row) => ({
          ...fromRow<StoredPlan>(row),
          ...figuresOf(database, String(row.plan_id)),
        })),
    findPlan: ({ planId }: { planId: string }): (StoredPlan & PlanFigures) | null => {
      const plan = readStoredPlan(database, planId);
      return plan && { ...plan, ...figuresOf(database, planId) };
    },
    listPlanRows: (query: PlanRowsQuery) => listPlanRows(database, query),
    /** Ids of the rows that a run made, or found to be so already. */
    listMadeRows: ({ planId, runId }: { planId: string; runId: string }): number[] =>
      database
        .prepare(
          // of equal rows as many as the run made
          `SELECT row_id FROM (SELECT row_id, json_extract(change, '$.operation') AS operation,
               json_extract(change, '$.input') AS input, row_number() OVER (PARTITION BY
                 json_extract(change, '$.operation'), json_extract(change, '$.input')
                 ORDER BY place) AS nth
             FROM change_plan_row WHERE plan_id = ?)
           JOIN (SELECT operation, input, count(*) AS made FROM bulk_row
             WHERE run_id = ? AND state IN ('verified', 'unchanged') GROUP BY 1, 2)
             USING (operation, input) WHERE nth <= made`,
        )
        .all(planId, runId)
        .map(({ row_id }) => Number(row_id)),
  };
}

export function readStoredPlan(database: DatabaseSync, planId: string): StoredPlan | null {
  const row = database.prepare('SELECT * FROM change_plan WHERE plan_id = ?').get(planId);
  return row ? fromRow<StoredPlan>(row) : null;
}

function listPlanRows(
  database: DatabaseSync,
  { planId, search, ...page }: PlanRowsQuery,
): { total: number; rows: StoredPlanRow[] } {
  const values: SQLInputValue[] = [planId];
  const words = searchedText(search);
  const named = (part: string): string =>
    `instr(${comparableSql(`json_extract(change, '$.target.${part}')`)}, ?) > 0`;
  const from = `change_plan_row WHERE plan_id = ?${
    words ? ` AND (${named('name')} OR ${named('id')})` : ''
  }`;
  if (words) values.push(words, words);
  return readPage(database, { from, order: 'place', values, page }, toRow);
}

export function changePlanWriters(database: DatabaseSync) {
  return {
    createPlan: ({ plan, changes }: { plan: StoredPlan; changes: string[] }): void =>
      inTransaction(database, () => insertPlan(database, plan, changes)),
    /** Deletes rows, changes some in place, moves one and appends others, in one transaction. */
    changePlanRows: (input: {
      planId: string;
      at: number;
      remove?: number[];
      append?: string[];
      /** To a place, from 1; the others make room. */
      move?: { rowId: number; place: number } | undefined;
      replace?: { rowId: number; change: string }[];
    }): void =>
      inTransaction(database, () => {
        const { planId, at, remove = [], append = [], replace = [], move } = input;
        const take = database.prepare(
          'DELETE FROM change_plan_row WHERE plan_id = ? AND row_id = ?',
        );
        for (const rowId of remove) take.run(planId, rowId);
        const change = database.prepare(
          'UPDATE change_plan_row SET change = ? WHERE plan_id = ? AND row_id = ?',
        );
        for (const row of replace) change.run(row.change, planId, row.rowId);
        if (remove.length > 0) renumber(database, planId, rowIdsOf(database, planId));
        if (move) {
          const others = rowIdsOf(database, planId).filter((id) => id !== move.rowId);
          renumber(database, planId, others.toSpliced(move.place - 1, 0, move.rowId));
        }
        appendRows(database, planId, append);
        touch(database, planId, at);
      }),
    editPlan: (input: {
      planId: string;
      at: number;
      name?: string;
      note?: string | null;
    }): void => {
      const { planId, at, name, note } = input;
      database
        .prepare(
          `UPDATE change_plan SET name = coalesce(?, name), note = iif(?, ?, note), changed_at = ?
           WHERE plan_id = ?`,
        )
        .run(name ?? null, note === undefined ? 0 : 1, note ?? null, at, planId);
    },
    /** Of the run that was previewed for a plan; once it starts it is the plan's. */
    notePreparedRun: ({ planId, runId }: { planId: string; runId: string }): void => {
      database
        .prepare('UPDATE change_plan SET prepared_run_id = ? WHERE plan_id = ?')
        .run(runId, planId);
    },
    deletePlan: ({ planId }: { planId: string }): boolean => {
      const gone = database.prepare('DELETE FROM change_plan WHERE plan_id = ?').run(planId);
      return Number(gone.changes) > 0;
    },
  };
}

/** Makes a run that starts the run of the plan it was previewed for; call it in a transaction. */
export function notePlanStart(database: DatabaseSync, runId: string): void {
  database
    .prepare(
      `UPDATE change_plan SET run_id = prepared_run_id, prepared_run_id = NULL
       WHERE prepared_run_id = ?`,
    )
    .run(runId);
}

export function insertPlan(
  database: DatabaseSync,
  plan: StoredPlan,
  changes: readonly string[],
): void {
  insertRows(database, 'change_plan', [plan]);
  appendRows(database, plan.planId, changes);
}

function touch(database: DatabaseSync, planId: string, at: number): void {
  database.prepare('UPDATE change_plan SET changed_at = ? WHERE plan_id = ?').run(at, planId);
}

function rowIdsOf(database: DatabaseSync, planId: string): number[] {
  return database
    .prepare('SELECT row_id FROM change_plan_row WHERE plan_id = ? ORDER BY place')
    .all(planId)
    .map((row) => Number(row.row_id));
}

function renumber(database: DatabaseSync, planId: string, rowIds: readonly number[]): void {
  const set = database.prepare(
    'UPDATE change_plan_row SET place = ? WHERE plan_id = ? AND row_id = ?',
  );
  rowIds.forEach((rowId, index) => {
    set.run(index + 1, planId, rowId);
  });
}

/** A row's id is never given again while a later one of the plan is there. */
function appendRows(database: DatabaseSync, planId: string, changes: readonly string[]): void {
  const last = database
    .prepare(
      `SELECT coalesce(max(row_id), 0) AS row_id, count(*) AS n FROM change_plan_row
       WHERE plan_id = ?`,
    )
    .get(planId);
  const insert = database.prepare('INSERT INTO change_plan_row VALUES (?, ?, ?, ?)');
  changes.forEach((change, index) => {
    insert.run(planId, Number(last?.row_id) + index + 1, Number(last?.n) + index + 1, change);
  });
}

function figuresOf(database: DatabaseSync, planId: string): PlanFigures {
  const row = database
    .prepare(
      `SELECT count(*) AS changes,
        count(DISTINCT json_extract(change, '$.target.kind') || char(10) ||
          json_extract(change, '$.target.id')) AS tenants,
        json_group_array(DISTINCT json_object('operation', json_extract(change, '$.operation'),
          'giveUp', json_extract(change, '$.input.giveUp'))) AS operations
       FROM change_plan_row WHERE plan_id = ?`,
    )
    .get(planId);
  return {
    changes: Number(row?.changes),
    tenants: Number(row?.tenants),
    operations: JSON.parse(String(row?.operations)) as PlanFigures['operations'],
  };
}

function toRow({ plan_id: _, ...row }: Row): StoredPlanRow {
  return fromRow<StoredPlanRow>(row);
}

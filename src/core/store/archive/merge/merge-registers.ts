import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { z } from 'zod';
import type { archiveMergeResult } from '#shared/contract/archive.ts';
import { expandRaw, sha256 } from '../file/encodings.ts';
import { countNewCampaigns, mergeCampaigns } from './merge-campaigns.ts';
import { countNewPlans, mergePlans } from './merge-plans.ts';

export type RegisterCounts = Pick<
  z.output<typeof archiveMergeResult>,
  'statements' | 'damagedStatements' | 'runs' | 'plans' | 'campaigns'
>;

export function countNewInRegisters(own: DatabaseSync, other: DatabaseSync) {
  return {
    statements: newStatements(own, other).length,
    runs: runsToTake(own, other).length,
    plans: countNewPlans(own, other),
    campaigns: countNewCampaigns(own, other),
  };
}

/**
 * Takes over issued statements, bulk runs, change plans and key campaigns; call it in a transaction. Both
 * workstations may have issued a statement of the same subject: both are kept.
 * @param by who merges
 */
export function mergeRegisters(own: DatabaseSync, other: DatabaseSync, by: string): RegisterCounts {
  return {
    ...mergeStatements(own, other),
    runs: mergeRuns(own, other),
    plans: mergePlans(own, other),
    campaigns: mergeCampaigns(own, other, by),
  };
}

type Row = Record<string, SQLInputValue>;

function newStatements(own: DatabaseSync, other: DatabaseSync): string[] {
  const known = own.prepare('SELECT 1 FROM issued_statement WHERE statement_id = ?');
  return other
    .prepare('SELECT statement_id FROM issued_statement ORDER BY place')
    .all()
    .map((row) => String(row.statement_id))
    .filter((id) => !known.get(id));
}

function mergeStatements(own: DatabaseSync, other: DatabaseSync) {
  const find = other.prepare('SELECT * FROM issued_statement WHERE statement_id = ?');
  const sources = other.prepare('SELECT * FROM issued_sources WHERE digest = ?');
  const identity = own.prepare('SELECT 1 FROM issued_statement WHERE identity = ?');
  const counts = { statements: 0, damagedStatements: 0 };
  for (const id of newStatements(own, other)) {
    const { place: _place, ...row } = find.get(id) as Row;
    if (!isAsIssued(row)) {
      counts.damagedStatements += 1;
      continue;
    }
    if (identity.get(String(row.identity))) row.identity = `merged ${id}`;
    insert(own, 'issued_sources', sources.get(String(row.sources)) as Row);
    insert(own, 'issued_statement', row);
    counts.statements += 1;
  }
  return counts;
}

function isAsIssued({ encoding, body, digest }: Row): boolean {
  try {
    const bytes = expandRaw(String(encoding), body as Uint8Array);
    return sha256(bytes) === digest;
  } catch {
    return false;
  }
}

/** Progress of a run: each value grows as it is resumed, retried or checked again. */
const progress = `SELECT coalesce(sum(attempts), 0) AS attempts,
    coalesce(sum(state NOT IN ('pending', 'sending')), 0) AS done,
    coalesce(sum(state IN ('verified', 'unchanged')), 0) AS verified,
    (SELECT coalesce(ended_at, 0) FROM bulk_run WHERE run_id = ?1) AS ended
  FROM bulk_row WHERE run_id = ?1`;

function isFurther(other: DatabaseSync, own: DatabaseSync, runId: string): boolean {
  const [there, here] = [other, own].map((database) => {
    const row = database.prepare(progress).get(runId) ?? {};
    return [row.attempts, row.done, row.verified, row.ended].map(Number);
  });
  const at = there?.findIndex((figure, index) => figure !== here?.[index]) ?? -1;
  return at >= 0 && (there?.[at] ?? 0) > (here?.[at] ?? 0);
}

/**
 * Runs that are not here, and copies here that are behind: one may have been at work there, and continues
 * there alone. Previews never changed anything; a run of this workstation is not replaced.
 */
function runsToTake(own: DatabaseSync, other: DatabaseSync): string[] {
  const known = own.prepare('SELECT merged_at FROM bulk_run WHERE run_id = ?');
  return other
    .prepare("SELECT run_id FROM bulk_run WHERE state <> 'previewed'")
    .all()
    .map((row) => String(row.run_id))
    .filter((id) => {
      const here = known.get(id);
      return here === undefined || (here.merged_at !== null && isFurther(other, own, id));
    });
}

function mergeRuns(own: DatabaseSync, other: DatabaseSync): number {
  const runs = runsToTake(own, other);
  const find = other.prepare('SELECT * FROM bulk_run WHERE run_id = ?');
  const rows = other.prepare('SELECT * FROM bulk_row WHERE run_id = ? ORDER BY row');
  for (const id of runs) {
    for (const table of ['bulk_row', 'bulk_run']) {
      own.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(id);
    }
    insert(own, 'bulk_run', { ...(find.get(id) as Row), merged_at: Date.now() });
    for (const row of rows.iterate(id)) insert(own, 'bulk_row', row as Row);
  }
  return runs.length;
}

/** Columns are those of the newest version: the copy was migrated. */
function insert(own: DatabaseSync, table: string, row: Row): void {
  const names = Object.keys(row);
  const places = names.map(() => '?').join(', ');
  const into = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`;
  own.prepare(`${into} ON CONFLICT DO NOTHING`).run(...Object.values(row));
}

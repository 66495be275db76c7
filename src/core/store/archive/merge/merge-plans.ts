import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../sqlite/database.ts';
import { canonicalJson, sha256 } from '../file/encodings.ts';
import { insertPlan, readStoredPlan, type StoredPlan } from '../queries/change-plans.ts';

/** A plan with its rows, each JSON as in a plan's file. */
export interface WholePlan {
  plan: StoredPlan;
  changes: readonly string[];
}

const longestName = 120;

/** The id of the copy of another workstation's plan. It follows from what the plan says. */
function copyIdOf({ plan, changes }: WholePlan): string {
  const said = changes.map((change): unknown => JSON.parse(change));
  return `copy-${sha256(canonicalJson([plan.createdAt, plan.createdBy, said])).slice(0, 32)}`;
}

/** Copies of plans made at one moment that exist here already. */
function copiesHere(own: DatabaseSync, createdAt: number): Set<string> {
  const alike = own.prepare('SELECT plan_id FROM change_plan WHERE created_at = ?').all(createdAt);
  const ids = alike.flatMap(({ plan_id: planId }) => {
    const known = readWhole(own, String(planId));
    return known ? [String(planId), copyIdOf(known)] : [];
  });
  return new Set(ids);
}

/**
 * Takes over plans of another workstation, each once, as all or none: a plan comes again only where it
 * was changed there. A name that is taken says whose it was.
 * @returns how many were missing here
 */
export function takePlans(own: DatabaseSync, plans: readonly WholePlan[]): number {
  return inTransaction(own, () => addMissing(own, plans));
}

/**
 * Takes over the plans of another archive, as {@link takePlans} does, and notes which of those that are
 * here were applied there; call it in a transaction, once the runs were taken over.
 * @returns how many are new or were applied
 */
export function mergePlans(own: DatabaseSync, other: DatabaseSync): number {
  const applied = appliedThere(own, other);
  const note = own.prepare('UPDATE change_plan SET run_id = ? WHERE plan_id = ?');
  for (const { planId, runId } of applied) note.run(runId, planId);
  return applied.length + addMissing(own, plansOf(other));
}

/** Counts the plans of another archive that are not here, or still wait here. */
export function countNewPlans(own: DatabaseSync, other: DatabaseSync): number {
  return appliedThere(own, other).length + [...missingPlans(own, plansOf(other))].length;
}

/** Plans that wait here, each with the run that applied there what it says. */
function appliedThere(own: DatabaseSync, other: DatabaseSync) {
  // a run that was only previewed applied nothing
  const waiting = own.prepare(
    `SELECT plan_id FROM change_plan LEFT JOIN bulk_run USING (run_id)
     WHERE change_plan.created_at = ?1 AND ifnull(state, 'previewed') = 'previewed'
       AND NOT EXISTS (SELECT 1 FROM change_plan WHERE run_id = ?2)`,
  );
  return other
    .prepare(
      `SELECT plan_id, run_id FROM change_plan JOIN bulk_run USING (run_id)
       WHERE state <> 'previewed' ORDER BY plan_id`,
    )
    .all()
    .flatMap(({ plan_id: theirs, run_id: run }) => {
      const runId = String(run);
      const whole = readWhole(other, String(theirs));
      if (!whole) return [];
      const said = copyIdOf(whole);
      return waiting
        .all(whole.plan.createdAt, runId)
        .map(({ plan_id: planId }) => readWhole(own, String(planId)))
        .flatMap((here) => (here && copyIdOf(here) === said ? [{ ...here.plan, runId }] : []));
    });
}

function addMissing(own: DatabaseSync, plans: Iterable<WholePlan>): number {
  let added = 0;
  for (const { plan, changes } of missingPlans(own, plans)) {
    const name = isNameTaken(own, plan.name) ? copyName(own, plan) : plan.name;
    insertPlan(own, { ...plan, name }, changes);
    added += 1;
  }
  return added;
}

/** Yields each plan that is not here, once, under the id of its copy. */
function* missingPlans(own: DatabaseSync, plans: Iterable<WholePlan>): Generator<WholePlan> {
  const here = new Map<number, Set<string>>();
  for (const whole of plans) {
    const { plan, changes } = whole;
    const planId = copyIdOf(whole);
    const copies = here.get(plan.createdAt) ?? copiesHere(own, plan.createdAt);
    here.set(plan.createdAt, copies);
    if (copies.has(planId)) continue;
    copies.add(planId);
    yield { plan: { ...plan, planId }, changes };
  }
}

function* plansOf(database: DatabaseSync): Generator<WholePlan> {
  const ids = database
    .prepare('SELECT plan_id FROM change_plan ORDER BY created_at, plan_id')
    .all();
  for (const { plan_id: planId } of ids) {
    const whole = readWhole(database, String(planId));
    if (whole) yield whole;
  }
}

function isNameTaken(own: DatabaseSync, name: string): boolean {
  return own.prepare('SELECT 1 FROM change_plan WHERE name = ? LIMIT 1').get(name) !== undefined;
}

/** The plan's name with its author, and a number if the name is taken. */
function copyName(own: DatabaseSync, { name, createdBy }: StoredPlan): string {
  const whose = ` (from ${createdBy})`.slice(0, longestName / 2);
  const plain = name.endsWith(whose) ? name.slice(0, -whose.length) : name;
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? whose : `${whose} ${number}`;
    const copy = plain.slice(0, longestName - end.length) + end;
    if (!isNameTaken(own, copy)) return copy;
  }
}

function readWhole(database: DatabaseSync, planId: string): WholePlan | null {
  const plan = readStoredPlan(database, planId);
  if (!plan) return null;
  const rows = database
    .prepare('SELECT change FROM change_plan_row WHERE plan_id = ? ORDER BY place')
    .all(planId);
  return { plan, changes: rows.map(({ change }) => String(change)) };
}

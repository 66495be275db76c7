import type { DatabaseSync } from 'node:sqlite';
import { canonicalJson, sha256 } from '../encodings.ts';
import { insertPlan, readStoredPlan, type StoredPlan } from '../queries/change-plans.ts';

/** A plan with its rows, each JSON as in a plan's file. */
export interface WholePlan {
  plan: StoredPlan;
  changes: readonly string[];
}

const longestName = 120;

/**
 * Returns the id of the copy of another workstation's plan. It follows from what the plan says, so that
 * the same plan is taken over once, whichever way it comes, and again only where it was changed there.
 */
function copyIdOf({ plan, changes }: WholePlan): string {
  const said = changes.map((change): unknown => JSON.parse(change));
  return `copy-${sha256(canonicalJson([plan.createdAt, plan.createdBy, said])).slice(0, 32)}`;
}

/** Whether a plan is here already: itself, or a copy of it, whatever became of that since. */
function isHere(own: DatabaseSync, copyId: string, createdAt: number): boolean {
  const alike = own
    .prepare('SELECT plan_id FROM change_plan WHERE plan_id = ? OR created_at = ?')
    .all(copyId, createdAt);
  return alike.some(({ plan_id: planId }) => {
    if (planId === copyId) return true;
    const known = readWhole(own, String(planId));
    return known !== null && copyIdOf(known) === copyId;
  });
}

/**
 * Takes over a plan of another workstation as a plan of this one, once; call it in a transaction.
 * Nothing is applied or resumed by that.
 * @param named always says in the name whose it was; else only where the name is taken
 * @returns whether it was missing here
 */
export function takePlan(own: DatabaseSync, whole: WholePlan, named: boolean): boolean {
  const { plan, changes } = whole;
  const planId = copyIdOf(whole);
  if (isHere(own, planId, plan.createdAt)) return false;
  const name = named || isNameTaken(own, plan.name) ? copyName(plan) : plan.name;
  insertPlan(own, { ...plan, planId, name }, changes);
  return true;
}

function isNameTaken(own: DatabaseSync, name: string): boolean {
  return own.prepare('SELECT 1 FROM change_plan WHERE name = ? LIMIT 1').get(name) !== undefined;
}

function copyName({ name, createdBy }: StoredPlan): string {
  const whose = ` (from ${createdBy})`.slice(0, longestName / 2);
  return name.endsWith(whose) ? name : name.slice(0, longestName - whose.length) + whose;
}

function readWhole(database: DatabaseSync, planId: string): WholePlan | null {
  const plan = readStoredPlan(database, planId);
  if (!plan) return null;
  const rows = database
    .prepare('SELECT change FROM change_plan_row WHERE plan_id = ? ORDER BY place')
    .all(planId);
  return { plan, changes: rows.map(({ change }) => String(change)) };
}

import type { HandlersOf } from '#shared/contract/index.ts';
import { type AppError, invalidInput } from '#shared/errors.ts';
import { rowView } from '../changes/bulk/run-summary.ts';
import type { PlanDesk } from '../changes/plans/plan-desk.ts';
import { readPlan } from '../changes/plans/plan-file.ts';
import { rowOf, summaryOf } from '../changes/plans/plan-summary.ts';
import { checkPlan, makeInversePlan, makePlan, type PlansOptions } from '../changes/plans/plans.ts';

export function plansHandlers(options: PlansOptions & { planDesk: PlanDesk }): HandlersOf<'plans'> {
  const { clusters, planDesk } = options;
  const openedPlans = planDesk.opened;
  return {
    'plans.make': (input, { signal }) => makePlan(options, input, signal),
    'plans.open': async ({ connectionId, content }) => {
      const { connection } = await clusters.get(connectionId);
      const { planId, plan } = openedPlans.open(content);
      return { ...summaryOf(plan, connection), planId };
    },
    'plans.rows': async ({ connectionId, planId, ...page }) => {
      if (!openedPlans.has(planId) && (await planDesk.has(connectionId, planId))) {
        return planDesk.rows(connectionId, planId, page, rowView);
      }
      const { total, changes } = openedPlans.page(planId, page);
      return { total, rows: changes.map(({ change, index }) => rowView(rowOf(change, index))) };
    },
    'plans.check': async ({ connectionId, content, planId }, { signal }) => {
      await clusters.get(connectionId);
      if (content !== undefined) {
        return checkPlan(options, { connectionId, plan: readPlan(content) }, signal);
      }
      if (planId === undefined) throw nothingToCheck();
      const plan = await planDesk.plan(connectionId, planId);
      const made = await planDesk.keysMade(connectionId, planId);
      const run = await checkPlan(options, { connectionId, plan, made }, signal);
      await planDesk.notePrepared(connectionId, planId, run.runId);
      return run;
    },
    'plans.inverse': (input) => makeInversePlan(options, input),
    ...keptPlansHandlers(planDesk),
  };
}

type OfKeptPlans =
  | 'plans.list'
  | 'plans.add'
  | 'plans.import'
  | 'plans.export'
  | 'plans.edit'
  | 'plans.editRow'
  | 'plans.removeRows'
  | 'plans.delete'
  | 'plans.compare';

function keptPlansHandlers(desk: PlanDesk): Pick<HandlersOf<'plans'>, OfKeptPlans> {
  return {
    'plans.list': ({ connectionId }) => desk.list(connectionId),
    'plans.add': (input, { signal }) => desk.add(input, signal),
    'plans.import': ({ connectionId, content }) => desk.import(connectionId, content),
    'plans.export': ({ connectionId, planId }) => desk.export(connectionId, planId),
    'plans.edit': (input) => desk.edit(input),
    'plans.editRow': (input) => desk.editRow(input),
    'plans.removeRows': ({ connectionId, planId, rowIds }) =>
      desk.removeRows(connectionId, planId, rowIds),
    'plans.delete': async ({ connectionId, planId }) => {
      await desk.delete(connectionId, planId);
      return null;
    },
    'plans.compare': ({ connectionId, planId }, { signal }) =>
      desk.compare(connectionId, planId, signal),
  };
}

function nothingToCheck(): AppError {
  return invalidInput(
    'Either content or planId is needed.',
    'Hand over the plan’s file, or name a plan that is kept.',
  );
}

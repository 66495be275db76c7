import type { HandlersOf } from '#shared/contract/index.ts';
import { rowView } from '../changes/bulk/run-summary.ts';
import type { OpenedPlans } from '../changes/plans/plan-file.ts';
import { rowOf, summaryOf } from '../changes/plans/plan-summary.ts';
import { checkPlan, makeInversePlan, makePlan, type PlansOptions } from '../changes/plans/plans.ts';

export function plansHandlers(
  options: PlansOptions & { openedPlans: OpenedPlans },
): HandlersOf<'plans'> {
  const { clusters, openedPlans } = options;
  return {
    'plans.make': (input, { signal }) => makePlan(options, input, signal),
    'plans.open': async ({ connectionId, content }) => {
      const { connection } = await clusters.get(connectionId);
      const { planId, plan } = openedPlans.open(content);
      return { ...summaryOf(plan, connection), planId };
    },
    'plans.rows': async ({ planId, ...page }) => {
      const { total, changes } = openedPlans.page(planId, page);
      return { total, rows: changes.map(({ change, index }) => rowView(rowOf(change, index))) };
    },
    'plans.check': (input, { signal }) => checkPlan(options, input, signal),
    'plans.inverse': (input) => makeInversePlan(options, input),
  };
}

import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { formatCount, formatCounted } from '../../kit/components/format.ts';

type KeptPlan = CallOutput<'plans.list'>[number];
type Comparison = NonNullable<KeptPlan['comparison']>;

/** Returns what comparing plans with the cluster showed, in words: `7 still apply, 2 drifted`. */
export function comparisonWords(comparisons: readonly Comparison[]): string {
  const sum = (of: 'applies' | 'done' | 'drifted' | 'refused'): number =>
    comparisons.reduce((all, one) => all + one[of], 0);
  const applies = sum('applies');
  const others = [
    [sum('drifted'), 'drifted'],
    [sum('done'), 'already done'],
    [sum('refused'), 'can’t apply'],
  ] as const;
  return [
    `${formatCount(applies)} still ${agreeing(applies, 'applies', 'apply')}`,
    ...others.flatMap(([count, words]) => (count > 0 ? [`${formatCount(count)} ${words}`] : [])),
  ].join(', ');
}

/** Returns what is known of plans that wait: `7 still apply, 1 plan not compared yet (1,200 changes)`. */
export function waitingWords(plans: readonly Pick<KeptPlan, 'changes' | 'comparison'>[]): string {
  const compared = plans.flatMap(({ comparison }) => comparison ?? []);
  const others = plans.filter(({ comparison }) => comparison === null);
  const changes = others.reduce((sum, plan) => sum + plan.changes, 0);
  const many = plans.length > 1 ? `${formatCounted(others.length, 'plan')} ` : '';
  return [
    ...(compared.length > 0 ? [comparisonWords(compared)] : []),
    ...(others.length > 0 ? [`${many}not compared yet (${formatCounted(changes, 'change')})`] : []),
  ].join(', ');
}

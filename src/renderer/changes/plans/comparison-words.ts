import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { formatCount } from '../../kit/components/format.ts';

type Comparison = NonNullable<CallOutput<'plans.list'>[number]['comparison']>;

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

import type { CallOutput } from '#shared/contract/index.ts';

type Series = Pick<CallOutput<'usage.series'>, 'points' | 'missing' | 'step'>;

/** Neighbouring bars, by when the first and the last begin. */
export interface BarRun {
  from: string;
  to: string;
}

const stepLengths = { hour: 3_600_000, day: 86_400_000 } as const;

/** The bars that lack statistics, in part or altogether, neighbours as one. */
export function missingRuns({ points, missing, step }: Series): BarRun[] {
  const stretches = missing.map(({ from, to }) => [Date.parse(from), Date.parse(to)] as const);
  const runs: BarRun[] = [];
  let joins = false;
  points.forEach(({ at }, index) => {
    const begin = Date.parse(at);
    const end = Date.parse(points[index + 1]?.at ?? '') || begin + stepLengths[step];
    const lacks = stretches.some(([from, to]) => from < end && to > begin);
    const last = runs.at(-1);
    if (lacks && joins && last) last.to = at;
    else if (lacks) runs.push({ from: at, to: at });
    joins = lacks;
  });
  return runs;
}

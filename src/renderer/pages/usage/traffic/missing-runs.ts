import type { CallOutput } from '#shared/contract/index.ts';

type Series = Pick<CallOutput<'usage.series'>, 'points' | 'missing' | 'step'>;

/** Neighbouring bars, by when the first and the last begin. */
export interface BarRun {
  from: string;
  to: string;
  /** Whether each of their hours lacks statistics, or only some. */
  whole: boolean;
}

const hour = 3_600_000;
const stepLengths = { hour, day: 24 * hour } as const;

/** Of each bar that lacks statistics of at least one service: how many hours of it do. By its beginning. */
export function missingHours({ points, missing, step }: Series): Map<string, number> {
  return new Map([...barsOf({ points, missing, step })].map(({ at, hours }) => [at, hours]));
}

/** The bars that lack statistics, in part or altogether, neighbours that are alike as one. */
export function missingRuns(series: Series): BarRun[] {
  const runs: BarRun[] = [];
  let before = -1;
  for (const { at, index, whole } of barsOf(series)) {
    const last = runs.at(-1);
    if (last && before === index - 1 && last.whole === whole) last.to = at;
    else runs.push({ from: at, to: at, whole });
    before = index;
  }
  return runs;
}

function* barsOf({ points, missing, step }: Series) {
  const stretches = missing.map(({ from, to }) => [Date.parse(from), Date.parse(to)] as const);
  for (const [index, { at }] of points.entries()) {
    const begin = Date.parse(at);
    const end = Date.parse(points[index + 1]?.at ?? '') || begin + stepLengths[step];
    const lacking = stretches.reduce(
      (sum, [from, to]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, begin)),
      0,
    );
    if (lacking > 0) yield { at, index, hours: lacking / hour, whole: lacking === end - begin };
  }
}

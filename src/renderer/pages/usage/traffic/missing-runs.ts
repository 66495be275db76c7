import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '../../../kit/components/format.ts';

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

/** What figures of a bar lack. */
export interface Lack {
  /** Hours of which statistics of at least one service are missing. */
  missing: number;
  /** Hours that are not over or not due yet. */
  open: number;
  /** Whether each hour of the bar is one of them: where it shows nothing, nothing is known. */
  whole: boolean;
}

/** Nothing is lacking. */
export const complete: Lack = { missing: 0, open: 0, whole: false };

/** What the bars lack that lack anything, by their beginning. */
export function lacksOf(series: Series & { open: Series['missing'] }): Map<string, Lack> {
  const hoursIn = (missing: Series['missing']) =>
    new Map([...barsOf({ ...series, missing })].map(({ at, hours }) => [at, hours]));
  const [missing, open] = [hoursIn(series.missing), hoursIn(series.open)];
  const bars = barsOf({ ...series, missing: [...series.missing, ...series.open] });
  return new Map(
    [...bars].map(({ at, whole }) => [
      at,
      { missing: missing.get(at) ?? 0, open: open.get(at) ?? 0, whole },
    ]),
  );
}

/** What a tooltip says of what a bar lacks. */
export function lackWords({ missing, open, whole }: Lack, isEmpty: boolean): string {
  if (whole && isEmpty) {
    if (missing === 0) return 'Still in progress, or not due yet: nothing is known so far.';
    return open === 0
      ? 'Not collected: what was used is not known.'
      : 'Not collected yet: what was used is not known.';
  }
  const parts = [
    ...(missing === 0 ? [] : [`${formatCounted(missing, 'hour')} not collected`]),
    ...(open === 0 ? [] : [`${formatCounted(open, 'hour')} still open`]),
  ];
  return `${parts.join(', ')}: it was this or more.`;
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

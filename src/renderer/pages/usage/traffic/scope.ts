import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import type { WireInteger } from '#shared/units.ts';
import { formatCounted } from '../../../kit/components/format.ts';
import type { Span } from '../period/period.ts';

/** What the table shows under the period and scope on screen. */
const breakdowns = ['user', 'bucket', 'day', 'hour', 'object'] as const;

export type Breakdown = (typeof breakdowns)[number];

/** The scope of Traffic: all, one user, or one bucket of a user or of the cluster. */
export interface UsageScope {
  userId: string | null;
  /** Empty: not of a bucket. Null: all. */
  bucket: string | null;
  epoch: WireInteger | null;
}

export interface ScopeState extends UsageScope {
  by: Breakdown;
  /** The breakdowns available here, in the order of drilling down. */
  choices: readonly Breakdown[];
  filter: NonNullable<CallInput<'usage.series'>['filter']>;
  /** Address of this page with another scope; the period stays. */
  to(scope: UsageScope, by?: Breakdown): string;
  chooseBreakdown(by: Breakdown): void;
  /** Address of this page for another span of the same scope. */
  toSpan(span: Span, by: Breakdown): string;
}

export const wholeCluster: UsageScope = { userId: null, bucket: null, epoch: null };

function choicesOf({ userId, bucket }: UsageScope): readonly Breakdown[] {
  if (bucket !== null && userId !== null) return ['day', 'hour', 'object'];
  if (bucket !== null) return ['user', 'day', 'hour', 'object'];
  if (userId !== null) return ['bucket', 'day', 'hour', 'object'];
  return breakdowns;
}

function readScope(parameters: URLSearchParams): UsageScope {
  const bucket = parameters.get('bucket');
  const epoch = parameters.get('epoch') ?? '';
  return {
    userId: parameters.get('user'),
    bucket,
    epoch: bucket !== null && /^\d{1,40}$/.test(epoch) ? epoch : null,
  };
}

/** Returns the path from cluster to user to bucket to object, kept in the address. */
export function useScope(): ScopeState {
  const [parameters, setParameters] = useSearchParams();
  const scope = useMemo(() => readScope(parameters), [parameters]);
  const choices = choicesOf(scope);
  const named = parameters.get('by');
  const by = choices.find((choice) => choice === named) ?? choices[0] ?? 'user';
  const address = useCallback(
    (update: Record<string, string | null>) => {
      const next = new URLSearchParams();
      for (const name of [
        'period',
        'from',
        'to',
        'user',
        'bucket',
        'epoch',
        'by',
        'line',
        'back',
      ]) {
        const value = name in update ? update[name] : parameters.get(name);
        if (value !== null && value !== undefined) next.set(name, value);
      }
      return `?${next}`;
    },
    [parameters],
  );
  const to = (target: UsageScope, breakdown?: Breakdown) =>
    address({
      user: target.userId,
      bucket: target.bucket,
      epoch: target.epoch === null ? null : String(target.epoch),
      by: breakdown ?? null,
    });
  return {
    ...scope,
    by,
    choices,
    filter: {
      ...(scope.userId === null ? {} : { userId: scope.userId }),
      ...(scope.bucket === null ? {} : { bucket: scope.bucket }),
      ...(scope.epoch === null ? {} : { epoch: scope.epoch }),
    },
    to,
    chooseBreakdown: (next) => setParameters(new URLSearchParams(address({ by: next }))),
    toSpan: ({ from, to: end }, breakdown) =>
      address({ period: 'custom', from, to: end, by: breakdown }),
  };
}

type Series = Pick<CallOutput<'usage.series'>, 'points' | 'missing' | 'step'>;

/** Neighbouring bars, by when the first and the last begin. */
export interface BarRun {
  from: string;
  to: string;
  /** Whether each of their hours lacks statistics, or only some. */
  whole: boolean;
}

const stepLengths = { hour, day: 24 * hour } as const;

export interface Lack {
  /** Hours of which statistics of at least one service are missing. */
  missing: number;
  /** Hours that are not over or not due yet. */
  open: number;
  /** Whether this is so for each hour of the bar: then an empty bar means unknown. */
  whole: boolean;
}

export const complete: Lack = { missing: 0, open: 0, whole: false };

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

/** The bars that lack statistics, in part or completely; equal neighbours are merged. */
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

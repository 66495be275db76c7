import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { CallInput } from '#shared/contract/index.ts';
import type { WireInteger } from '#shared/units.ts';
import type { Span } from '../period/period.ts';

/** What the table shows under the period and scope on screen. */
export const breakdowns = ['user', 'bucket', 'day', 'hour', 'object'] as const;

/** One of {@link breakdowns}; `object`: the statistics objects that a figure was added up from. */
export type Breakdown = (typeof breakdowns)[number];

/** What Traffic is narrowed to: nothing, one user, one bucket of a user or of the cluster. */
export interface UsageScope {
  userId: string | null;
  /** Empty: not of a bucket. Null: all. */
  bucket: string | null;
  epoch: WireInteger | null;
}

/** The scope with what changes it. */
export interface ScopeState extends UsageScope {
  by: Breakdown;
  /** The breakdowns that make sense here, in the order of drilling down. */
  choices: readonly Breakdown[];
  filter: NonNullable<CallInput<'usage.series'>['filter']>;
  /** Address of this page with another scope; the period stays. */
  to(scope: UsageScope, by?: Breakdown): string;
  chooseBreakdown(by: Breakdown): void;
  /** Address of this page for another span of the same scope. */
  toSpan(span: Span, by: Breakdown): string;
}

/** The whole cluster. */
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

/** Where a walk from cluster to user to bucket to object stands, kept in the address. */
export function useScope(): ScopeState {
  const [parameters, setParameters] = useSearchParams();
  const scope = useMemo(() => readScope(parameters), [parameters]);
  const choices = choicesOf(scope);
  const named = parameters.get('by');
  const by = choices.find((choice) => choice === named) ?? choices[0] ?? 'user';
  const address = useCallback(
    (update: Record<string, string | null>) => {
      const next = new URLSearchParams();
      for (const name of ['period', 'from', 'to', 'user', 'bucket', 'epoch', 'by']) {
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

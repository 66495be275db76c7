import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { hour, minute } from '#shared/durations.ts';
import type { AppError } from '#shared/errors.ts';
import { readLine, type SourceLine } from '../../../changes/statements/line-source.ts';
import { type ParameterUpdate, withParameters } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import type { Clock } from '../../../kit/components/format.ts';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { usePreferences } from '../../../kit/stores/preferences.ts';
import { useNow } from '../../../kit/timers.ts';
import {
  isPreset,
  type PeriodPreset,
  presetSpan,
  type Span,
  spanWords,
  wholeHours,
} from './period.ts';

/** The period on screen and what changes it. */
export interface PeriodState {
  preset: PeriodPreset;
  /** Null while it is not known, and where nothing was ever collected. */
  span: Span | null;
  /** As a heading says it: `October 2026`. */
  words: string;
  clock: Clock;
  /** Whether days and months are those of a bill, which are UTC whatever the preferred clock. */
  ofBill: boolean;
  /** The statement's line whose days are shown, where one leads here. */
  line: SourceLine | null;
  /** When the archive begins, where that is within the span on screen: before it, nothing is known. */
  beginsWithin: string | null;
  /** What the archive holds; null where it holds nothing. */
  collected: Span | null;
  archive: CallOutput<'archive.status'> | undefined;
  error: AppError | null;
  retry(): void;
  select(preset: PeriodPreset): void;
  chooseSpan(span: Span): void;
}

/**
 * The period that all parts of Usage share, kept in the address (`?period=last-month`, `?from=…&to=…`).
 * @param without what is shown where the address names no period
 * @param of.bill the period is a bill's
 */
export function usePeriod(
  without: Exclude<PeriodPreset, 'custom'> = 'collected',
  { bill = false } = {},
): PeriodState {
  const cluster = useCluster();
  const [parameters, setParameters] = useSearchParams();
  const preferred = usePreferences((preferences) => preferences.clock);
  const line = useMemo(() => readLine(parameters), [parameters]);
  // a bill's days and months are UTC: by another clock they would not add up to its lines
  const ofBill = bill || line !== null;
  const clock = ofBill ? 'utc' : preferred;
  const status = useCall('archive.status', { connectionId: cluster.id });
  // By the hour, so that what is on screen is not read again every minute.
  const now = Math.floor(useNow(minute) / hour) * hour;
  const collected = collectedSpan(status.data);
  const named = parameters.get('period');
  const preset = isPreset(named) ? named : without;
  const span = spanOf(preset, parameters, collected, now, clock);

  const change = useCallback(
    (update: ParameterUpdate) => setParameters((before) => withParameters(before, update)),
    [setParameters],
  );
  return {
    preset,
    span,
    words: span ? spanWords(span, clock) : '',
    clock,
    ofBill,
    line,
    beginsWithin:
      span && collected && span.from < collected.from && collected.from < span.to
        ? collected.from
        : null,
    collected,
    archive: status.data,
    error: status.error,
    retry: () => void status.refetch(),
    select: (selected) =>
      change({ period: selected === without ? null : selected, from: null, to: null }),
    chooseSpan: ({ from, to }) => change({ period: 'custom', from, to }),
  };
}

function collectedSpan(status: CallOutput<'archive.status'> | undefined): Span | null {
  if (!status || status.from === null || status.to === null) return null;
  return wholeHours({ from: status.from, to: status.to });
}

function spanOf(
  preset: PeriodPreset,
  parameters: URLSearchParams,
  collected: Span | null,
  now: number,
  clock: Clock,
): Span | null {
  if (preset === 'collected') return collected;
  if (preset !== 'custom') return presetSpan(preset, now, clock);
  const [from, to] = [parameters.get('from') ?? '', parameters.get('to') ?? ''];
  const valid = Date.parse(from) < Date.parse(to);
  return valid ? wholeHours({ from, to }) : collected;
}

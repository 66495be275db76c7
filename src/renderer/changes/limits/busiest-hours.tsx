import type { CallOutput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import type { LimitResource } from '#shared/limit-resources.ts';
import { fromWireInteger } from '#shared/units.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatNumber, formatUtc } from '../../kit/components/format.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useNow } from '../../kit/timers.ts';
import type { LimitTarget } from './limit-value.tsx';

type Point = CallOutput<'usage.series'>['points'][number];

const days = 7;

/** What statistics count of each limit, and how many of it in an hour are one of the limit's unit. */
const counted: Partial<
  Record<LimitResource, { counter: 'get' | 'put' | 'list' | 'other' | 'downloaded'; unit: number }>
> = {
  opsDefault: { counter: 'other', unit: 3600 },
  opsGet: { counter: 'get', unit: 3600 },
  opsPut: { counter: 'put', unit: 3600 },
  opsList: { counter: 'list', unit: 3600 },
  bandwidthOut: { counter: 'downloaded', unit: 3_600_000 },
};

/** The highest hourly mean of a rate, in the limit's unit. */
interface BusiestHour {
  rate: number;
  /** Where the hour begins. */
  at: string;
}

export type BusiestHours = Partial<Record<LimitResource, BusiestHour>>;

/**
 * Finds the busiest hours of a user or bucket in the last days of statistics; null without any, undefined
 * where they are not read.
 */
export function useBusiestHours(target: LimitTarget): BusiestHours | null | undefined {
  const { id: connectionId } = useCluster();
  const now = Math.floor(useNow(60_000) / hour) * hour;
  const { data } = useCall('usage.series', {
    connectionId,
    from: new Date(now - days * 24 * hour).toISOString(),
    to: new Date(now).toISOString(),
    step: 'hour',
    filter: 'user' in target ? { userId: target.user } : { bucket: target.bucket },
  });
  return data && busiestOf(data.points);
}

function busiestOf(points: readonly Point[]): BusiestHours | null {
  const busiest: BusiestHours = {};
  for (const [resource, { counter, unit }] of Object.entries(counted)) {
    for (const point of points) {
      const rate = Number(fromWireInteger(point[counter])) / unit;
      const known = busiest[resource as LimitResource];
      if (!known || rate > known.rate) busiest[resource as LimitResource] = { rate, at: point.at };
    }
  }
  return Object.values(busiest).some(({ rate }) => rate > 0) ? busiest : null;
}

/** The busiest hour next to a limit; nothing where statistics don't count it. */
export function BusiestHourOf({ busiest }: { busiest: BusiestHour | undefined }) {
  if (!busiest) return null;
  return (
    <div className="oc-caption" title={`Mean of the hour from ${formatUtc(busiest.at)}`}>
      Busiest hour: {formatNumber(busiest.rate, 2)}
    </div>
  );
}

/** Says where the busiest hours are from. */
export function BusiestHoursNote({ busiest }: { busiest: BusiestHours | null | undefined }) {
  if (busiest === undefined) return null;
  return (
    <p className="oc-hint">
      {busiest
        ? `Busiest hours of the last ${days} days of statistics, which count deletions among the other operations.`
        : `No statistics of the last ${days} days show any use.`}
    </p>
  );
}

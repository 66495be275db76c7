import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import { fromWireInteger } from '#shared/units.ts';
import { clusterPath, userPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { Bytes } from '../../../kit/components/bytes.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { formatBytes, userWords } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import detail from '../../../kit/detail/detail.module.css';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { usePreferences } from '../../../kit/stores/preferences.ts';
import { useNow } from '../../../kit/timers.ts';
import { presetSpan, type Span, timeZoneOf } from '../period/period.ts';
import { isCollected } from '../shared/completeness.tsx';
import { trafficOf } from '../shared/figures.ts';
import { StorageChart } from '../storage/storage-chart.tsx';
import { useStorageHistory } from '../storage/storage-facts.tsx';
import { UsageChart } from '../traffic/usage-chart.tsx';
import classes from './sections.module.css';

const week = 7 * 24 * hour;

/** A period that ends with the hour under way. */
function useSpan(preset: 'last-30-days' | 'last-7-days'): Span {
  const now = Math.floor(useNow(60_000) / hour) * hour;
  return presetSpan(preset, now, 'utc');
}

const signed = (bytes: bigint): string =>
  `${bytes < 0n ? '−' : '+'}${formatBytes(bytes < 0n ? -bytes : bytes)}`;

/** Size of the cluster over 30 days as of the last sample, with its change since a week before that. */
export function StorageTrend() {
  const span = useSpan('last-30-days');
  const cluster = useCluster();
  const { query } = useStorageHistory({ userId: null, bucket: null }, span);
  if (query.error) return <CallError call={query} compact />;
  const points = query.data?.points;
  if (!query.data || !points) return null;
  const last = points.at(-1);
  if (!last || points.length < 2) {
    return <p className={detail.note}>Each refresh records sizes; two are needed for a plot.</p>;
  }
  const before = points.findLast(({ at }) => Date.parse(at) <= Date.parse(last.at) - week);
  return (
    <>
      <div className={classes.storage}>
        <StorageChart history={query.data} span={span} />
      </div>
      <p className={detail.note}>
        <Bytes value={last.bytes} source="sum of the last sample" /> as of <Time value={last.at} />
        {before && (
          <>
            , {signed(fromWireInteger(last.bytes) - fromWireInteger(before.bytes))} since{' '}
            <Time value={before.at} />
          </>
        )}
        .
      </p>
      <Link className={detail.more} to={clusterPath(cluster.id, 'usage/storage')}>
        Storage history
      </Link>
    </>
  );
}

/** Traffic of the cluster over 30 days, with the last week against the one before. */
export function TrafficTrend() {
  const cluster = useCluster();
  const clock = usePreferences((preferences) => preferences.clock);
  const span = useSpan('last-30-days');
  const series = useCall('usage.series', {
    connectionId: cluster.id,
    ...span,
    step: 'day',
    ...timeZoneOf(clock),
  });
  if (series.error) return <CallError call={series} compact />;
  if (!series.data) return null;
  if (!isCollected(series.data.coverage)) {
    return <p className={detail.note}>No statistics of the last 30 days are collected.</p>;
  }
  const sum = (points: CallOutput<'usage.series'>['points']): bigint =>
    points.reduce((all, point) => all + trafficOf(point), 0n);
  const { points, coverage } = series.data;
  const [now, before] = [sum(points.slice(-7)), sum(points.slice(-14, -7))];
  return (
    <>
      <UsageChart kind="traffic" series={series.data} />
      <p className={detail.note}>
        {formatBytes(now)} in the last 7 days, {signed(now - before)} against the week before.{' '}
        {coverage.state === 'gaps' && 'Hours of the 30 days are missing.'}
      </p>
      <Link className={detail.more} to={`${clusterPath(cluster.id, 'usage')}?period=last-30-days`}>
        All usage
      </Link>
    </>
  );
}

/** Users whose stored bytes changed most within a week. */
export function Movers() {
  const cluster = useCluster();
  const query = useCall('storage.movers', { connectionId: cluster.id });
  if (query.error) return <CallError call={query} compact />;
  if (!query.data) return null;
  const { compared, risers, fallers } = query.data;
  if (risers.length + fallers.length === 0) {
    return (
      <p className={detail.note}>
        {compared
          ? 'No user changed since the sample of a week ago.'
          : 'No sizes were sampled a week ago yet: nothing to compare with.'}
      </p>
    );
  }
  return [...risers, ...fallers.toReversed()].map(({ userId, email, bytes, change }) => (
    <div key={userId} className={detail.row}>
      <Link className={`${detail.rowText} oc-truncate`} to={userPath(cluster.id, userId)}>
        {userWords(email, userId)}
      </Link>
      <span className="oc-number">{signed(fromWireInteger(change))}</span>
      <span className="oc-dimmed">
        of <Bytes value={bytes} source="from the last sample" />
      </span>
    </div>
  ));
}

/** Shows how complete the statistics of the last week are, in words. */
export function CoverageNow() {
  const cluster = useCluster();
  const span = useSpan('last-7-days');
  const query = useCall('usage.coverage', { connectionId: cluster.id, ...span });
  if (query.error) return <CallError call={query} compact />;
  if (!query.data) return null;
  return (
    <>
      <p className={detail.note}>{query.data.summary.words}</p>
      <Link className={detail.more} to={clusterPath(cluster.id, 'usage/coverage')}>
        Coverage
      </Link>
    </>
  );
}

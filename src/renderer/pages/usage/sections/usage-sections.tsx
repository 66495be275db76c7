import { Link } from 'react-router';
import { Bar, BarChart, ResponsiveContainer, Tooltip, YAxis } from 'recharts';
import type { CallInput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { CallError, ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatDay, userWords } from '../../../kit/components/format.ts';
import detail from '../../../kit/detail/detail.module.css';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useClock } from '../../../kit/stores/clock.ts';
import { useNow } from '../../../kit/timers.ts';
import { monthName, presetSpan, type Span, timeZoneOf } from '../period/period.ts';
import { completeWords, idleWords, isCollected } from '../shared/completeness.tsx';
import { bytesWithExact, operationsOf, percentWords, trafficOf } from '../shared/figures.ts';
import usage from '../shared/usage.module.css';
import { StorageChart } from '../storage/storage-chart.tsx';
import { StorageFacts, type StorageSubject, useStorageHistory } from '../storage/storage-facts.tsx';
import { Amount, heaviestInput, ImpossibleNote } from '../traffic/headline.tsx';
import { complete, type Lack, lacksOf, lackWords } from '../traffic/scope.ts';
import type { Series } from '../traffic/usage-chart.tsx';
import classes from './sections.module.css';

type Filter = NonNullable<CallInput<'usage.series'>['filter']>;

/** Traffic of the last 30 days in small, with its sums and the way to all of it. */
export function UsageSection({ filter }: { filter: Filter }) {
  const cluster = useCluster();
  const clock = useClock();
  const now = Math.floor(useNow(60_000) / hour) * hour;
  const span = presetSpan('last-30-days', now, clock);
  const series = useCall('usage.series', {
    connectionId: cluster.id,
    ...span,
    step: 'day',
    filter,
    ...timeZoneOf(clock),
  });
  const totals = useCall('usage.report', heaviestInput(cluster.id, span, filter, 'bucket')).data
    ?.totals;
  if (series.error) return <CallError call={series} compact />;
  if (!series.data || !totals) return null;
  const { coverage, points } = series.data;
  const query = new URLSearchParams({ period: 'last-30-days' });
  if (filter.userId !== undefined) query.set('user', filter.userId);
  if (filter.bucket !== undefined) query.set('bucket', filter.bucket);
  const link = (
    <Link className={detail.more} to={`${clusterPath(cluster.id, 'usage')}?${query}`}>
      All usage
    </Link>
  );
  if (!isCollected(coverage)) {
    return <p className={detail.note}>No statistics of the last 30 days are collected. {link}</p>;
  }
  const lacks = lacksOf(series.data);
  const days = points.map((point) => ({
    point,
    bytes: Number(trafficOf(point)),
    lack: lacks.get(point.at) ?? complete,
  }));
  return (
    <>
      <div
        className={`oc-plot ${classes.sparkline}`}
        role="img"
        aria-label="Traffic of the last 30 days, by day"
      >
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            data={days}
            margin={{ top: 2, right: 0, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <YAxis hide domain={[0, 'dataMax']} />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: 'var(--oc-hover)' }}
              content={({ active, payload }) => (
                <DayTooltip active={active} day={payload?.[0]?.payload} />
              )}
            />
            <Bar dataKey="bytes" fill="#0072b2" isAnimationActive={false} />
          </BarChart>
        </ResponsiveContainer>
      </div>
      <p className={detail.note}>
        <Amount bytes={BigInt(totals.uploaded)} /> in, <Amount bytes={BigInt(totals.downloaded)} />{' '}
        out, {formatCount(operationsOf(totals))} operations in 30 days;{' '}
        {coverage.state === 'gaps' ? 'not complete' : 'complete so far'}.
      </p>
      {link}
    </>
  );
}

export function DayTooltip({ active, day }: { active: boolean; day: unknown }) {
  const { point, lack = complete } = (day ?? {}) as {
    point?: Series['points'][number];
    lack?: Lack;
  };
  const clock = useClock();
  if (!active || !point) return null;
  const isEmpty = trafficOf(point) === 0n;
  return (
    <div className={usage.tooltip}>
      <div className={usage.tooltipTime}>{formatDay(point.at, clock)}</div>
      {!(lack.whole && isEmpty) && (
        <>
          <div className="oc-number">In {bytesWithExact(point.uploaded)}</div>
          <div className="oc-number">Out {bytesWithExact(point.downloaded)}</div>
        </>
      )}
      {lack !== complete && <div>{lackWords(lack, isEmpty)}</div>}
    </div>
  );
}

/** Shows who used most, last month and this month, and whether that is complete. */
export function UsageOverview() {
  const clock = useClock();
  const now = Math.floor(useNow(60_000) / hour) * hour;
  const cluster = useCluster();
  const status = useCall('archive.status', { connectionId: cluster.id }).data;
  if (status?.error) return <ErrorPanel error={status.error} compact />;
  if (status && status.from === null) {
    return (
      <p className="oc-dimmed">
        No statistics are collected yet.{' '}
        <Link to={clusterPath(cluster.id, 'usage')}>Collect them</Link>
      </p>
    );
  }
  return (
    <div className={classes.ranked}>
      {(['last-month', 'this-month'] as const).map((preset) => (
        <Month
          key={preset}
          preset={preset}
          span={presetSpan(preset, now, clock)}
          month={monthName(presetSpan(preset, now, clock).from, clock)}
        />
      ))}
    </div>
  );
}

function Month(props: { preset: string; span: Span; month: string }) {
  const cluster = useCluster();
  const report = useCall('usage.report', heaviestInput(cluster.id, props.span)).data;
  if (!report) return null;
  const [row] = report.rows;
  const whole = trafficOf(report.totals);
  return (
    <div>
      <Link to={`${clusterPath(cluster.id, 'usage')}?period=${props.preset}`}>{props.month}</Link>:{' '}
      {row && whole > 0n ? (
        <>
          {userWords(row.email, row.userId)} used most, <Amount bytes={trafficOf(row)} /> (
          {percentWords(trafficOf(row), whole)} of <Amount bytes={whole} />){' '}
          <span className="oc-dimmed">{completeWords(report.coverage)}</span>
          <ImpossibleNote row={row} span={props.span} />
        </>
      ) : (
        <span className="oc-dimmed">{idleWords(report.coverage)}</span>
      )}
    </div>
  );
}

/** Size over the last 30 days: growth, GiB-hours, days to quota. */
export function StorageSection({ of }: { of: StorageSubject }) {
  const cluster = useCluster();
  const now = Math.floor(useNow(60_000) / hour) * hour;
  const span = presetSpan('last-30-days', now, 'utc');
  const { query, quotaGb, quotaBytes } = useStorageHistory(of, span);
  if (query.error) return <CallError call={query} compact />;
  if (!query.data) return null;
  const parameters = new URLSearchParams();
  if (of.userId !== null) parameters.set('user', of.userId);
  if (of.bucket !== null) parameters.set('bucket', of.bucket);
  return (
    <>
      {query.data.points.length > 1 && query.data.lastBytes !== 0 && (
        <div className={classes.storage}>
          <StorageChart history={query.data} span={span} quotaBytes={quotaBytes} />
        </div>
      )}
      {query.data.points.length === 0 ? (
        <p className={detail.note}>
          No sizes were recorded in the last 30 days; each refresh records them.
        </p>
      ) : (
        <StorageFacts history={query.data} quotaGb={quotaGb} />
      )}
      <Link
        className={detail.more}
        to={`${clusterPath(cluster.id, 'usage/storage')}?${parameters}`}
      >
        Storage history
      </Link>
    </>
  );
}

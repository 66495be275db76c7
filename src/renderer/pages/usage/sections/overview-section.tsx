import { Link } from 'react-router';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { userWords } from '../../../kit/components/format.ts';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { usePreferences } from '../../../kit/stores/preferences.ts';
import { useNow } from '../../../kit/use-now.ts';
import { monthName, presetSpan, type Span } from '../period/period.ts';
import { completeWords, idleWords } from '../shared/completeness.tsx';
import { percentWords, trafficOf } from '../shared/figures.ts';
import { Amount, heaviestInput } from '../traffic/headline.tsx';
import classes from './sections.module.css';

const hour = 3_600_000;

/** Who used most, last month and this month, and whether that is complete. */
export function UsageOverview() {
  const clock = usePreferences((preferences) => preferences.clock);
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
        </>
      ) : (
        <span className="oc-dimmed">{idleWords(report.coverage)}</span>
      )}
    </div>
  );
}

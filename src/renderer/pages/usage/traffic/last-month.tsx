import { Link } from 'react-router';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useNow } from '../../../kit/use-now.ts';
import { monthName, presetSpan } from '../period/period.ts';
import type { PeriodState } from '../period/use-period.ts';
import { percentWords, trafficOf, userWords } from '../shared/figures.ts';
import { Amount, heaviestInput } from './headline.tsx';

const dayLength = 86_400_000;

/** One line that answers for last month while another period is on screen. */
export function LastMonth({ period }: { period: PeriodState }) {
  const cluster = useCluster();
  const today = Math.floor(useNow(60_000) / dayLength) * dayLength + dayLength / 2;
  const span = presetSpan('last-month', today, period.clock);
  const report = useCall('usage.report', heaviestInput(cluster.id, span)).data;
  if (!report) return null;
  const [row] = report.rows;
  const whole = trafficOf(report.totals);
  const month = monthName(span.from, period.clock);
  return (
    <p className="oc-caption" style={{ margin: 0 }}>
      <Link to="?period=last-month">Last month, {month}</Link>:{' '}
      {row && whole > 0n ? (
        <>
          {userWords(row.email, row.userId)} used most, <Amount bytes={trafficOf(row)} /> (
          {percentWords(trafficOf(row), whole)});{' '}
          {report.coverage.final ? 'complete' : 'not complete'}.
        </>
      ) : (
        'nothing is collected.'
      )}
    </p>
  );
}

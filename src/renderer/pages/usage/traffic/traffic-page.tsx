import { Skeleton } from '@mantine/core';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { fromWireInteger } from '#shared/units.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { TinyButton } from '../../../kit/components/buttons.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useShortcut } from '../../../kit/shortcuts.ts';
import { useListAddress } from '../../../lists/table/use-list-address.ts';
import { ObjectPanel } from '../gateway/object-detail.tsx';
import { type Span, timeZoneOf } from '../period/period.ts';
import { type PeriodState, usePeriod } from '../period/use-period.ts';
import { LineNote } from '../shared/line-note.tsx';
import classes from '../shared/usage.module.css';
import { UsageFrame } from '../shared/usage-frame.tsx';
import { WithArchive } from '../shared/with-archive.tsx';
import { BreakdownTable } from './breakdown-table.tsx';
import { Headline, heaviestInput } from './headline.tsx';
import { type ScopeState, useScope } from './scope.ts';
import { UsageChart } from './usage-chart.tsx';

const chartHeight = 190;

/** Traffic over time and broken down, to the raw object. */
export function TrafficPage() {
  const period = usePeriod();
  const scope = useScope();
  return (
    <UsageFrame period={period} hasList>
      <WithArchive period={period}>
        {(span) => (
          <>
            <LineOfTraffic period={period} span={span} scope={scope} />
            <Headline period={period} scope={scope} />
            <Body period={period} span={span} scope={scope} />
          </>
        )}
      </WithArchive>
    </UsageFrame>
  );
}

/** The line of a statement that the page explains, where one leads here. */
function LineOfTraffic(props: { period: PeriodState; span: Span; scope: ScopeState }) {
  const { period, span, scope } = props;
  const { line } = period;
  const cluster = useCluster();
  const report = useCall('usage.report', heaviestInput(cluster.id, span, scope.filter, 'bucket'), {
    enabled: line !== null,
  });
  if (line === null || line.item === 'stored') return null;
  const figure = report.data?.totals[line.item];
  return (
    <LineNote
      line={line}
      shown={{ ...span, userId: scope.userId, bucket: scope.bucket }}
      sum={figure === undefined ? undefined : fromWireInteger(figure)}
    />
  );
}

function Body(props: { period: PeriodState; span: Span; scope: ScopeState }) {
  const address = useListAddress([]);
  const mover = useRef<((step: 1 | -1) => void) | null>(null);
  useShortcut('Escape', () => address.setOpen(null), address.open !== null);
  return (
    <div className={classes.body}>
      <div className={classes.columns}>
        <Charts {...props} />
        <section className={classes.table} data-part="list" aria-label="Broken down">
          <BreakdownTable {...props} mover={mover} />
        </section>
      </div>
      {address.open !== null && (
        <ObjectPanel
          name={address.open}
          onMove={(step) => mover.current?.(step)}
          onClose={() => address.setOpen(null)}
        />
      )}
    </div>
  );
}

function Charts(props: { period: PeriodState; span: Span; scope: ScopeState }) {
  const { period, span, scope } = props;
  const cluster = useCluster();
  const navigate = useNavigate();
  const query = useCall(
    'usage.series',
    {
      connectionId: cluster.id,
      from: span.from,
      to: span.to,
      filter: scope.filter,
      ...timeZoneOf(period.clock),
    },
    { keepPrevious: true },
  );
  const series = query.data;
  const zoom = (to: Span) => navigate(scope.toSpan(to, scope.by));
  if (query.error) {
    return (
      <div className={classes.charts} data-part="summary">
        <ErrorPanel compact error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  return (
    <div className={classes.charts} data-part="summary">
      {series ? (
        <>
          <UsageChart
            kind="traffic"
            series={series}
            onZoom={zoom}
            aside={<ZoomAside period={period} />}
          />
          <UsageChart kind="operations" series={series} onZoom={zoom} />
        </>
      ) : (
        <Skeleton height={chartHeight} />
      )}
    </div>
  );
}

function ZoomAside({ period }: { period: PeriodState }) {
  if (period.preset !== 'custom') return 'Drag across to zoom';
  return (
    <TinyButton onClick={() => period.select('collected')}>Show all that is collected</TinyButton>
  );
}

import { SegmentedControl, Skeleton } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { SignalList } from '../../changes/attention/signal-list.tsx';
import type { Connection } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useDelayed } from '../../kit/timers.ts';
import { ClusterTable } from './cluster-table.tsx';
import classes from './morning.module.css';

type Signals = CallOutput<'signals.list'>;
type Shown = 'all' | 'critical' | 'warning' | 'information' | 'snoozed';

const pageRows = 100;
/** As many as one answer holds. */
const mostShown = 1000;

/** All clusters at a glance, and what needs attention on any of them, most urgent first. */
export function MorningPage() {
  const clusters = useCall('signals.clusters', {});
  const slow = useDelayed(clusters.isPending, 150);
  return (
    <>
      <PageBar title="All clusters" count={clusters.data?.length ?? null} />
      <div className="oc-scroll">
        <div className={classes.page}>
          <CallError call={clusters} />
          {clusters.data && <ClusterTable clusters={clusters.data} />}
          {clusters.isPending && (
            <div aria-busy="true" className={classes.waiting}>
              {slow && ['a', 'b', 'c'].map((key) => <Skeleton key={key} height={32} />)}
            </div>
          )}
          <Attention />
        </div>
      </div>
    </>
  );
}

function inputOf(shown: Shown) {
  if (shown === 'all') return {};
  return shown === 'snoozed' ? { snoozed: true } : { severity: shown };
}

function Attention() {
  const [shown, setShown] = useState<Shown>('all');
  const [limit, setLimit] = useState(pageRows);
  const connections = useCall('connections.list', {}).data ?? [];
  const all = useCall('signals.list', { limit: 1 }, { keepPrevious: true }).data;
  const query = useCall('signals.list', { filter: inputOf(shown), limit }, { keepPrevious: true });
  return (
    <section aria-label="Signals" className={classes.section}>
      <div className={classes.headingRow}>
        <h2 className="oc-heading">Signals</h2>
        {all && (
          <SegmentedControl
            size="xs"
            aria-label="Which signals"
            value={shown}
            onChange={(value) => {
              setShown(value as Shown);
              setLimit(pageRows);
            }}
            data={[
              { value: 'all', label: `All ${all.total}` },
              { value: 'critical', label: `Critical ${all.counts.critical}` },
              { value: 'warning', label: `Warnings ${all.counts.warning}` },
              { value: 'information', label: `Notes ${all.counts.information}` },
              { value: 'snoozed', label: `Snoozed ${all.snoozed}` },
            ]}
          />
        )}
      </div>
      <CallError call={query} />
      {query.data && (
        <SignalsShown
          signals={query.data}
          shown={shown}
          connections={connections}
          onMore={() => setLimit(mostShown)}
        />
      )}
    </section>
  );
}

function SignalsShown(props: {
  signals: Signals;
  shown: Shown;
  connections: readonly Connection[];
  onMore(): void;
}) {
  const { signals, shown, connections } = props;
  const { rows, total, incomplete } = signals;
  return (
    <>
      {rows.length === 0 && (
        <EmptyState
          icon={IconCircleCheck}
          title={shown === 'snoozed' ? 'No signal is snoozed' : 'Nothing needs attention'}
        >
          {shown === 'all' || shown === 'snoozed'
            ? 'As far as the stored data of your clusters shows.'
            : 'No signal of this severity. Select All to see the others.'}
        </EmptyState>
      )}
      <SignalList rows={rows} connections={connections} label="Signals of all clusters" />
      {total > rows.length && rows.length >= mostShown && (
        <p className="oc-hint">
          The first {formatCount(rows.length)} of {formatCounted(total, 'signal')}, the worst first.
          A severity shows its own.
        </p>
      )}
      {total > rows.length && rows.length < mostShown && (
        <button type="button" className={classes.more} onClick={props.onMore}>
          Show more of {formatCounted(total, 'signal')}
        </button>
      )}
      {incomplete.length > 0 && (
        <div className={classes.incomplete} role="note">
          {incomplete.map(({ connectionId, connectionName, reason }) => (
            <div key={`${connectionId} ${reason}`}>
              {connectionName}: {reason}
            </div>
          ))}
        </div>
      )}
    </>
  );
}

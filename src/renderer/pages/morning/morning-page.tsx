import { Button, Skeleton } from '@mantine/core';
import { IconCircleCheck, IconPlugConnected, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { SignalList, signalsAskAgainAfter } from '../../changes/attention/signal-list.tsx';
import { newConnectionPath } from '../../kit/addresses.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useDelayed } from '../../kit/timers.ts';
import { useRefreshAll } from '../../kit/use-sync.ts';
import { ClusterTable } from './cluster-table.tsx';
import classes from './morning.module.css';
import { type MorningFilter, SignalFilters, useMorningFilter } from './signal-filters.tsx';

type Signals = CallOutput<'signals.list'>;

const pageRows = 100;
/** As many as one answer holds. */
const mostShown = 1000;
const fresh = { keepPrevious: true, askAgainAfter: signalsAskAgainAfter };

/** All clusters at a glance, and what needs attention on any of them, most urgent first. */
export function MorningPage() {
  const clusters = useCall('signals.clusters', {}, { askAgainAfter: signalsAskAgainAfter });
  const connections = useCall('connections.list', {}).data ?? [];
  const refreshAll = useRefreshAll();
  const slow = useDelayed(clusters.isPending, 150);
  const none = clusters.data?.length === 0;
  return (
    <>
      <PageBar
        title="All clusters"
        count={clusters.data?.length ?? null}
        primaryAction={
          <SmallButton
            leftSection={<IconRefresh size={14} />}
            disabled={!connections.some(({ hasCredential }) => hasCredential)}
            onClick={() => refreshAll(connections)}
          >
            Refresh all
          </SmallButton>
        }
      />
      <div className="oc-scroll">
        <div className={classes.page}>
          <CallError call={clusters} />
          {none && <NoClusters />}
          {clusters.data && !none && <ClusterTable clusters={clusters.data} />}
          {clusters.isPending && (
            <div aria-busy="true" className={classes.waiting}>
              {slow && ['a', 'b', 'c'].map((key) => <Skeleton key={key} height={32} />)}
            </div>
          )}
          {!none && (
            <Attention
              connections={connections}
              unread={clusters.data?.every(({ asOf }) => asOf === null) ?? false}
            />
          )}
        </div>
      </div>
    </>
  );
}

function NoClusters() {
  return (
    <EmptyState
      icon={IconPlugConnected}
      title="No cluster yet"
      action={
        <Button component={Link} to={newConnectionPath}>
          Add a cluster
        </Button>
      }
    >
      This page compares your clusters, and lists what needs attention on any of them.
    </EmptyState>
  );
}

/** @param props.unread no cluster was read yet: nothing can be said of any */
function Attention(props: { connections: readonly Connection[]; unread: boolean }) {
  const { connections, unread } = props;
  const filter = useMorningFilter();
  const [limit, setLimit] = useState(pageRows);
  const { shown, of, narrowed } = filter;
  const all = useCall('signals.list', { ...of, limit: 1 }, fresh).data;
  const input = { ...of, filter: { ...of.filter, ...inputOf(shown) }, limit };
  const query = useCall('signals.list', input, fresh);
  return (
    <section aria-label="Signals" className={classes.section}>
      <div className={classes.headingRow}>
        <h2 className="oc-heading">Signals</h2>
        {all && (
          <SignalFilters
            filter={filter}
            all={all}
            connections={connections}
            onChange={() => setLimit(pageRows)}
          />
        )}
        {all?.asOf && (
          <span className="oc-caption">
            As of <Time value={all.asOf} as="age" />
          </span>
        )}
      </div>
      <CallError call={query} />
      {query.data && (
        <SignalsShown
          signals={query.data}
          shown={shown}
          narrowed={narrowed}
          unread={unread}
          connections={connections}
          onMore={() => setLimit(mostShown)}
        />
      )}
    </section>
  );
}

function inputOf(shown: MorningFilter['shown']) {
  if (shown === 'all') return {};
  return shown === 'snoozed' ? { snoozed: true } : { severity: shown };
}

function SignalsShown(props: {
  signals: Signals;
  shown: MorningFilter['shown'];
  narrowed: boolean;
  unread: boolean;
  connections: readonly Connection[];
  onMore(): void;
}) {
  const { signals, shown, narrowed, unread, connections } = props;
  const { rows, total, incomplete } = signals;
  return (
    <>
      {rows.length === 0 && unread && !narrowed && (
        <EmptyState icon={IconRefresh} title="No signals yet">
          Signals are computed from what was read. Refresh all to read your clusters.
        </EmptyState>
      )}
      {rows.length === 0 && (!unread || narrowed) && (
        <EmptyState
          icon={IconCircleCheck}
          title={
            narrowed
              ? 'No results'
              : shown === 'snoozed'
                ? 'No signal is snoozed'
                : incomplete.length > 0
                  ? 'Nothing needs attention in what was read'
                  : 'Nothing needs attention'
          }
        >
          {narrowed
            ? 'No signal matches. Clear the filters to see the others.'
            : shown === 'all' || shown === 'snoozed'
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
      {connections.map((connection) => (
        <Unread key={connection.id} connection={connection} />
      ))}
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

/** Says of how many users of a cluster nothing can be said, since their values were not read. */
function Unread({ connection: { id, name } }: { connection: Connection }) {
  const inventory = useCall('inventory.status', { connectionId: id }).data;
  const unread = inventory ? inventory.users - inventory.usersKnown : 0;
  if (unread === 0) return null;
  return (
    <p className="oc-hint">
      {name}: keys, limits and quotas of {formatCounted(unread, 'user')} are not loaded yet: signals
      about these are missing.
    </p>
  );
}

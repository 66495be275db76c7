import { Button } from '@mantine/core';
import { IconCloudDownload, IconFilterOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useSync } from '../../kit/use-sync.ts';
import type { ListAddressState } from '../table/use-list-address.ts';
import type { PagedRows } from '../table/use-paged-rows.ts';
import { excludingWords } from './excluded-notice.tsx';
import type { ListFilter } from './filters.ts';

/**
 * The table, or what is shown in its place: failed, never read, nothing there, nothing matches. While
 * data is available the table stays.
 */
export function ListInstead<Row>(props: {
  rows: PagedRows<Row>;
  address: ListAddressState;
  filters: readonly ListFilter[];
  noun: string;
  empty: ReactNode;
  /** The console's own record: it needs no reading of the cluster. */
  own?: boolean;
  children: ReactNode;
}) {
  const { rows, address } = props;
  const cluster = useCluster();
  const { status } = useSync(cluster.id);
  if (rows.total === null && rows.error && rows.error.code !== 'SNAPSHOT_MISSING') {
    return (
      <div className="oc-state">
        <ErrorPanel error={rows.error} onRetry={rows.retry} />
      </div>
    );
  }
  if (rows.total !== null ? rows.total > 0 : !rows.error) return props.children;
  if (address.search !== '' || Object.keys(address.filters).length > 0) {
    return (
      <div className="oc-state">
        <NothingMatches {...props} />
      </div>
    );
  }
  if (!props.own && status?.asOf === null)
    return <NeverRead soon="Users and buckets appear here as soon as both lists are complete." />;
  return <div className="oc-state">{props.empty}</div>;
}

/**
 * Shown where nothing of the cluster was ever read: reading now, failed, or not asked yet.
 * @param props.soon what appears once it is read
 * @param props.children said below a failure
 */
export function NeverRead(props: { soon: string; children?: ReactNode }) {
  const cluster = useCluster();
  const { status, refreshing, refresh } = useSync(cluster.id);
  return (
    <div className="oc-state">
      {status?.error && !refreshing ? (
        <ErrorPanel
          title={`${cluster.name} has not been read yet`}
          error={status.error}
          onRetry={refresh}
        >
          {props.children}
        </ErrorPanel>
      ) : (
        <EmptyState
          icon={IconCloudDownload}
          title={refreshing ? 'Reading the cluster' : 'Nothing read yet'}
          action={refreshing ? null : <Button onClick={refresh}>Refresh now</Button>}
        >
          {refreshing
            ? props.soon
            : 'Users and buckets of this cluster have not been read from the gateway.'}
        </EmptyState>
      )}
    </div>
  );
}

function NothingMatches(props: {
  address: ListAddressState;
  filters: readonly ListFilter[];
  noun: string;
}) {
  const { address, filters, noun } = props;
  const excluding = excludingWords(address, filters);
  return (
    <EmptyState
      icon={IconFilterOff}
      title={`No ${noun} matches`}
      action={
        <SecondaryButton onClick={address.clear}>
          {excluding.length > 1 ? 'Clear search and filters' : 'Clear'}
        </SecondaryButton>
      }
    >
      Excluded by {excluding.join(' and ')}.
    </EmptyState>
  );
}

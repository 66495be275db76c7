import { Button } from '@mantine/core';
import { IconCloudDownload, IconKeyOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { connectionPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useSync } from '../../kit/use-sync.ts';
import classes from './overview.module.css';

/** Stands where nothing of the cluster was ever read: reading now, failed, no secret, or not asked yet. */
export function NeverRead() {
  const cluster = useCluster();
  const { status, refreshing, refresh } = useSync(cluster.id);
  if (!cluster.hasCredential) {
    return (
      <EmptyState
        icon={IconKeyOff}
        title="The secret key is missing"
        action={
          <Button component={Link} to={connectionPath(cluster.id)}>
            Enter the secret key
          </Button>
        }
      >
        Without it the gateway can’t be asked. It is kept in the keychain, or for this session only.
      </EmptyState>
    );
  }
  if (status?.error && !refreshing) {
    return (
      <div className={classes.state}>
        <ErrorPanel
          title={`${cluster.name} has not been read yet`}
          error={status.error}
          onRetry={refresh}
        >
          <Link to={connectionPath(cluster.id)}>Check the connection</Link>
        </ErrorPanel>
      </div>
    );
  }
  return (
    <EmptyState
      icon={IconCloudDownload}
      title={refreshing ? 'Reading the cluster' : 'Nothing read yet'}
      action={refreshing ? null : <Button onClick={refresh}>Refresh now</Button>}
    >
      {refreshing
        ? 'Figures appear here as soon as users and buckets are complete.'
        : 'Users and buckets of this cluster have not been read from the gateway.'}
    </EmptyState>
  );
}

import { Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { connectionPath } from './addresses.ts';
import type { Connection } from './cluster-context.tsx';
import classes from './frame.module.css';
import { useSync } from './use-sync.ts';

/** Says on every page of a cluster that its gateway can't be reached, why, and what to do. */
export function OfflineBanner({ cluster }: { cluster: Connection }) {
  const { status, refreshing, refresh } = useSync(cluster.id);
  // Before the first reading the page itself says what failed, at length.
  if (status?.state !== 'offline' || status.asOf === null || !status.error) return null;
  const noSecret = status.error.code === 'CREDENTIAL_MISSING';
  return (
    <div className={classes.banner} data-severity="error" role="status">
      <IconCloudOff size={16} aria-hidden />
      <span>
        <b>
          {noSecret ? 'The gateway can’t be asked' : 'The gateway can’t be reached'}; this is what
          was last seen.
        </b>{' '}
        {status.error.message} {status.error.hint}
      </span>
      <span className={classes.space} />
      <Button
        component={Link}
        to={connectionPath(cluster.id)}
        size="compact-sm"
        variant="subtle"
        color="gray"
        className={classes.bannerButton ?? ''}
      >
        {noSecret ? 'Enter the secret key' : 'Connection'}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        className={classes.bannerButton ?? ''}
        disabled={refreshing}
        onClick={refresh}
      >
        Try again
      </Button>
    </div>
  );
}

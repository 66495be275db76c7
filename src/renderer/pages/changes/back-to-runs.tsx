import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from 'react-router';
import { changesPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';

/** The way back to the list of runs. */
export function BackToRuns() {
  const cluster = useCluster();
  return (
    <Button
      component={Link}
      to={changesPath(cluster.id)}
      variant="subtle"
      color="gray"
      size="compact-sm"
      leftSection={<IconArrowLeft size={14} />}
    >
      Bulk changes
    </Button>
  );
}

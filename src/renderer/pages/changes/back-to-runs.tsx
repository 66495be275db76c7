import { changesPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { BackLink } from '../../kit/components/back-link.tsx';

/** The way back to the list of runs. */
export function BackToRuns() {
  const cluster = useCluster();
  return <BackLink to={changesPath(cluster.id)}>Bulk changes</BackLink>;
}

import type { Connection } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { ArchiveOfCluster } from './archive-of-cluster.tsx';

/** The archives of all connections, for the Settings page: where, how large, whether sound, their backups. */
export function ArchivesSection() {
  const query = useCall('connections.list', {});
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const connections: readonly Connection[] = query.data ?? [];
  if (query.data && connections.length === 0) {
    return <p className="oc-dimmed">Each cluster gets its own archive when it is added.</p>;
  }
  return connections.map((connection) => (
    <ArchiveOfCluster key={connection.id} connection={connection} />
  ));
}

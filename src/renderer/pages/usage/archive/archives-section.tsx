import { useCall } from '../../../api/use-call.ts';
import type { Connection } from '../../../app/cluster-context.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { ArchiveOfCluster } from './archive-of-cluster.tsx';

/** The archives of all connections, for the Settings page: where, how large, whether sound, their backups. */
export function ArchivesSection() {
  const query = useCall('connections.list', {});
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const connections: readonly Connection[] = query.data ?? [];
  if (query.data && connections.length === 0) {
    return <p className="oc-dimmed">Each cluster gets an archive of its own when it is added.</p>;
  }
  return connections.map((connection) => (
    <ArchiveOfCluster key={connection.id} connection={connection} />
  ));
}

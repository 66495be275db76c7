import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useSync } from '../../../kit/use-sync.ts';

/** Work that core does for long, as the interface sees it. */
export type Task = CallOutput<'tasks.list'>[number];

/** What of collections is under way on this cluster. */
export interface Collecting {
  /** The collection that runs or is paused. */
  task: Task | null;
  /** The last one that ended in this session. */
  last: Task | null;
  /** Why nothing can be fetched now; null where it can. */
  unreachable: string | null;
}

/** Follows the collections of the cluster on screen. */
export function useCollecting(): Collecting {
  const cluster = useCluster();
  const { status } = useSync(cluster.id);
  const tasks = (useCall('tasks.list', {}).data ?? []).filter(
    ({ kind, connectionId }) => kind === 'usage.collect' && connectionId === cluster.id,
  );
  const ended = tasks
    .filter(({ endedAt }) => endedAt !== null)
    .sort((one, other) => ((one.endedAt ?? '') < (other.endedAt ?? '') ? 1 : -1));
  return {
    task: tasks.find(({ endedAt }) => endedAt === null) ?? null,
    last: ended[0] ?? null,
    unreachable: reasonAgainst(cluster.hasCredential, status),
  };
}

function reasonAgainst(
  hasCredential: boolean,
  status: CallOutput<'sync.status'> | undefined,
): string | null {
  if (!hasCredential) {
    return 'No secret key is stored for this connection. Enter it on the Connections page.';
  }
  if (status?.state !== 'offline') return null;
  return `The gateway can't be reached, so nothing can be collected. ${status.error?.message ?? ''}`.trim();
}

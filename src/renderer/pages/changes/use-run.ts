import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';

const renewEvery = 1000;
const ofRuns: ReadonlySet<unknown> = new Set(['bulk.get', 'bulk.rows']);

/** One bulk run with its task; while it is at work it is read again every second. */
export function useRun(runId: string) {
  const { id: connectionId } = useCluster();
  const client = useQueryClient();
  const query = useCall('bulk.get', { connectionId, runId });
  const tasks = useCall('tasks.list', {}).data ?? [];
  const task = tasks.find(({ kind, about }) => kind === 'bulk.apply' && about === runId) ?? null;
  const recheck =
    tasks.find(({ kind, about }) => kind === 'bulk.recheck' && about === runId) ?? null;
  const rechecking = recheck !== null && recheck.endedAt === null;
  const atWork = task !== null && task.endedAt === null;
  useEffect(() => {
    const renew = () =>
      void client.invalidateQueries({
        queryKey: [connectionId],
        predicate: ({ queryKey }) => ofRuns.has(queryKey[1]),
      });
    // Also once when it has just begun or ended.
    renew();
    if (!atWork && !rechecking) return;
    const timer = setInterval(renew, renewEvery);
    return () => clearInterval(timer);
  }, [client, connectionId, atWork, rechecking]);
  return { query, task, atWork, recheck, rechecking };
}

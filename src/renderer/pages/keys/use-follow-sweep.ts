import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useCall } from '../../api/use-call.ts';
import { useCluster } from '../../app/cluster-context.tsx';

const every = 3000;

/** Reads the list again now and then while a sweep of this cluster fills it, and once it ended. */
export function useFollowSweep(): void {
  const { id: connectionId } = useCluster();
  const client = useQueryClient();
  const tasks = useCall('tasks.list', {}).data ?? [];
  const running = tasks.some(
    (task) =>
      task.kind === 'sweep.start' && task.connectionId === connectionId && task.endedAt === null,
  );
  useEffect(() => {
    if (!running) return;
    const read = () => {
      for (const name of ['keys.list', 'sweep.status']) {
        void client.invalidateQueries({ queryKey: [connectionId, name] });
      }
    };
    const timer = setInterval(read, every);
    return () => {
      clearInterval(timer);
      read();
    };
  }, [running, client, connectionId]);
}

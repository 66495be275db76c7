import type { CallOutput, HandlersOf } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { Sweeps } from '../clusters/inventory/inventories.ts';
import { runSweep } from '../clusters/inventory/run-inventory.ts';
import type { EventBus } from '../platform/events.ts';
import type { TaskRegistry } from '../platform/tasks/task-registry.ts';

/** What the sweep's handlers need. */
export interface SweepHandlersOptions {
  clusters: Clusters;
  tasks: TaskRegistry;
  events: EventBus;
  sweeps: Sweeps;
}

/** How far the sweep of a connection is. */
export async function sweepStatusOf(
  sweeps: Sweeps,
  connectionId: string,
): Promise<CallOutput<'sweep.status'>> {
  const store = await sweeps.store(connectionId);
  const facts = await store.ask('facts');
  return { ...facts, taskId: sweeps.taskOf(connectionId) };
}

/** Handlers of `sweep.*`. */
export function sweepHandlers(options: SweepHandlersOptions): HandlersOf<'sweep'> {
  const { clusters, tasks, events, sweeps } = options;
  return {
    'sweep.status': ({ connectionId }) => sweepStatusOf(sweeps, connectionId),
    'sweep.start': async ({ connectionId, parts, buckets, requestsPerSecond, restart }) => {
      const running = sweeps.taskOf(connectionId);
      if (running !== null) {
        if (!restart) return { taskId: running };
        throw new AppError({
          code: 'TASK_BUSY',
          message: 'A sweep of this cluster is running.',
          hint: 'Cancel it first, then start over.',
          details: { taskId: running },
        });
      }
      const cluster = await clusters.get(connectionId);
      const [gateway, store] = await Promise.all([cluster.gateway(), sweeps.store(connectionId)]);
      const { taskId, finished } = tasks.start({
        kind: 'sweep.start',
        title: 'Read keys, limits and quotas of every user',
        connectionId,
        canPause: true,
        run: (controls) =>
          runSweep({
            gateway,
            store,
            controls,
            requestsPerSecond,
            concurrency: cluster.connection.maxConnections,
            onSaved: () => events.emit('data.changed', { connectionId, topics: ['sweep'] }),
            round: {
              keys: parts.includes('keys'),
              limits: parts.includes('limits'),
              quotas: parts.includes('quotas'),
              buckets,
              restart,
            },
          }),
      });
      sweeps.note(connectionId, taskId);
      const ended = (): void => {
        sweeps.note(connectionId, null);
        events.emit('data.changed', {
          connectionId,
          topics: ['keys', 'limits', 'quotas', 'sweep'],
        });
      };
      finished.then(ended, ended);
      return { taskId };
    },
  };
}

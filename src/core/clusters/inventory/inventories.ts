import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { EventBus } from '../../platform/events.ts';
import type { TaskRegistry } from '../../platform/tasks/task-registry.ts';
import type { Clusters } from '../clusters.ts';
import { runInventory } from './run-inventory.ts';

const kind = 'inventory.start';

/** Reads keys, limits and quotas of whole clusters, one run a cluster at a time. */
export class Inventories {
  readonly #clusters: Clusters;
  readonly #tasks: TaskRegistry;
  readonly #events: EventBus;

  constructor({
    clusters,
    tasks,
    events,
  }: {
    clusters: Clusters;
    tasks: TaskRegistry;
    events: EventBus;
  }) {
    this.#clusters = clusters;
    this.#tasks = tasks;
    this.#events = events;
  }

  /** Returns how much of a cluster is known, how old it is, and the task of a run. */
  async status(connectionId: string): Promise<CallOutput<'inventory.status'>> {
    const cluster = await this.#clusters.get(connectionId);
    const facts = await (await cluster.snapshot()).ask('inventory');
    return { ...facts, taskId: this.#tasks.running(connectionId, kind)?.taskId ?? null };
  }

  /**
   * Starts a run, or joins the one under way.
   * @throws AppError `TASK_BUSY` where one that is under way was to be started over
   */
  async start({
    connectionId,
    parts,
    buckets,
    requestsPerSecond,
    restart,
  }: ParsedInput<'inventory.start'>): Promise<CallOutput<'inventory.start'>> {
    const cluster = await this.#clusters.get(connectionId);
    const [gateway, snapshot] = await Promise.all([cluster.gateway(), cluster.snapshot()]);
    const running = this.#tasks.running(connectionId, kind);
    if (running && restart) throw underWay(running.taskId);
    if (running) return { taskId: running.taskId };
    const tell = (topics: ('keys' | 'limits' | 'quotas' | 'inventory')[]): void =>
      this.#events.emit('data.changed', { connectionId, topics });
    const { taskId, finished } = this.#tasks.start({
      kind,
      title: 'Read keys, limits and quotas of every user',
      connectionId,
      canPause: true,
      run: (controls) =>
        runInventory({
          gateway,
          snapshot,
          controls,
          requestsPerSecond,
          concurrency: cluster.connection.maxConnections,
          onSaved: () => tell(['inventory']),
          round: {
            keys: parts.includes('keys'),
            limits: parts.includes('limits'),
            quotas: parts.includes('quotas'),
            buckets,
            restart,
          },
        }),
    });
    const ended = (): void => tell(['keys', 'limits', 'quotas', 'inventory']);
    finished.then(ended, ended);
    return { taskId };
  }
}

function underWay(taskId: string): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: 'Keys and limits of this cluster are being loaded.',
    hint: 'Cancel that first, then start over.',
    details: { taskId },
  });
}

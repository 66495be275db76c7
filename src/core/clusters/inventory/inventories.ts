import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import { asOffline } from '../../gateway/outcome.ts';
import type { EventBus } from '../../platform/events.ts';
import type { TaskRegistry } from '../../platform/tasks/task-registry.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import type { TargetValue } from '../../store/snapshot/writes/save-values.ts';
import type { Clusters } from '../clusters.ts';
import { runInventory } from './run-inventory.ts';

interface DatedValue<Value> {
  value: Value;
  asOf: string;
  source: 'gateway' | 'snapshot';
}

const answeredForGood = new Set(['NOT_FOUND', 'ACCESS_DENIED', 'INPUT_INVALID', 'CANCELLED']);

interface ValueReading<Value> {
  /** Asks the gateway: the value, and what of it is kept. */
  read(gateway: Gateway): Promise<{ value: Value; kept: TargetValue }>;
  last(snapshot: Snapshot): Promise<(Value & { asOf: string }) | null>;
}

/**
 * Reads a value from the gateway and keeps it; where the gateway can't be reached, yields what was
 * last kept.
 * @throws AppError of the gateway where it said no, or where nothing was ever kept
 */
export async function readOrCached<Value>(
  { clusters, events }: { clusters: Clusters; events: EventBus },
  connectionId: string,
  { read, last }: ValueReading<Value>,
): Promise<DatedValue<Value>> {
  const cluster = await clusters.get(connectionId);
  const snapshot = await cluster.snapshot();
  let error: AppError;
  try {
    const { value, kept } = await read(await cluster.gateway());
    await snapshot.change('save', [kept]);
    events.emit('data.changed', { connectionId, topics: ['inventory'] });
    return { value, asOf: new Date().toISOString(), source: 'gateway' };
  } catch (thrown) {
    error = toAppError(thrown);
  }
  if (answeredForGood.has(error.code)) throw error;
  const cached = await last(snapshot);
  if (!cached) throw asOffline(error, 'this cannot be read, and it was never seen before');
  return { value: cached, asOf: cached.asOf, source: 'snapshot' };
}

const kind = 'inventory.start';

const listed = new Intl.ListFormat('en-GB');

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
      title: `Read ${listed.format(parts)}`,
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

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archives } from '#core/archive/archives.ts';
import type { SavedConnection } from '#core/clusters.ts';
import { createDispatch } from '#core/dispatch.ts';
import { EventBus } from '#core/events.ts';
import { createGateway } from '#core/gateway/create-gateway.ts';
import { Journal } from '#core/journal/journal.ts';
import { manageHandlers } from '#core/operations/manage-handlers.ts';
import { openSnapshot } from '#core/snapshot/open-snapshot.ts';
import { Sweeps } from '#core/sweep/sweeps.ts';
import { TaskRegistry } from '#core/tasks/task-registry.ts';
import type { CallInput, CallName, CallOutput, CallReply } from '#shared/contract/index.ts';
import { AppError, type AppErrorData } from '#shared/errors.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '#simulator/index.ts';
import { labConnection, OneCluster } from '#test/fakes/one-cluster.ts';

/** Core's operations against a simulator on a socket, with snapshot and archive on a real disk. */
export interface OperationsBench {
  simulator: Simulator;
  clusters: OneCluster;
  archives: Archives;
  tasks: TaskRegistry;
  events: EventBus;
  directory: string;
  /** Calls as a shell does; throws the error as an `AppError`. */
  call<Name extends CallName>(
    name: Name,
    input: Omit<CallInput<Name>, 'connectionId'>,
  ): Promise<CallOutput<Name>>;
  /** The same for a call whose input only the dispatcher checks. */
  reply(name: CallName, input: object): Promise<CallReply>;
  /** The error a call ends with. */
  failure<Name extends CallName>(
    name: Name,
    input: Omit<CallInput<Name>, 'connectionId'>,
  ): Promise<AppErrorData>;
  change(connection: Partial<SavedConnection>): void;
  /** Fetches users and buckets into the snapshot. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Starts simulator and core. */
export async function openOperationsBench(
  options: SimulatorOptions = {},
  { maxConnections = 8, timeout = 20_000 }: { maxConnections?: number; timeout?: number } = {},
): Promise<OperationsBench> {
  const simulator = await startSimulator({ users: 12, buckets: 20, quotas: true, ...options });
  const directory = await mkdtemp(join(tmpdir(), 'ostor-operations-'));
  const snapshot = await openSnapshot(directory);
  const gateway = createGateway({
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    signature: 'v2',
    proxy: null,
    maxConnections,
    timeouts: { headers: timeout, body: timeout },
    retry: { attempts: 2, attemptsOnTimeout: 1, firstPause: 5, longestPause: 5 },
  });
  const { url: endpoint, accessKeyId } = simulator;
  const connection = labConnection({ endpoint, accessKeyId, maxConnections });
  const clusters = new OneCluster({ connection, directory, snapshot, gateway });
  const archives = new Archives(clusters);
  const events = new EventBus();
  const tasks = new TaskRegistry(events);
  const journal = new Journal((id) => archives.get(id));
  const sweeps = new Sweeps(clusters);
  const handlers = manageHandlers({
    clusters,
    archives,
    tasks,
    events,
    journal,
    sweeps,
    delays: [0, 20, 60],
  });
  const dispatch = createDispatch({
    handlers: handlers as unknown as Parameters<typeof createDispatch>[0]['handlers'],
    checkOutputs: true,
    onError: (name, { code, cause }) => {
      if (code !== 'INTERNAL') return;
      process.stderr.write(`${name}: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
    },
  });
  const ask = (name: CallName, input: object) =>
    dispatch(name, { ...input, connectionId: 'lab' }, { signal: new AbortController().signal });
  const refresh = async (): Promise<void> => {
    const [users, buckets] = await Promise.all([gateway.streamUsers(), gateway.streamBuckets()]);
    await snapshot.refresh({ users: users.chunks, buckets: buckets.chunks });
  };
  await refresh();
  return {
    simulator,
    clusters,
    archives,
    tasks,
    events,
    directory,
    async call(name, input) {
      const reply = await ask(name, input);
      if (!reply.ok) throw AppError.fromData(reply.error);
      return reply.value as never;
    },
    reply: ask,
    async failure(name, input) {
      const reply = await ask(name, input);
      if (reply.ok) throw new Error(`${name} was expected to fail.`);
      return reply.error;
    },
    change: (changed) => {
      clusters.connection = { ...clusters.connection, ...changed };
    },
    refresh,
    async close() {
      await tasks.close();
      await archives.close();
      await sweeps.close();
      await snapshot.close();
      await gateway.close();
      await simulator.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

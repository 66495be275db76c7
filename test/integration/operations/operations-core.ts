import { setTimeout as sleep } from 'node:timers/promises';
import type { Archives } from '#core/clusters/archives.ts';
import type { SavedConnection } from '#core/clusters/clusters.ts';
import { assertWritable } from '#core/clusters/locks/guard.ts';
import { clusterHandlers, openClusterParts } from '#core/create-core.ts';
import { createGateway } from '#core/gateway/create-gateway.ts';
import { type AllHandlers, createDispatch } from '#core/platform/dispatch.ts';
import { EventBus } from '#core/platform/events.ts';
import { TaskRegistry } from '#core/platform/tasks/task-registry.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { CallInput, CallName, CallOutput, CallReply } from '#shared/contract/index.ts';
import { AppError, type AppErrorData } from '#shared/errors.ts';
import { labConnection, OneCluster } from '#test/fakes/one-cluster.ts';

/** Core's operations on one directory and one gateway, as the composition root puts them together. */
export interface OperationsCore {
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
  /** Waits until a task has ended. */
  ended(taskId: string): Promise<ReturnType<TaskRegistry['get']>>;
  close(): Promise<void>;
}

/** Where the gateway is, and how patient the client is with it. */
export interface OperationsPeer {
  url: string;
  accessKeyId: string;
  secretKey: string;
  directory: string;
  maxConnections?: number;
  /** Milliseconds for the head and the body of an answer. */
  timeout?: number;
}

/** Opens core's operations on a gateway that runs already. */
export async function openOperationsCore(peer: OperationsPeer): Promise<OperationsCore> {
  const { url: endpoint, accessKeyId, secretKey, directory } = peer;
  const { maxConnections = 8, timeout = 20_000 } = peer;
  const snapshot = await openSnapshot(directory);
  const gateway = createGateway({
    endpoint,
    accessKeyId,
    secretKey,
    signature: 'v2',
    proxy: null,
    maxConnections,
    directory: { find: (userId) => snapshot.ask('nameOf', userId) },
    assertWritable: () => assertWritable(clusters.connection),
    timeouts: { headers: timeout, body: timeout },
    retry: { attempts: 2, attemptsOnTimeout: 1, firstPause: 5, longestPause: 5 },
  });
  const connection = labConnection({ endpoint, accessKeyId, maxConnections });
  const clusters = new OneCluster({ connection, directory, snapshot, gateway });
  const events = new EventBus();
  const tasks = new TaskRegistry(events);
  const parts = openClusterParts({ clusters, tasks, events, delays: [0, 20, 60] });
  const { archives } = parts;
  const dispatch = createDispatch({
    handlers: clusterHandlers(parts) as AllHandlers,
    checkOutputs: true,
    onError: (name, { code, cause }) => {
      if (code !== 'INTERNAL') return;
      process.stderr.write(`${name}: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
    },
  });
  const reply = (name: CallName, input: object) =>
    dispatch(name, { ...input, connectionId: 'lab' }, { signal: new AbortController().signal });
  return {
    clusters,
    archives,
    tasks,
    events,
    directory,
    reply,
    async call(name, input) {
      const answer = await reply(name, input);
      if (!answer.ok) throw AppError.fromData(answer.error);
      return answer.value as never;
    },
    async failure(name, input) {
      const answer = await reply(name, input);
      if (answer.ok) throw new Error(`${name} was expected to fail.`);
      return answer.error;
    },
    change: (changed) => {
      clusters.connection = { ...clusters.connection, ...changed };
    },
    async refresh() {
      const [users, buckets] = await Promise.all([gateway.streamUsers(), gateway.streamBuckets()]);
      await snapshot.refresh({ users: users.chunks, buckets: buckets.chunks });
    },
    async ended(taskId) {
      for (;;) {
        const task = tasks.get(taskId);
        if (task.endedAt !== null) return task;
        await sleep(5);
      }
    },
    async close() {
      await tasks.close();
      await archives.close();
      await snapshot.close();
      await gateway.close();
    },
  };
}

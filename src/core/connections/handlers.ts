import type { HandlersOf } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { NoticeBoard } from '../app/notice-board.ts';
import type { SavedConnection } from '../clusters.ts';
import type { EventBus } from '../events.ts';
import type { GatewayOptions } from '../gateway/create-gateway.ts';
import type { JournalIntent } from '../operations/journal-port.ts';
import type { ProductionLocks } from '../operations/production-locks.ts';
import type { TaskRegistry } from '../tasks/task-registry.ts';
import type { ConnectionStore } from './connection-store.ts';
import { type ConnectionViews, connectionNotFound } from './connection-views.ts';
import type { Credentials } from './credentials.ts';
import { type DemoHost, demoConnectionId } from './demo-host.ts';
import { lockEntry } from './lock-entries.ts';
import type { OpenClusters } from './open-clusters.ts';
import { clearConnectionFiles } from './remove-connection.ts';
import { saveConnection } from './save-connection.ts';
import { testConnection } from './test-connection.ts';

/** What the handlers of `connections.*` need. */
export interface ConnectionsHandlersOptions {
  dataDir: string;
  store: ConnectionStore;
  views: ConnectionViews;
  /** What a client of the connection's gateway is made of. */
  settings(connection: SavedConnection): Promise<GatewayOptions>;
  credentials: Credentials;
  locks: ProductionLocks;
  clusters: OpenClusters;
  demo: DemoHost;
  notices: NoticeBoard;
  tasks: TaskRegistry;
  events: EventBus;
  /** Puts on record who unlocked or locked a production cluster. */
  record(entry: JournalIntent): Promise<void>;
}

/** Handlers of `connections.*`. */
export function connectionsHandlers(
  options: ConnectionsHandlersOptions,
): HandlersOf<'connections'> {
  const {
    dataDir,
    store,
    views,
    settings,
    credentials,
    locks,
    clusters,
    demo,
    notices,
    tasks,
    events,
    record,
  } = options;
  const endWork = async (connectionId: string): Promise<void> => {
    for (const { taskId } of tasks.list(connectionId)) tasks.cancel(taskId);
    await clusters.release(connectionId);
  };
  const changed = (): void => events.emit('connections.changed', {});
  const journalled = async (connection: SavedConnection, until?: string): Promise<void> => {
    if (connection.environment !== 'production') return;
    await record(lockEntry(connection, until));
    events.emit('data.changed', { connectionId: connection.id, topics: ['journal'] });
  };
  return {
    'connections.list': () => views.list(),
    'connections.save': async (input) => {
      refuseDemo(input.id);
      const id = await saveConnection(store, credentials, input);
      await clusters.closeGateway(id);
      await endWork(demoConnectionId);
      await demo.stop();
      changed();
      return views.get(id);
    },
    'connections.test': async ({ id }, { signal }) => {
      const connection = await views.get(id);
      return testConnection(() => settings(connection), signal);
    },
    'connections.remove': async ({ id }) => {
      refuseDemo(id);
      const stored = store.find(id);
      if (!stored) throw connectionNotFound();
      await store.remove(id);
      await endWork(id);
      locks.lock(id);
      await credentials.remove(stored);
      await clearConnectionFiles(dataDir, stored, notices);
      changed();
      return null;
    },
    'connections.unlock': async ({ id, minutes }) => {
      const until = new Date(Date.now() + minutes * 60_000).toISOString();
      // On record first: what can't be recorded is not unlocked.
      await journalled(await views.get(id), until);
      locks.unlock(id, minutes);
      changed();
      setTimeout(changed, minutes * 60_000).unref(); // it has locked itself again
      return views.get(id);
    },
    'connections.lock': async ({ id }) => {
      const before = await views.get(id);
      locks.lock(id);
      changed();
      if (before.unlockedUntil !== undefined) await journalled(before);
      return views.get(id);
    },
  };
}

function refuseDemo(id: string | undefined): void {
  if (id !== demoConnectionId) return;
  throw new AppError({
    code: 'INPUT_INVALID',
    message: 'The demo cluster is not a saved connection.',
    hint: 'Add a cluster of your own; the demo then leaves the list.',
  });
}

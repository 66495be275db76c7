import type { HandlersOf } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { NoticeBoard } from '../app/notice-board.ts';
import type { EventBus } from '../events.ts';
import type { ConnectionStore } from './connection-store.ts';
import { type ConnectionViews, connectionNotFound } from './connection-views.ts';
import type { Credentials } from './credentials.ts';
import { type DemoHost, demoConnectionId } from './demo-host.ts';
import type { OpenClusters } from './open-clusters.ts';
import { clearConnectionFiles } from './remove-connection.ts';
import { saveConnection } from './save-connection.ts';
import { testConnection } from './test-connection.ts';
import type { WriteUnlocks } from './write-unlocks.ts';

/** What the handlers of `connections.*` need. */
export interface ConnectionsHandlersOptions {
  dataDir: string;
  store: ConnectionStore;
  views: ConnectionViews;
  credentials: Credentials;
  unlocks: WriteUnlocks;
  clusters: OpenClusters;
  demo: DemoHost;
  notices: NoticeBoard;
  events: EventBus;
}

/** Handlers of `connections.*`. */
export function connectionsHandlers(
  options: ConnectionsHandlersOptions,
): HandlersOf<'connections'> {
  const { dataDir, store, views, credentials, unlocks, clusters, demo, notices, events } = options;
  return {
    'connections.list': () => views.list(),
    'connections.save': async (input) => {
      refuseDemo(input.id);
      const id = await saveConnection(store, credentials, input);
      await clusters.closeGateway(id);
      await endDemo(clusters, demo);
      events.emit('connections.changed', {});
      return views.get(id);
    },
    'connections.test': async ({ id }, { signal }) =>
      testConnection(await clusters.get(id), signal),
    'connections.remove': async ({ id }) => {
      refuseDemo(id);
      const stored = store.find(id);
      if (!stored) throw connectionNotFound();
      await clusters.release(id);
      await store.remove(id);
      unlocks.lock(id);
      await credentials.remove(stored);
      await clearConnectionFiles(dataDir, stored, notices);
      events.emit('connections.changed', {});
      return null;
    },
    'connections.unlock': async ({ id, minutes }) => {
      await views.get(id);
      unlocks.unlock(id, minutes);
      return views.get(id);
    },
    'connections.lock': async ({ id }) => {
      unlocks.lock(id);
      return views.get(id);
    },
  };
}

async function endDemo(clusters: OpenClusters, demo: DemoHost): Promise<void> {
  await clusters.release(demoConnectionId);
  await demo.stop();
}

function refuseDemo(id: string | undefined): void {
  if (id !== demoConnectionId) return;
  throw new AppError({
    code: 'INPUT_INVALID',
    message: 'The demo cluster is not a saved connection.',
    hint: 'Add a cluster of your own; the demo then leaves the list.',
  });
}

import { join } from 'node:path';
import type { CallOutput, HandlersOf } from '#shared/contract/index.ts';
import { invalidInput } from '#shared/errors.ts';
import type { Journal } from '../changes/journal/journal.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { SavedConnection } from '../clusters/clusters.ts';
import { testConnection } from '../clusters/connections/check-connection.ts';
import {
  clearConnectionFiles,
  findOrphans,
  holdsArchive,
  readCopy,
} from '../clusters/connections/connection-folders.ts';
import type { ConnectionStore } from '../clusters/connections/connection-store.ts';
import {
  type Connections,
  connectionNotFound,
  enterSecret,
  saveConnection,
} from '../clusters/connections/connections.ts';
import type { Credentials } from '../clusters/connections/credentials.ts';
import type { GatewaySettings } from '../clusters/connections/gateway-settings.ts';
import {
  assertMayBeRemoved,
  assertMayBeSaved,
} from '../clusters/connections/managed-connections.ts';
import type { OpenClusters } from '../clusters/connections/open-clusters.ts';
import {
  exportConnections,
  importConnections,
} from '../clusters/connections/portable-connections.ts';
import { makeWay, meansAnotherGateway } from '../clusters/connections/work-under-way.ts';
import { type DemoHost, demoConnectionId } from '../clusters/demo/demo-host.ts';
import {
  guardEntry,
  holdOf,
  lockEntry,
  type ProductionLocks,
  secretExportEntry,
} from '../clusters/locks/guard.ts';
import type { SyncService } from '../clusters/refresh/sync-service.ts';
import type { JournalKeys } from '../clusters/secrets/journal-keys.ts';
import { readCertificates } from '../gateway/transport/read-certificates.ts';
import type { NoticeBoard } from '../platform/notice-board.ts';
import { assertAllowed, type Policy } from '../platform/policy.ts';
import type { Preferences } from '../platform/preferences.ts';
import { assertArchiveUnused } from '../store/archive/file/archive-lock.ts';
import { type FieldPackSources, makeFieldPack } from '../usage/field-pack/field-pack.ts';
import { openFieldPack, readFieldPack } from '../usage/field-pack/open-pack.ts';

interface ConnectionsDependencies extends FieldPackSources, Pick<ClusterWork, 'tasks' | 'events'> {
  policy: Policy | null;
  dataDir: string;
  store: ConnectionStore;
  connections: Connections;
  settings: GatewaySettings;
  credentials: Credentials;
  journalKeys: JournalKeys;
  locks: ProductionLocks;
  clusters: OpenClusters;
  demo: DemoHost;
  sync: SyncService;
  journal: Journal;
  notices: NoticeBoard;
  preferences: Preferences;
}

export function connectionsHandlers(
  dependencies: ConnectionsDependencies,
): HandlersOf<'connections'> {
  const { dataDir, store, connections, settings, credentials, clusters, sync } = dependencies;
  const { journal, tasks, events, policy } = dependencies;
  return {
    'connections.list': async () =>
      Promise.all((await connections.list()).map((connection) => withHold(sync, connection))),
    'connections.save': async (input) => {
      refuseDemo(input.id);
      const before = input.id === undefined ? undefined : store.find(input.id);
      await assertMayBeSaved(policy, input, before);
      const otherGateway = before !== undefined && (await meansAnotherGateway(before, input));
      if (otherGateway) await makeWay(tasks, before, 'gateway');
      const guards = before ? guardEntry(before, input) : null;
      let id = '';
      const save = async (): Promise<void> => {
        id = await saveConnection(store, credentials, input, (orphan) =>
          holdsArchive(join(dataDir, 'connections', orphan)),
        );
      };
      await (guards ? journal.note(guards, save) : save());
      if (otherGateway) clusters.retireGateway(id);
      await endDemo(dependencies);
      if (guards) events.emit('data.changed', { connectionId: id, topics: ['journal'] });
      return withHold(sync, await connections.get(id));
    },
    'connections.test': async ({ id, entered }, { signal }) => {
      if (entered) return testConnection(() => settings.ofEntered(entered), signal);
      if (id === undefined) throw connectionNotFound();
      const connection = await connections.get(id);
      const test = await testConnection(() => settings.of(connection), signal);
      if (test.ok) await sync.noteAnswer(id);
      return test;
    },
    'connections.readCertificates': ({ contentBase64 }) =>
      readCertificates(Buffer.from(contentBase64, 'base64')),
    'connections.enterSecret': async (input) => {
      refuseDemo(input.id);
      // one that is being closed forgets its secret
      await clusters.get(input.id);
      await enterSecret(store, credentials, input);
      clusters.retireGateway(input.id);
      events.emit('connections.changed', {});
      return withHold(sync, await connections.get(input.id));
    },
    ...packHandlers(dependencies),
    ...removalHandlers(dependencies),
    ...orphanHandlers(dependencies),
    ...fileHandlers(dependencies),
    ...lockHandlers(dependencies),
  };
}

/** Handlers that save and open field packs. */
function packHandlers(
  dependencies: ConnectionsDependencies,
): Pick<
  HandlersOf<'connections'>,
  'connections.fieldPack' | 'connections.readPack' | 'connections.openPack'
> {
  return {
    'connections.fieldPack': async (input, { signal }) => {
      if (input.withSeen) assertAllowed(dependencies.policy, 'exportClusters');
      const file = await makeFieldPack(dependencies, input, signal);
      if (input.withSeen) {
        const { events } = dependencies;
        events.emit('data.changed', { connectionId: input.id, topics: ['journal'] });
      }
      return file;
    },
    'connections.readPack': ({ contentBase64 }) => readFieldPack(dependencies, contentBase64),
    'connections.openPack': async (input) => {
      if (input.into === undefined) assertAllowed(dependencies.policy, 'addConnections');
      try {
        return await openFieldPack(dependencies, input);
      } finally {
        // also where its plans could not be taken: the cluster is there
        if (input.into === undefined && dependencies.store.list().length > 0) {
          await endDemo(dependencies);
        }
      }
    },
  };
}

/** Handlers that add to the list and remove from it. */
function removalHandlers(
  dependencies: ConnectionsDependencies,
): Pick<HandlersOf<'connections'>, 'connections.openDemo' | 'connections.remove'> {
  const { dataDir, store, connections, credentials, locks, clusters, sync } = dependencies;
  const { journalKeys, notices, tasks, events, policy, demo, preferences } = dependencies;
  return {
    'connections.openDemo': async () => {
      if (!demo.available) throw connectionNotFound();
      demo.wanted = store.list().length > 0;
      events.emit('connections.changed', {});
      return withHold(sync, await connections.get(demoConnectionId));
    },
    'connections.remove': async ({ id }) => {
      if (id === demoConnectionId && demo.wanted) {
        demo.wanted = false;
        await endDemo(dependencies);
        return null;
      }
      refuseDemo(id);
      const stored = store.find(id);
      if (!stored) throw connectionNotFound();
      assertMayBeRemoved(policy, stored);
      await makeWay(tasks, stored, 'removal');
      await clusters.release(id);
      assertArchiveUnused(join(dataDir, 'connections', id, 'archive.sqlite'));
      await store.remove(id);
      await endWork(dependencies, id);
      locks.lock(id);
      await credentials.remove(stored);
      await journalKeys.remove(id);
      await clearConnectionFiles(dataDir, stored, notices);
      await preferences.forgetConnection(id).catch(() => undefined); // what is left is of no cluster
      events.emit('connections.changed', {});
      return null;
    },
  };
}

/** Handlers for connections whose folders outlived the common file. */
function orphanHandlers(
  dependencies: ConnectionsDependencies,
): Pick<HandlersOf<'connections'>, 'connections.orphans' | 'connections.recover'> {
  const { policy, dataDir, store, credentials, connections, sync } = dependencies;
  return {
    'connections.orphans': () => findOrphans(dataDir, store.ids()),
    'connections.recover': async ({ id }) => {
      const copy = store.find(id) ? null : await readCopy(join(dataDir, 'connections', id), id);
      if (!copy) throw connectionNotFound();
      await assertMayBeSaved(policy, copy, undefined);
      await store.save(copy);
      credentials.forget();
      await endDemo(dependencies);
      return withHold(sync, await connections.get(id));
    },
  };
}

/** Handlers that export and import connections in encrypted files. */
function fileHandlers(
  dependencies: ConnectionsDependencies,
): Pick<HandlersOf<'connections'>, 'connections.export' | 'connections.import'> {
  const { policy, store, credentials, journal, events } = dependencies;
  return {
    'connections.export': async (input) => {
      if (input.withSecrets) assertAllowed(policy, 'exportSecrets');
      return await exportConnections(store, credentials, input, async (connection) => {
        await journal.note(secretExportEntry(connection));
        events.emit('data.changed', { connectionId: connection.id, topics: ['journal'] });
      });
    },
    'connections.import': async (input) => {
      assertAllowed(policy, 'addConnections');
      const imported = await importConnections(store, credentials, input);
      if (imported.added.length > 0) await endDemo(dependencies);
      return imported;
    },
  };
}

/** Handlers that lock and unlock; the journal records both. */
function lockHandlers({
  sync,
  connections,
  locks,
  events,
  journal,
}: ConnectionsDependencies): Pick<
  HandlersOf<'connections'>,
  'connections.unlock' | 'connections.lock'
> {
  const changed = (): void => events.emit('connections.changed', {});
  const record = async (connection: SavedConnection, until?: string): Promise<void> => {
    if (connection.environment !== 'production') return;
    await journal.note(lockEntry(connection, until));
    events.emit('data.changed', { connectionId: connection.id, topics: ['journal'] });
  };
  return {
    'connections.unlock': async ({ id, minutes }) => {
      const until = new Date(Date.now() + minutes * 60_000).toISOString();
      // On record first: what can't be recorded is not unlocked.
      await record(await connections.get(id), until);
      locks.unlock(id, minutes);
      changed();
      setTimeout(changed, minutes * 60_000).unref(); // it has locked itself again
      return withHold(sync, await connections.get(id));
    },
    'connections.lock': async ({ id }) => {
      const before = await connections.get(id);
      locks.lock(id);
      changed();
      if (before.unlockedUntil !== undefined) await record(before);
      return withHold(sync, await connections.get(id));
    },
  };
}

/** Adds to a connection why changes would be refused. */
async function withHold(
  sync: SyncService,
  connection: SavedConnection,
): Promise<CallOutput<'connections.list'>[number]> {
  const offline = await sync.whyOffline(connection.id).catch(() => null);
  return { ...connection, hold: holdOf(connection, offline) };
}

async function endWork({ tasks, clusters }: ConnectionsDependencies, id: string): Promise<void> {
  await tasks.end(tasks.list(id).map(({ taskId }) => taskId));
  await clusters.release(id);
}

/** Removes the demo from the list once a connection is saved. */
async function endDemo(dependencies: ConnectionsDependencies): Promise<void> {
  if (dependencies.demo.wanted) {
    dependencies.events.emit('connections.changed', {});
    return;
  }
  await endWork(dependencies, demoConnectionId);
  await dependencies.demo.stop();
  dependencies.events.emit('connections.changed', {});
}

function refuseDemo(id: string | undefined): void {
  if (id !== demoConnectionId) return;
  throw invalidInput(
    'The demo cluster is not a saved connection.',
    'Add a cluster of your own; the demo then leaves the list.',
  );
}

import { join } from 'node:path';
import { createGateway, type GatewayOptions } from '../../gateway/create-gateway.ts';
import type { EventBus } from '../../platform/events.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import type { TaskRegistry } from '../../platform/tasks/task-registry.ts';
import type { JournalIntent } from '../../store/archive/journal-port.ts';
import type { Clusters, SavedConnection } from '../clusters.ts';
import { type DemoCluster, DemoHost } from '../demo/demo-host.ts';
import { assertWritable } from '../locks/guard.ts';
import { ProductionLocks } from '../locks/production-locks.ts';
import { FallbackSecretStore } from '../secrets/fallback-secret-store.ts';
import type { ForkKeychain } from '../secrets/keychain-process.ts';
import { KeychainSecretStore } from '../secrets/keychain-secret-store.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { systemKeychain } from '../secrets/system-keychain.ts';
import { ConnectionStore } from './connection-store.ts';
import { ConnectionViews } from './connection-views.ts';
import { Credentials } from './credentials.ts';
import { gatewaySettings } from './gateway-settings.ts';
import { OpenClusters } from './open-clusters.ts';
import { openNoticedSnapshot } from './open-noticed-snapshot.ts';
import { findOrphans, idsOf } from './orphaned-folders.ts';
import type { ProxyLookup } from './proxy-for.ts';

/** What the connections of a console are opened with. */
export interface ConnectionsOptions {
  dataDir: string;
  version: string;
  log: ConsoleLog;
  events: EventBus;
  notices: NoticeBoard;
  tasks: TaskRegistry;
  /** Left out: the OS keychain where there is one, else memory. */
  secretStore: SecretStore | undefined;
  /** Left out: Node's. */
  forkKeychain: ForkKeychain | undefined;
  systemProxy: ProxyLookup | undefined;
  startDemo: (() => Promise<DemoCluster>) | undefined;
  /** Told the id of the demo when it has started, so that it is filled. */
  onDemoStarted(connectionId: string): void;
  /** Told the id of a connection whose snapshot was set aside, so that it is fetched again. */
  onSnapshotSetAside(connectionId: string): void;
  /** Told that a connection's gateway answered. */
  onAnswer(connectionId: string): Promise<void>;
  /** Told the id of a cluster that is needed; resolves when it may be opened. */
  onNeed(connectionId: string): Promise<void>;
  /** Puts on record who unlocked or locked a production cluster, or changed guards, around the act itself. */
  record(entry: JournalIntent, act?: () => Promise<void>): Promise<void>;
}

/** What the handlers of `connections.*` need. */
export interface ConnectionParts {
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
  /** Told that a connection's gateway answered. */
  onAnswer(connectionId: string): Promise<void>;
  /** Puts on record who unlocked or locked a production cluster, or changed guards, around the act itself. */
  record(entry: JournalIntent, act?: () => Promise<void>): Promise<void>;
}

/** The connections of a console and all that hangs on them. */
export interface Connections {
  clusters: Clusters;
  secrets: SecretStore;
  /** What the handlers of `connections.*` work with. */
  parts: ConnectionParts;
  /** Ids of the saved connections; the demo is none. */
  savedIds(): string[];
  /** Ids of the connections that are shown: the saved ones, or the demo. */
  shownIds(): Promise<string[]>;
  /** Closes snapshots and gateways, ends the demo, waits for what is being written. */
  close(): Promise<void>;
}

/**
 * Opens the saved connections, their secrets and the demo.
 * @throws AppError `DISK_FAILED`
 */
export async function openConnections(options: ConnectionsOptions): Promise<Connections> {
  const { dataDir, log, events, notices, tasks, startDemo, systemProxy, onDemoStarted } = options;
  const store = await ConnectionStore.open(join(dataDir, 'connections.json'), notices);
  await noticeOrphans(dataDir, store, notices);
  const changed = (): void => events.emit('connections.changed', {});
  const keychain = new KeychainSecretStore(systemKeychain(process.platform, options.forkKeychain));
  const onKeychainReady = async (moved: string[]): Promise<void> => {
    for (const id of moved) await store.update(id, { secretInKeychain: true });
    credentials.forget();
    changed();
  };
  const secrets = options.secretStore ?? new FallbackSecretStore(keychain, { onKeychainReady });
  const credentials = new Credentials({ secrets, notices, log, onLateAnswer: changed });
  const locks = new ProductionLocks();
  const demo = new DemoHost(startDemo, onDemoStarted);
  const onDemoFailed = (error: unknown): void => {
    log.logger.error({ error }, 'demo failed');
    notices.add({
      severity: 'warning',
      message: 'The demo cluster could not be started.',
      hint: 'Add a cluster of your own; the log says what kept the demo from starting.',
    });
  };
  const views = new ConnectionViews({ store, credentials, locks, demo, onDemoFailed });
  const { version } = options;
  const sources = { credentials, demo, store, log, systemProxy, version, changed };
  const settings = (connection: SavedConnection) => gatewaySettings(sources, connection);
  const clusters = new OpenClusters({
    dataDir,
    views,
    demo,
    openGateway: async (connection, directory) =>
      createGateway({
        ...(await settings(connection)),
        directory,
        assertWritable: () => assertWritable(views.refreshed(connection)),
      }),
    openSnapshot: openNoticedSnapshot(notices, options.onSnapshotSetAside),
    onNeed: options.onNeed,
  });
  const parts = {
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
    onAnswer: options.onAnswer,
    record: options.record,
  };
  return {
    clusters,
    secrets,
    parts,
    savedIds: () => store.list().map(({ id }) => id),
    shownIds: async () => (await views.list()).map(({ id }) => id),
    close: async () => {
      await clusters.close();
      await demo.stop();
      await store.settled();
      keychain.close();
    },
  };
}

/** Says that archives are there which no connection names, as after `connections.json` was lost. */
async function noticeOrphans(
  dataDir: string,
  store: ConnectionStore,
  notices: NoticeBoard,
): Promise<void> {
  const orphans = await findOrphans(dataDir, idsOf(store));
  if (orphans.length === 0) return;
  const names = orphans.map(({ id, connection }) => connection?.name ?? id).join(', ');
  notices.add({
    severity: 'warning',
    message: `Archives without a connection were found: ${names}.`,
    hint: 'Restore their connections on the Connections page to use them again.',
  });
}

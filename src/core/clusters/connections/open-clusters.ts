import { join } from 'node:path';
import type { createGateway } from '../../gateway/create-gateway.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import type { UserDirectory } from '../../gateway/user-names.ts';
import { shuttingDown } from '../../platform/close-in-order.ts';
import { Signal } from '../../platform/events.ts';
import { ensurePrivateDirectory } from '../../platform/files/data-directory.ts';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import type { openSnapshot } from '../../store/snapshot/open-snapshot.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import type { SetAside } from '../../store/snapshot/snapshot-database.ts';
import type { Cluster, Clusters, ReleaseListener, SavedConnection } from '../clusters.ts';
import type { DemoHost } from '../demo/demo-host.ts';
import type { IdleClusters } from '../idle-clusters.ts';
import { assertSecretsMayTravel, assertWritable } from '../locks/guard.ts';
import { type Connections, connectionNotFound } from './connections.ts';
import type { GatewaySettings } from './gateway-settings.ts';

interface OpenClustersOptions {
  dataDir: string;
  connections: Connections;
  demo: DemoHost;
  idle: IdleClusters;
  notices: NoticeBoard;
  settings: Pick<GatewaySettings, 'of'>;
  createGateway: typeof createGateway;
  openSnapshot: typeof openSnapshot;
}

interface OpenCluster {
  seen: SavedConnection;
  snapshot: Promise<Snapshot> | null;
  gateway: Promise<Gateway> | null;
  /** Gateways of the connection as it was before a change, until what began with them has ended. */
  retired: Set<Promise<Gateway>>;
  /** Whoever still holds it must not open it again. */
  released: boolean;
}

/** Longer than any single write with its reading back, in milliseconds. */
const readBackWithin = 120_000;

/** The open clusters: each opens its snapshot and gateway once, on first use. */
export class OpenClusters implements Clusters {
  /** The id of a connection whose snapshot was set aside: its data is to be fetched again. */
  readonly snapshotLost = new Signal<string>();
  /** The id of a connection whose snapshot was opened, each time it is. */
  readonly snapshotOpened = new Signal<string>();
  readonly #options: OpenClustersOptions;
  readonly #open = new Map<string, OpenCluster>();
  readonly #listeners: ReleaseListener[] = [];
  #closed = false;

  constructor(options: OpenClustersOptions) {
    this.#options = options;
  }

  async get(connectionId: string): Promise<Cluster> {
    if (this.#closed) throw shuttingDown();
    const { connections, idle } = this.#options;
    await idle.need(connectionId);
    const seen = await connections.get(connectionId);
    const open = this.#open.get(connectionId) ?? newCluster(seen);
    open.seen = seen;
    this.#open.set(connectionId, open);
    return {
      get connection() {
        return connections.refreshed(open.seen);
      },
      snapshot: () => this.#snapshot(open),
      gateway: () => this.#gateway(open),
    };
  }

  async directory(connectionId: string): Promise<string> {
    const { connections, idle, demo, dataDir } = this.#options;
    await idle.need(connectionId);
    const { demo: isDemo } = await connections.get(connectionId);
    const path = isDemo
      ? (await demo.running()).directory
      : join(dataDir, 'connections', connectionId);
    await ensurePrivateDirectory(path);
    return path;
  }

  /** Connections whose snapshot is open. */
  opened(): string[] {
    return [...this.#open].filter(([, { snapshot }]) => snapshot !== null).map(([id]) => id);
  }

  onRelease(listener: ReleaseListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Lets the next request build its gateway from the connection as it is now. A write that is under
   * way is still read back through the gateway it was sent through.
   */
  retireGateway(connectionId: string): void {
    const open = this.#open.get(connectionId);
    const gateway = open?.gateway;
    if (!open || !gateway) return;
    open.gateway = null;
    open.retired.add(gateway);
    setTimeout(() => {
      if (open.retired.delete(gateway)) void closed(gateway);
    }, readBackWithin).unref();
  }

  /** Closes snapshot and gateway of a cluster that is not in use; both open again on next use. */
  async rest(connectionId: string): Promise<void> {
    const open = this.#open.get(connectionId);
    if (!open) return;
    const { gateway, snapshot } = open;
    Object.assign(open, { gateway: null, snapshot: null });
    await closed(gateway);
    await (await snapshot?.catch(() => null))?.close();
  }

  /** Closes everything of a connection, so that its files can be moved. */
  async release(connectionId: string): Promise<void> {
    const open = this.#open.get(connectionId);
    if (open) open.released = true;
    if (open) await Promise.all([open.gateway, ...open.retired].map(closed));
    open?.retired.clear();
    this.#open.delete(connectionId);
    await (await open?.snapshot?.catch(() => null))?.close();
    for (const listener of this.#listeners) await listener(connectionId);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const connectionId of [...this.#open.keys()]) await this.release(connectionId);
  }

  async #gateway(open: OpenCluster): Promise<Gateway> {
    if (open.released) throw connectionNotFound();
    open.gateway ??= this.#createGateway(open).catch((thrown: unknown) => {
      open.gateway = null; // a secret may be entered, a proxy found: try again at the next need
      throw thrown;
    });
    return open.gateway;
  }

  async #createGateway(open: OpenCluster): Promise<Gateway> {
    const { connections, settings, createGateway: create } = this.#options;
    const connection = open.seen;
    const directory: UserDirectory = {
      find: async (userId) => (await this.#snapshot(open)).ask('nameOf', userId).catch(() => null), // then the gateway's list is asked
    };
    return create({
      ...(await settings.of(connection)),
      directory,
      assertWritable: () => assertWritable(connections.refreshed(connection)),
      assertSecretsMayTravel: () => assertSecretsMayTravel(connections.refreshed(connection)),
    });
  }

  async #snapshot(open: OpenCluster): Promise<Snapshot> {
    if (open.released) throw connectionNotFound();
    open.snapshot ??= this.directory(open.seen.id)
      .then((directory) => this.#openSnapshot(directory, open.seen))
      .catch((thrown: unknown) => {
        open.snapshot = null;
        throw thrown;
      });
    return open.snapshot;
  }

  async #openSnapshot(directory: string, { id, name }: SavedConnection): Promise<Snapshot> {
    const snapshot = await this.#options.openSnapshot(directory, {
      onSetAside: (setAside) => {
        this.#options.notices.add(lostSnapshotNotice(name, setAside));
        void this.snapshotLost.tell(id);
      },
    });
    void this.snapshotOpened.tell(id);
    return snapshot;
  }
}

function lostSnapshotNotice(name: string, { reason, path }: SetAside) {
  return {
    severity: 'warning' as const,
    message:
      reason === 'newer'
        ? `What was last seen of "${name}" was written by a newer console and can't be read.`
        : `What was last seen of "${name}" was damaged and can't be read.`,
    hint: `It is fetched again from the gateway. The file was set aside as ${path} and can be deleted.`,
  };
}

function newCluster(seen: SavedConnection): OpenCluster {
  return { seen, snapshot: null, gateway: null, retired: new Set(), released: false };
}

async function closed(gateway: Promise<Gateway> | null): Promise<void> {
  await (await gateway?.catch(() => null))?.close();
}

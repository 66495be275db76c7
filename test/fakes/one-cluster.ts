import type {
  Cluster,
  Clusters,
  ReleaseListener,
  SavedConnection,
} from '#core/clusters/clusters.ts';
import type { Gateway } from '#core/gateway/model/gateway.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { AppError } from '#shared/errors.ts';

/** Clusters with a single one, whose parts are handed in. Its connection can be changed at any time. */
export class OneCluster implements Clusters {
  connection: SavedConnection;
  readonly #directory: string;
  readonly #snapshot: Snapshot;
  readonly #gateway: Gateway;
  readonly #listeners: ReleaseListener[] = [];

  constructor(parts: {
    connection: SavedConnection;
    directory: string;
    snapshot: Snapshot;
    gateway: Gateway;
  }) {
    this.connection = parts.connection;
    this.#directory = parts.directory;
    this.#snapshot = parts.snapshot;
    this.#gateway = parts.gateway;
  }

  async get(connectionId: string): Promise<Cluster> {
    if (connectionId !== this.connection.id) {
      throw new AppError({
        code: 'CONNECTION_NOT_FOUND',
        message: 'No such connection.',
        hint: 'Use the one there is.',
      });
    }
    const connectionNow = (): SavedConnection => this.connection;
    return {
      get connection() {
        return connectionNow();
      },
      snapshot: async () => this.#snapshot,
      gateway: async () => this.#gateway,
    };
  }

  async directory(): Promise<string> {
    return this.#directory;
  }

  onRelease(listener: ReleaseListener): void {
    this.#listeners.push(listener);
  }
}

/** A saved connection to a gateway, on a lab cluster. */
export function labConnection(parts: {
  endpoint: string;
  accessKeyId: string;
  maxConnections?: number;
}): SavedConnection {
  return {
    id: 'lab',
    name: 'Lab',
    environment: 'lab',
    readOnly: false,
    signature: 'v2',
    maxConnections: 8,
    hasCredential: true,
    demo: false,
    ...parts,
  };
}

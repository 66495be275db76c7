import { AppError } from '#shared/errors.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import type { SavedConnection } from '../clusters.ts';
import { type DemoHost, demoConnectionId } from '../demo/demo-host.ts';
import type { ProductionLocks } from '../locks/guard.ts';
import type { SecretStoreKind } from '../secrets/secret-store.ts';
import type { StoredConnection } from './connection-file.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { Credentials } from './credentials.ts';

/** What connections are pieced together from. */
export interface ConnectionsOptions {
  store: ConnectionStore;
  credentials: Credentials;
  locks: ProductionLocks;
  demo: DemoHost;
  log: ConsoleLog;
  notices: NoticeBoard;
}

/** Connections as the interface and the handlers see them: with everything but the secret. */
export class Connections {
  readonly #options: ConnectionsOptions;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** The saved connections; while there are none, the demo, or nothing where it can't be started. */
  async list(): Promise<SavedConnection[]> {
    const { store, demo } = this.#options;
    const saved = store.list();
    if (saved.length > 0) return Promise.all(saved.map((connection) => this.#saved(connection)));
    if (!demo.available) return [];
    try {
      return [await this.#demo()];
    } catch (error) {
      this.#noteDemoFailure(error);
      return [];
    }
  }

  /** Ids of the connections that {@link list} shows. */
  async ids(): Promise<string[]> {
    return (await this.list()).map(({ id }) => id);
  }

  /**
   * One connection.
   * @throws AppError `CONNECTION_NOT_FOUND`
   */
  async get(id: string): Promise<SavedConnection> {
    const { store, demo } = this.#options;
    const stored = store.find(id);
    if (stored) return this.#saved(stored);
    if (id === demoConnectionId && demo.available && store.list().length === 0) return this.#demo();
    throw connectionNotFound();
  }

  /** `seen` as it is now: guards may have changed since, and are read from memory. */
  refreshed(seen: SavedConnection): SavedConnection {
    const stored = this.#options.store.find(seen.id);
    const credential = seen.credentialStore ?? null;
    return stored ? this.#describe(stored, credential) : seen;
  }

  async #saved(stored: StoredConnection): Promise<SavedConnection> {
    return this.#describe(stored, await this.#options.credentials.whereabouts(stored));
  }

  #describe(stored: StoredConnection, credential: SecretStoreKind | null): SavedConnection {
    const { secretInKeychain: _marker, ...fields } = stored;
    const unlockedUntil = this.#options.locks.unlockedUntil(stored.id);
    return {
      ...fields,
      hasCredential: credential !== null,
      ...(credential === null ? {} : { credentialStore: credential }),
      demo: false,
      ...(unlockedUntil === undefined ? {} : { unlockedUntil }),
    };
  }

  #noteDemoFailure(error: unknown): void {
    this.#options.log.logger.error({ error }, 'demo failed');
    this.#options.notices.add({
      severity: 'warning',
      message: 'The demo cluster could not be started.',
      hint: 'Add a cluster of your own; the log says what kept the demo from starting.',
    });
  }

  async #demo(): Promise<SavedConnection> {
    const { cluster } = await this.#options.demo.running();
    return {
      id: demoConnectionId,
      name: 'Demo cluster',
      endpoint: cluster.endpoint,
      accessKeyId: cluster.accessKeyId,
      environment: 'lab',
      readOnly: false,
      signature: 'auto',
      maxConnections: 8,
      proxy: { mode: 'direct' },
      hasCredential: true,
      credentialStore: 'memory',
      demo: true,
    };
  }
}

/** No saved connection has the id. */
export function connectionNotFound(): AppError {
  return new AppError({
    code: 'CONNECTION_NOT_FOUND',
    message: 'The console has no connection of that id.',
    hint: 'It may have been removed; select another cluster or add it again on the Connections page.',
  });
}

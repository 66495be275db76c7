import { AppError } from '#shared/errors.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import type { Policy } from '../../platform/policy.ts';
import { readableId } from '../../platform/readable-id.ts';
import type { SavedConnection } from '../clusters.ts';
import { type DemoHost, demoConnectionId } from '../demo/demo-host.ts';
import type { ProductionLocks } from '../locks/guard.ts';
import type { SecretStoreKind } from '../secrets/secret-store.ts';
import { type ConnectionInput, checkConnection } from './check-connection.ts';
import type { StoredConnection } from './connection-file.ts';
import type { ConnectionStore } from './connection-store.ts';
import { type Credentials, keepsInSession } from './credentials.ts';
import { managedFieldsOf } from './managed-connections.ts';
import { separatePassword } from './proxy-for.ts';

interface ConnectionsOptions {
  policy: Policy | null;
  store: ConnectionStore;
  credentials: Credentials;
  locks: ProductionLocks;
  demo: DemoHost;
  log: ConsoleLog;
  notices: NoticeBoard;
}

export class Connections {
  readonly #options: ConnectionsOptions;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** The saved connections; while there are none, the demo, or nothing where it can't be started. */
  async list(): Promise<SavedConnection[]> {
    const { store, demo } = this.#options;
    const saved = await Promise.all(store.list().map((connection) => this.#saved(connection)));
    if (!demo.available || (saved.length > 0 && !demo.wanted)) return saved;
    try {
      return [...saved, await this.#demo()];
    } catch (error) {
      this.#noteDemoFailure(error);
      return saved;
    }
  }

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
    const showsDemo = demo.available && (demo.wanted || store.list().length === 0);
    if (id === demoConnectionId && showsDemo) return this.#demo();
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
    const managedFields = managedFieldsOf(this.#options.policy, stored.id);
    return {
      ...fields,
      hasCredential: credential !== null,
      ...(credential === null ? {} : { credentialStore: credential }),
      ...(managedFields === undefined ? {} : { managedFields }),
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

export function connectionNotFound(): AppError {
  return new AppError({
    code: 'CONNECTION_NOT_FOUND',
    message: 'The console has no connection of that id.',
    hint: 'It may have been removed; select another cluster or add it again on the Connections page.',
  });
}

/**
 * Saves a connection and, where one is given, its secret.
 * @param isOrphan tells ids of folders that lost their connection: they are taken up again
 * @param origin set where it is opened from a field pack
 * @returns its id
 * @throws AppError `CONNECTION_NOT_FOUND`, `ALREADY_EXISTS` (the name), `ENDPOINT_INVALID`,
 * `INPUT_INVALID`, `DISK_FAILED`
 */
export async function saveConnection(
  store: ConnectionStore,
  credentials: Credentials,
  input: ConnectionInput,
  isOrphan: (id: string) => boolean = () => false,
  origin: Pick<StoredConnection, 'fieldPack'> = {},
): Promise<string> {
  const before = input.id === undefined ? undefined : store.find(input.id);
  if (input.id !== undefined && !before && !isOrphan(input.id)) throw connectionNotFound();
  const { secretKey, proxy: entered, ...fields } = input;
  const { proxy, password } = separatePassword(entered, before?.proxy);
  const connection: StoredConnection = {
    ...fields,
    ...(await checkConnection(input)),
    ...(proxy ? { proxy } : {}),
    id: input.id ?? readableId(input.name, 'cluster'),
    secretInKeychain: before?.secretInKeychain ?? false,
    ...(before?.fieldPack ? { fieldPack: before.fieldPack } : origin),
  };
  if (before?.detectedSignature && answersAlike(before, connection)) {
    connection.detectedSignature = before.detectedSignature;
  }
  if (before?.detectedSelectors && before.endpoint === connection.endpoint) {
    connection.detectedSelectors = before.detectedSelectors;
  }
  if (before?.pinAlarm && before.pinAlarm.pinned === connection.tls?.fingerprint256) {
    connection.pinAlarm = before.pinAlarm;
  }
  const moves = before && keepsInSession(before) !== keepsInSession(connection);
  const held = moves ? await credentials.read(before) : null; // before a save that could not be kept
  await store.save(connection); // first: a refused name or a full disk must not touch the keychain
  let kind = moves && held ? await credentials.move(before, connection, held) : null;
  if (password !== null) await credentials.keepProxyPassword(connection, password);
  else if (before?.proxy?.hasPassword && !proxy?.hasPassword) {
    await credentials.forgetProxyPassword(before);
  }
  if (secretKey !== undefined) kind = await credentials.keep(connection, secretKey);
  if (moves || kind) await store.update(connection.id, { secretInKeychain: kind === 'keychain' });
  return connection.id;
}

/**
 * Takes the secret key of a connection alone.
 * @throws AppError `CONNECTION_NOT_FOUND`
 */
export async function enterSecret(
  store: ConnectionStore,
  credentials: Credentials,
  { id, secretKey }: { id: string; secretKey: string },
): Promise<void> {
  const stored = store.find(id);
  if (!stored) throw connectionNotFound();
  const kind = await credentials.keep(stored, secretKey);
  await store.update(id, { secretInKeychain: kind === 'keychain' });
}

/** What was found out of the signature holds while the same gateway is meant. */
function answersAlike(before: StoredConnection, after: StoredConnection): boolean {
  return before.endpoint === after.endpoint && before.signature === after.signature;
}

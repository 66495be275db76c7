import { AppError, toAppError } from '#shared/errors.ts';
import type { EventBus } from '../../platform/events.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import { credentialMissing } from '../locks/guard.ts';
import {
  MemorySecretStore,
  type SecretStore,
  type SecretStoreKind,
} from '../secrets/secret-store.ts';
import type { StoredConnection } from './connection-file.ts';
import type { ConnectionStore } from './connection-store.ts';

interface CredentialsOptions {
  secrets: SecretStore;
  store: ConnectionStore;
  events: EventBus;
  notices: NoticeBoard;
  log: ConsoleLog;
}

/** What is kept for a connection, in whichever store. */
interface KeptSecrets {
  secret: string | null;
  proxyPassword: string | null;
}

/** The entry of the keychain that holds the password of a connection's proxy. */
const proxyEntry = (connectionId: string): string => `proxy-${connectionId}`;

type SecretKeeping = Pick<StoredConnection, 'sessionOnlySecret' | 'askForSecret'>;

/** Returns whether the secret of a connection stays out of every keychain. */
export function keepsInSession({ sessionOnlySecret, askForSecret }: SecretKeeping): boolean {
  return Boolean(sessionOnlySecret || askForSecret);
}

/** Answers for each connection whether its secret is available, and hands it to the gateway alone. */
export class Credentials {
  readonly #options: CredentialsOptions;
  readonly #known = new Map<string, SecretStoreKind | null>();
  readonly #overdue = new Set<string>();
  /** Secrets of connections that keep theirs out of every keychain. */
  readonly #session = new MemorySecretStore();

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /**
   * Where the connection's secret is kept, or null. Nobody waits for a keychain: until it has answered
   * (it may be asking the operator to unlock it), this is what was last known.
   */
  async whereabouts(connection: StoredConnection): Promise<SecretStoreKind | null> {
    const { id, secretInKeychain } = connection;
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const lastKnown = secretInKeychain ? 'keychain' : null;
    if (this.#overdue.has(id)) return lastKnown;
    // a store in memory answers within this turn of the event loop
    const nextTurn = new Promise<SecretStoreKind | null>((resolve) => {
      setImmediate(() => {
        if (!this.#known.has(id)) this.#overdue.add(id);
        resolve(lastKnown);
      });
    });
    return Promise.race([this.#look(connection), nextTurn]);
  }

  /**
   * The secret itself, for signing.
   * @throws AppError `CREDENTIAL_MISSING`, `SECRET_UNREADABLE`
   */
  async secretOf(connection: StoredConnection): Promise<string> {
    const found = await this.#find(connection);
    if (!found) throw await this.#missing(connection);
    return found.secret;
  }

  /** Keeps a secret; yields where it is now. */
  async keep(connection: StoredConnection, secret: string): Promise<SecretStoreKind> {
    this.#options.log.hide(secret);
    const kind = await this.#storeFor(connection).set(connection.id, secret);
    this.#known.set(connection.id, kind);
    return kind;
  }

  /** Keeps the password of a connection's proxy besides its secret. */
  async keepProxyPassword(connection: StoredConnection, password: string): Promise<void> {
    this.#options.log.hide(password);
    await this.#storeFor(connection).set(proxyEntry(connection.id), password);
  }

  /** Forgets the password of a proxy that the connection no longer uses. */
  async forgetProxyPassword(connection: StoredConnection): Promise<void> {
    await this.#storeFor(connection).remove(proxyEntry(connection.id));
  }

  /** Everything that is kept for a connection. @throws AppError `SECRET_UNREADABLE` */
  async read(connection: StoredConnection): Promise<KeptSecrets> {
    const found = await this.#find(connection);
    const password = connection.proxy?.hasPassword
      ? await this.#storeFor(connection).get(proxyEntry(connection.id))
      : null;
    return { secret: found?.secret ?? null, proxyPassword: password?.secret ?? null };
  }

  /**
   * Takes secrets out of the keychain for a connection that keeps its own for the session alone from
   * now on, or the other way round.
   * @returns where the secret is now; null where there is none
   */
  async move(
    before: StoredConnection,
    after: StoredConnection,
    { secret, proxyPassword }: KeptSecrets,
  ): Promise<SecretStoreKind | null> {
    await this.remove(before);
    if (proxyPassword !== null && after.proxy?.hasPassword) {
      await this.keepProxyPassword(after, proxyPassword);
    }
    return secret === null ? null : this.keep(after, secret);
  }

  /** @throws AppError `CREDENTIAL_MISSING`, `SECRET_UNREADABLE` */
  async proxyPasswordOf(
    connection: Pick<StoredConnection, 'id' | 'name'> & SecretKeeping,
  ): Promise<string> {
    const { id, name } = connection;
    const found = await this.#storeFor(connection).get(proxyEntry(id));
    if (!found) {
      throw new AppError({
        code: 'CREDENTIAL_MISSING',
        message: `The password of the proxy of "${name}" is not available.`,
        hint: 'Edit the connection and enter the password of the proxy again.',
      });
    }
    this.#options.log.hide(found.secret);
    return found.secret;
  }

  /** Removes the secret of a connection; a notice says where the keychain could not do it. */
  async remove(connection: StoredConnection): Promise<void> {
    const { id, name, secretInKeychain, proxy } = connection;
    this.#known.delete(id);
    const { notices } = this.#options;
    const secrets = this.#storeFor(connection);
    if (proxy?.hasPassword) await secrets.remove(proxyEntry(id)).catch(() => undefined);
    const forgotten = await secrets.remove(id).then(
      () => true,
      () => false,
    );
    const { kind } = await secrets.status();
    if (!secretInKeychain || (forgotten && kind === 'keychain')) return;
    notices.add({
      severity: 'warning',
      message: `The secret of "${name}" is still in the keychain, which can't be reached now.`,
      hint: `Remove the entry "${id}" of the service "Ostor Console" with the keychain's own program.`,
    });
  }

  /** Forgets the secret of a connection that is asked for each time: the cluster is not in use. */
  async forgetAsked(connectionId: string): Promise<void> {
    const { store, events } = this.#options;
    if (!store.find(connectionId)?.askForSecret || !this.#known.get(connectionId)) return;
    await this.#session.remove(connectionId);
    this.#known.delete(connectionId);
    events.emit('connections.changed', {});
  }

  /** Looks everything up again: another store is in use now. */
  forget(): void {
    this.#known.clear();
  }

  /** The keychain is in use now, and holds the secrets of these connections. */
  async adoptKeychain(connectionIds: readonly string[]): Promise<void> {
    const { store, events } = this.#options;
    for (const id of connectionIds) await store.update(id, { secretInKeychain: true });
    this.forget();
    events.emit('connections.changed', {});
  }

  /**
   * An entry of the keychain counts only while the connection says that its secret is there: after
   * a newer secret could be kept in memory alone, what the keychain still holds is out of date.
   */
  async #find(connection: StoredConnection): ReturnType<SecretStore['get']> {
    const found = await this.#storeFor(connection).get(connection.id);
    if (!found || (found.kind === 'keychain' && !connection.secretInKeychain)) return null;
    this.#options.log.hide(found.secret);
    return found;
  }

  #storeFor(connection: SecretKeeping): SecretStore {
    return keepsInSession(connection) ? this.#session : this.#options.secrets;
  }

  async #look(connection: StoredConnection): Promise<SecretStoreKind | null> {
    const { id, secretInKeychain } = connection;
    const found = await this.#kindFound(connection);
    const kept = this.#known.get(id);
    const kind = kept === undefined ? found : kept; // kept while we looked: what we found is out of date
    this.#known.set(id, kind);
    const lastKnown = secretInKeychain ? 'keychain' : null;
    if (this.#overdue.delete(id) && kind !== lastKnown) {
      this.#options.events.emit('connections.changed', {});
    }
    return kind;
  }

  /** Where the secret was found; null where it can't be read, which a notice then says. */
  async #kindFound(connection: StoredConnection): Promise<SecretStoreKind | null> {
    try {
      return (await this.#find(connection))?.kind ?? null;
    } catch (thrown) {
      const { message, hint, code } = toAppError(thrown);
      this.#options.log.logger.warn({ connectionId: connection.id, code }, 'secret not readable');
      this.#options.notices.add({ severity: 'warning', message, hint });
      return null;
    }
  }

  async #missing({ name }: Pick<StoredConnection, 'name'>): Promise<AppError> {
    return credentialMissing(name, (await this.#options.secrets.status()).reason);
  }
}

import { AppError, toAppError } from '#shared/errors.ts';
import type { NoticeBoard } from '../app/notice-board.ts';
import type { ConsoleLog } from '../log/console-log.ts';
import type { SecretStore, SecretStoreKind } from '../secrets/secret-store.ts';
import type { StoredConnection } from './stored-connection.ts';

/** How long a list of connections waits for the keychain before it says what it last knew. */
const patience = 1_500;

/** What {@link Credentials} needs. */
export interface CredentialsOptions {
  secrets: SecretStore;
  notices: NoticeBoard;
  log: ConsoleLog;
  /** Told when an answer that was not waited for has come. */
  onLateAnswer: () => void;
  patience?: number;
}

/** Answers for each connection whether its secret is at hand, and hands it to the gateway alone. */
export class Credentials {
  readonly #options: CredentialsOptions;
  readonly #known = new Map<string, SecretStoreKind | null>();
  readonly #overdue = new Set<string>();

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /**
   * Where the connection's secret lies, or null. While the keychain keeps us waiting (it may be
   * asking the operator to unlock it), what was last known.
   */
  async whereabouts({ id, secretInKeychain }: StoredConnection): Promise<SecretStoreKind | null> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const lastKnown = secretInKeychain ? 'keychain' : null;
    if (this.#overdue.has(id)) return lastKnown;
    let timer: NodeJS.Timeout | undefined;
    const timeOut = new Promise<SecretStoreKind | null>((resolve) => {
      timer = setTimeout(() => {
        this.#overdue.add(id);
        resolve(lastKnown);
      }, this.#options.patience ?? patience);
    });
    return Promise.race([this.#look(id), timeOut]).finally(() => clearTimeout(timer));
  }

  /**
   * The secret itself, for signing.
   * @throws AppError `CREDENTIAL_MISSING`, `SECRET_UNREADABLE`
   */
  async secretOf(connection: Pick<StoredConnection, 'id' | 'name'>): Promise<string> {
    const found = await this.#options.secrets.get(connection.id);
    if (!found) throw await this.#missing(connection);
    this.#options.log.hide(found.secret);
    return found.secret;
  }

  /** Keeps a secret; yields where it lies now. */
  async keep(connectionId: string, secret: string): Promise<SecretStoreKind> {
    this.#options.log.hide(secret);
    const kind = await this.#options.secrets.set(connectionId, secret);
    this.#known.set(connectionId, kind);
    return kind;
  }

  /** Removes the secret of a connection. */
  async remove(connectionId: string): Promise<void> {
    this.#known.delete(connectionId);
    await this.#options.secrets.remove(connectionId);
  }

  /** Looks everything up again: another store is in use now. */
  forget(): void {
    this.#known.clear();
  }

  async #look(id: string): Promise<SecretStoreKind | null> {
    try {
      const found = await this.#options.secrets.get(id);
      if (found) this.#options.log.hide(found.secret);
      this.#known.set(id, found?.kind ?? null);
      return found?.kind ?? null;
    } catch (thrown) {
      const { message, hint, code } = toAppError(thrown);
      this.#options.log.logger.warn({ connectionId: id, code }, 'secret not readable');
      this.#options.notices.add({ severity: 'warning', message, hint });
      this.#known.set(id, null);
      return null;
    } finally {
      if (this.#overdue.delete(id)) this.#options.onLateAnswer();
    }
  }

  async #missing({ name }: Pick<StoredConnection, 'name'>): Promise<AppError> {
    const { reason } = await this.#options.secrets.status();
    return new AppError({
      code: 'CREDENTIAL_MISSING',
      message: `No secret key is at hand for "${name}".${reason === undefined ? '' : ` ${reason}`}`,
      hint: 'Edit the connection and enter the secret key again.',
    });
  }
}

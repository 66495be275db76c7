import { randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors.ts';
import {
  describeKeychainFailure,
  type Keychain,
  keychainSilence,
  type SecretStore,
  type SecretStoreKind,
  type SecretStoreStatus,
} from './secret-store.ts';

/** The name under which keychain programs list the console's secrets. */
export const keychainService = 'Ostor Console';

/** How long one call may take: enough for an operator to answer a prompt. */
const defaultTimeOut = 60_000;

type Found = { secret: string; kind: SecretStoreKind } | null;

/**
 * Secrets in the operating system's keychain. Each is read once a session. One call runs after another,
 * so that a locked keyring prompts once for all who ask; where that prompt is dismissed, whoever waited
 * is refused with it. A value that is not ours is reported and left as it is.
 */
export class KeychainSecretStore implements SecretStore {
  readonly #keychain: Keychain;
  readonly #timeOut: number;
  readonly #found = new Map<string, Found>();
  readonly #tails = new Map<string, Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();
  #refusals: { count: number; error: AppError | null } = { count: 0, error: null };

  /** @param timeOut how long one call may take, in milliseconds */
  constructor(keychain: Keychain, timeOut = defaultTimeOut) {
    this.#keychain = keychain;
    this.#timeOut = timeOut;
  }

  async status(): Promise<SecretStoreStatus> {
    return { kind: 'keychain' };
  }

  retry(): Promise<SecretStoreStatus> {
    return this.status();
  }

  /**
   * Writes, reads and deletes a value nobody needs: the only way to know that the keychain works.
   * @throws AppError `SECRET_STORE_UNAVAILABLE`
   */
  async probe(): Promise<void> {
    const account = `probe-${randomUUID()}`;
    const value = encodeSecret(randomUUID());
    await this.#ask((keychain) => keychain.setPassword(keychainService, account, value));
    const read = await this.#ask((keychain) => keychain.getPassword(keychainService, account));
    await this.#ask((keychain) => keychain.deletePassword(keychainService, account));
    if (read !== value) throw unavailable('The keychain did not return the stored value.');
    // a keyring that was locked answered that there is nothing
    for (const [id, found] of this.#found) if (found === null) this.#found.delete(id);
  }

  get(connectionId: string): Promise<Found> {
    return this.#inOrder(connectionId, async () => {
      const known = this.#found.get(connectionId);
      if (known !== undefined) return known;
      const found = await this.#read(connectionId);
      this.#found.set(connectionId, found);
      return found;
    });
  }

  set(connectionId: string, secret: string): Promise<SecretStoreKind> {
    return this.#inOrder<SecretStoreKind>(connectionId, async () => {
      const value = encodeSecret(secret);
      await this.#ask((keychain) => keychain.setPassword(keychainService, connectionId, value));
      this.#found.set(connectionId, { secret, kind: 'keychain' });
      return 'keychain';
    });
  }

  getOrMake(entry: string, make: () => string): Promise<string> {
    return this.#inOrder(entry, async () => {
      const known = this.#found.get(entry) ?? (await this.#read(entry));
      // A locked keyring answers that there is nothing: only one that takes a value is sure of it.
      if (!known) await this.probe();
      const secret = (known ?? (await this.#read(entry)))?.secret ?? make();
      if (!known) {
        const value = encodeSecret(secret);
        await this.#ask((keychain) => keychain.setPassword(keychainService, entry, value));
      }
      this.#found.set(entry, { secret, kind: 'keychain' });
      return secret;
    });
  }

  remove(connectionId: string): Promise<void> {
    return this.#inOrder(connectionId, async () => {
      await this.#ask((keychain) => keychain.deletePassword(keychainService, connectionId));
      this.#found.set(connectionId, null);
    });
  }

  close(): void {
    this.#keychain.close?.();
  }

  async #read(connectionId: string): Promise<Found> {
    const value = await this.#ask((keychain) =>
      keychain.getPassword(keychainService, connectionId),
    );
    if (value === null) return null;
    const secret = decodeSecret(value);
    if (secret !== null) return { secret, kind: 'keychain' };
    throw new AppError({
      code: 'SECRET_UNREADABLE',
      message: `What the keychain holds for the connection ${connectionId} is not a secret of this console; it was left as it is.`,
      hint: 'Edit the connection and enter the secret key again, which replaces it.',
    });
  }

  #inOrder<Value>(connectionId: string, work: () => Promise<Value>): Promise<Value> {
    const before = this.#tails.get(connectionId) ?? Promise.resolve();
    const done = before.catch(() => undefined).then(work);
    this.#tails.set(
      connectionId,
      done.catch(() => undefined),
    );
    return done;
  }

  #ask<Value>(question: (keychain: Keychain) => Promise<Value>): Promise<Value> {
    const { count } = this.#refusals;
    const asked = this.#last.then(() => {
      if (this.#refusals.error && this.#refusals.count !== count) throw this.#refusals.error;
      return this.#answer(question);
    });
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  #refuse(message: string): AppError {
    const error = unavailable(message);
    this.#refusals = { count: this.#refusals.count + 1, error };
    return error;
  }

  async #answer<Value>(question: (keychain: Keychain) => Promise<Value>): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(this.#refuse(keychainSilence));
        this.#keychain.close?.();
      }, this.#timeOut);
    });
    try {
      return await Promise.race([question(this.#keychain), silence]);
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw this.#refuse(describeKeychainFailure(thrown));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** No `cause`: only the text of a keychain's error is passed on, in `message`. */
function unavailable(message: string): AppError {
  return new AppError({
    code: 'SECRET_STORE_UNAVAILABLE',
    message,
    hint: 'The console works without it: a secret entered now is kept until the console ends.',
  });
}

/** A secret as the keychain holds it: one line of base64, since a line break destroys some keyrings. */
export function encodeSecret(secret: string): string {
  return Buffer.from(secret, 'utf8').toString('base64');
}

/** The secret of a keychain's value, or null where the value is not one that {@link encodeSecret} made. */
export function decodeSecret(value: string): string | null {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== value) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

import { toAppError } from '#shared/errors.ts';
import { Signal } from '../../platform/events.ts';
import type { KeychainSecretStore } from './keychain-secret-store.ts';
import {
  keychainSilence,
  MemorySecretStore,
  type SecretStore,
  type SecretStoreKind,
  type SecretStoreStatus,
} from './secret-store.ts';

/** How long the start waits for the keychain before it continues without it, milliseconds. */
const defaultPatience = 3_000;

/**
 * The keychain where it works, else this process's memory. Which, is found out at the first need by
 * writing, reading and deleting a value, and again when the operator asks or enters a secret. A secret
 * is never dropped: what the keychain refuses is kept for the session.
 */
export class FallbackSecretStore implements SecretStore {
  /**
   * The keychain answered after all (its keyring was unlocked): it is in use now, and holds what was
   * entered meanwhile for the connections named.
   */
  readonly keychainReady = new Signal<string[]>();
  readonly #keychain: KeychainSecretStore;
  readonly #memory = new MemorySecretStore();
  readonly #patience: number;
  /** What was entered or removed while the keychain could not be reached. */
  readonly #untold = new Set<string>();
  #worked = false;
  #decided: Promise<void> | null = null;
  #reason: string | null = null;
  #asking: Promise<void> | null = null;

  constructor(keychain: KeychainSecretStore, { patience = defaultPatience } = {}) {
    this.#keychain = keychain;
    this.#patience = patience;
  }

  async status(): Promise<SecretStoreStatus> {
    await this.#decide();
    return this.#reason === null ? { kind: 'keychain' } : { kind: 'memory', reason: this.#reason };
  }

  async get(connectionId: string): Promise<{ secret: string; kind: SecretStoreKind } | null> {
    await this.#decide();
    if (this.#untold.has(connectionId)) return this.#memory.get(connectionId);
    // one that never worked is not asked: each question may wait for an answer that never comes
    return this.#worked ? this.#keychain.get(connectionId) : null;
  }

  async set(connectionId: string, secret: string): Promise<SecretStoreKind> {
    await this.#decide();
    // Whoever enters a secret may have unlocked the keyring for it.
    await this.#lookAgain();
    return this.#keep(connectionId, secret);
  }

  async getOrMake(entry: string, make: () => string): Promise<string | null> {
    await this.#decide();
    const asks = this.#worked && !this.#untold.has(entry);
    return asks ? this.#keychain.getOrMake(entry, make) : null;
  }

  async retry(): Promise<SecretStoreStatus> {
    await this.#decide();
    if (this.#reason !== null) await this.#askAgain();
    return this.status();
  }

  async #keep(connectionId: string, secret: string): Promise<SecretStoreKind> {
    if (this.#reason !== null) return this.#keepInMemory(connectionId, secret);
    try {
      const kind = await this.#keychain.set(connectionId, secret);
      await this.#forgetInMemory(connectionId);
      return kind;
    } catch (thrown) {
      this.#note(thrown);
      return this.#keepInMemory(connectionId, secret);
    }
  }

  async remove(connectionId: string): Promise<void> {
    await this.#decide();
    await this.#memory.remove(connectionId);
    this.#untold.add(connectionId);
    await this.#lookAgain(); // the start may have given up on one that was only slow
    if (this.#reason !== null || !this.#untold.has(connectionId)) return;
    await this.#keychain.remove(connectionId);
    this.#untold.delete(connectionId);
  }

  #keepInMemory(connectionId: string, secret: string): Promise<SecretStoreKind> {
    this.#untold.add(connectionId);
    return this.#memory.set(connectionId, secret);
  }

  async #forgetInMemory(connectionId: string): Promise<void> {
    this.#untold.delete(connectionId);
    await this.#memory.remove(connectionId);
  }

  #decide(): Promise<void> {
    this.#decided ??= this.#findOut();
    return this.#decided;
  }

  async #findOut(): Promise<void> {
    let late = false;
    const answered = this.#probe().then(
      () => (late ? this.#adoptKeychain() : undefined),
      (thrown: unknown) => this.#note(thrown),
    );
    await this.#withPatience(answered, () => {
      late = true;
      this.#reason = keychainSilence;
    });
  }

  /** Asks one again that could not be reached, and waits a while for its answer. */
  async #lookAgain(): Promise<void> {
    if (this.#reason !== null) await this.#withPatience(this.#askAgain(), () => undefined);
  }

  /** Probes again, once for all who ask at the same time. */
  #askAgain(): Promise<void> {
    this.#asking ??= this.#probe()
      .then(
        () => this.#adoptKeychain(),
        (thrown: unknown) => this.#note(thrown),
      )
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  async #probe(): Promise<void> {
    await this.#keychain.probe();
    this.#worked = true;
  }

  #note(thrown: unknown): void {
    this.#reason = toAppError(thrown).message;
  }

  /** Waits for an answer, up to the patience: it may depend on an operator's prompt. */
  async #withPatience(answered: Promise<void>, onSilence: () => void): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        onSilence();
        resolve();
      }, this.#patience);
    });
    await Promise.race([answered, silence]);
    clearTimeout(timer);
  }

  async #adoptKeychain(): Promise<void> {
    this.#reason = null;
    const moved: string[] = [];
    for (const connectionId of [...this.#untold]) {
      const held = await this.#memory.get(connectionId);
      if (!held) await this.remove(connectionId).catch((thrown: unknown) => this.#note(thrown));
      else if ((await this.#keep(connectionId, held.secret)) === 'keychain') {
        moved.push(connectionId);
      }
    }
    await this.keychainReady.tell(moved);
  }
}

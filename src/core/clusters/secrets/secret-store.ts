/** Where secrets are kept. */
export type SecretStoreKind = 'keychain' | 'memory';

/** What a store says of itself. */
export interface SecretStoreStatus {
  kind: SecretStoreKind;
  /** Why it is only memory, where it is. */
  reason?: string;
}

/**
 * Keeps one secret a connection, as one line of base64, on no disk but the OS keychain's.
 * Reads happen once a session for each connection; no method ever logs or rethrows a secret.
 */
export interface SecretStore {
  /** Where a secret written now would lie. */
  status(): Promise<SecretStoreStatus>;
  /** The secret of a connection and where it was found, or null. */
  get(connectionId: string): Promise<{ secret: string; kind: SecretStoreKind } | null>;
  /** Keeps a secret; yields where it lies now. */
  set(connectionId: string, secret: string): Promise<SecretStoreKind>;
  /**
   * Asks a keychain that failed once more, and moves to it what was kept in memory meanwhile. A store
   * that has no keychain says what it is.
   */
  retry(): Promise<SecretStoreStatus>;
  /** Forgets a secret. Forgetting what is not there is no error. */
  remove(connectionId: string): Promise<void>;
}

/** Keeps secrets in this process until it ends: the fallback, the demo's store and the tests'. */
export class MemorySecretStore implements SecretStore {
  readonly #secrets = new Map<string, string>();
  readonly #reason: string | undefined;

  /** @param reason why secrets are not in the keychain, one sentence */
  constructor(reason?: string) {
    this.#reason = reason;
  }

  async status(): Promise<SecretStoreStatus> {
    return this.#reason === undefined
      ? { kind: 'memory' }
      : { kind: 'memory', reason: this.#reason };
  }

  retry(): Promise<SecretStoreStatus> {
    return this.status();
  }

  async get(connectionId: string): Promise<{ secret: string; kind: SecretStoreKind } | null> {
    const secret = this.#secrets.get(connectionId);
    return secret === undefined ? null : { secret, kind: 'memory' };
  }

  async set(connectionId: string, secret: string): Promise<SecretStoreKind> {
    this.#secrets.set(connectionId, secret);
    return 'memory';
  }

  async remove(connectionId: string): Promise<void> {
    this.#secrets.delete(connectionId);
  }
}

import type { SecretStore, SecretStoreKind, SecretStoreStatus } from './secret-store.ts';

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

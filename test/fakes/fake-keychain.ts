import type { Keychain } from '#core/clusters/secrets/secret-store.ts';

/** A keychain whose answers can be held back or refused, and which counts what it is asked. */
export class FakeKeychain implements Keychain {
  readonly entries = new Map<string, string>();
  readonly calls: string[] = [];
  /** Every call rejects with this, while it is set. */
  failure: Error | null = null;
  closed = 0;
  #held: Promise<void> | null = null;
  #answer: (() => void) | null = null;

  /** From now on nobody is answered. */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  /** Answers everybody who waits. */
  answer(): void {
    this.#answer?.();
    this.#held = null;
  }

  async getPassword(service: string, account: string): Promise<string | null> {
    await this.#asked('get', account);
    return this.entries.get(`${service}/${account}`) ?? null;
  }

  async setPassword(service: string, account: string, password: string): Promise<void> {
    await this.#asked('set', account);
    this.entries.set(`${service}/${account}`, password);
  }

  async deletePassword(service: string, account: string): Promise<boolean> {
    await this.#asked('delete', account);
    return this.entries.delete(`${service}/${account}`);
  }

  close(): void {
    this.closed += 1;
  }

  async #asked(method: string, account: string): Promise<void> {
    this.calls.push(`${method} ${account.startsWith('probe-') ? 'probe' : account}`);
    if (this.#held) await this.#held;
    if (this.failure) throw this.failure;
  }
}

import { beforeEach, describe, expect, it } from 'vitest';
import {
  KeychainSecretStore,
  keychainService,
} from '#core/clusters/secrets/keychain-secret-store.ts';
import { FakeKeychain } from '#test/fakes/fake-keychain.ts';

/** A keyring as the Secret Service has it: every call that comes while it is locked opens its own prompt. */
class LockedKeychain extends FakeKeychain {
  readonly prompts: ((answer: 'unlock' | 'dismiss') => void)[] = [];
  #locked = true;
  #onPrompt: (() => void) | null = null;

  /** Resolves with the next prompt. */
  prompted(): Promise<void> {
    return new Promise((resolve) => {
      this.#onPrompt = resolve;
    });
  }

  override async getPassword(service: string, account: string): Promise<string | null> {
    if (this.#locked) await this.#prompt();
    return super.getPassword(service, account);
  }

  #prompt(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.prompts.push((answer) => {
        if (answer === 'dismiss') return reject(new Error('The prompt was dismissed'));
        this.#locked = false;
        resolve();
      });
      this.#onPrompt?.();
    });
  }
}

describe('KeychainSecretStore', () => {
  let keychain: FakeKeychain;
  let store: KeychainSecretStore;

  beforeEach(() => {
    keychain = new FakeKeychain();
    store = new KeychainSecretStore(keychain);
  });

  it('reads a secret once a session, also one that is not there', async () => {
    keychain.entries.set(`${keychainService}/a`, Buffer.from('kept').toString('base64'));
    for (let times = 0; times < 3; times += 1) {
      expect((await store.get('a'))?.secret).toBe('kept');
      expect(await store.get('none')).toBeNull();
    }
    expect(keychain.calls).toEqual(['get a', 'get none']);
  });

  it('does not read what it has just written', async () => {
    await store.set('a', 'new');
    expect((await store.get('a'))?.secret).toBe('new');
    expect(keychain.calls).toEqual(['set a']);
  });

  it('asks one thing after another, and keeps the order of calls for one connection', async () => {
    keychain.hold();
    const calls = [store.set('a', '1'), store.remove('a'), store.set('b', '2')];
    await new Promise((resolve) => setImmediate(resolve));
    expect(keychain.calls).toEqual(['set a']);
    keychain.answer();
    await Promise.all(calls);
    expect(keychain.calls).toEqual(['set a', 'set b', 'delete a']);
  });

  it('continues with the next call after one that failed', async () => {
    keychain.failure = new Error('no');
    const failing = store.set('a', '1').catch((error) => error.code);
    expect(await failing).toBe('SECRET_STORE_UNAVAILABLE');
    keychain.failure = null;
    expect(await store.set('a', '2')).toBe('keychain');
  });

  describe('with a locked keyring and 30 connections', () => {
    const ids = Array.from({ length: 30 }, (_, index) => `cluster-${index}`);
    let keyring: LockedKeychain;
    beforeEach(() => {
      keyring = new LockedKeychain();
      for (const id of ids) {
        keyring.entries.set(`${keychainService}/${id}`, Buffer.from(`of ${id}`).toString('base64'));
      }
      store = new KeychainSecretStore(keyring);
    });

    it('prompts once for all who ask at the same time', async () => {
      const reads = ids.map((id) => store.get(id));
      await keyring.prompted();
      expect(keyring.prompts).toHaveLength(1);
      keyring.prompts[0]?.('unlock');
      expect((await Promise.all(reads)).map((found) => found?.secret)).toEqual(
        ids.map((id) => `of ${id}`),
      );
      expect(keyring.prompts).toHaveLength(1);
    });

    it('asks nobody again for what was dismissed, but does for what is asked later', async () => {
      const reads = ids.map((id) => store.get(id).catch((error) => error.code));
      await keyring.prompted();
      keyring.prompts[0]?.('dismiss');
      expect(new Set(await Promise.all(reads))).toEqual(new Set(['SECRET_STORE_UNAVAILABLE']));
      expect(keyring.prompts).toHaveLength(1);
      const later = store.get('cluster-7');
      await keyring.prompted();
      keyring.prompts[1]?.('unlock');
      expect((await later)?.secret).toBe('of cluster-7');
    });
  });

  it('makes what is not there, once; a locked keyring that answers "nothing" is asked twice', async () => {
    expect(await store.getOrMake('key', () => 'made')).toBe('made');
    expect(await store.getOrMake('key', () => 'another')).toBe('made');
    const hidden = new FakeKeychain();
    hidden.entries.set(`${keychainService}/key`, Buffer.from('kept').toString('base64'));
    const read = hidden.getPassword.bind(hidden);
    let locked = true;
    hidden.getPassword = async (service, account) =>
      locked && account === 'key' ? null : read(service, account);
    const set = hidden.setPassword.bind(hidden);
    hidden.setPassword = async (...call) => {
      locked = false; // writing opens it
      await set(...call);
    };
    expect(await new KeychainSecretStore(hidden).getOrMake('key', () => 'made')).toBe('kept');
    expect(
      Buffer.from(hidden.entries.get(`${keychainService}/key`) ?? '', 'base64').toString(),
    ).toBe('kept');
  });

  it('gives a call up that is not answered', async () => {
    store = new KeychainSecretStore(keychain, 5);
    keychain.hold();
    await expect(store.get('a')).rejects.toMatchObject({
      code: 'SECRET_STORE_UNAVAILABLE',
      message: expect.stringContaining('waiting for its keyring to be unlocked'),
    });
    expect(keychain.closed).toBe(1);
  });

  it.each(['plain text', 'YWJj\n', 'YWJ', '', '/w=='])(
    'reports the foreign value %j and leaves it',
    async (value) => {
      keychain.entries.set(`${keychainService}/a`, value);
      await expect(store.get('a')).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
      expect(keychain.entries.get(`${keychainService}/a`)).toBe(value);
    },
  );

  it('finds a keychain out that does not give back what it was given', async () => {
    keychain.getPassword = async () => null;
    await expect(store.probe()).rejects.toMatchObject({ code: 'SECRET_STORE_UNAVAILABLE' });
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import {
  KeychainSecretStore,
  keychainService,
} from '#core/clusters/secrets/keychain-secret-store.ts';
import { FakeKeychain } from '#test/fakes/fake-keychain.ts';

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

  it('keeps the order of calls for one connection while others go ahead', async () => {
    keychain.hold();
    const calls = [store.set('a', '1'), store.remove('a'), store.set('b', '2')];
    await new Promise((resolve) => setImmediate(resolve));
    expect(keychain.calls).toEqual(['set a', 'set b']);
    keychain.answer();
    await Promise.all(calls);
    expect(keychain.calls).toEqual(['set a', 'set b', 'delete a']);
  });

  it('goes on with the next call after one that failed', async () => {
    keychain.failure = new Error('no');
    const failing = store.set('a', '1').catch((error) => error.code);
    expect(await failing).toBe('SECRET_STORE_UNAVAILABLE');
    keychain.failure = null;
    expect(await store.set('a', '2')).toBe('keychain');
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

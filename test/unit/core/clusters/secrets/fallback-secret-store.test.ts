import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FallbackSecretStore } from '#core/clusters/secrets/fallback-secret-store.ts';
import {
  KeychainSecretStore,
  keychainService,
} from '#core/clusters/secrets/keychain-secret-store.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { FakeKeychain } from '#test/fakes/fake-keychain.ts';

const stored = (keychain: FakeKeychain, id: string): string | undefined =>
  keychain.entries.get(`${keychainService}/${id}`);

describe('FallbackSecretStore', () => {
  let keychain: FakeKeychain;

  beforeEach(() => {
    keychain = new FakeKeychain();
  });

  it('uses a keychain that works, asks nothing before the first need, and probes once', async () => {
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain));
    expect(keychain.calls).toEqual([]);
    await Promise.all([store.status(), store.set('a', 'kept'), store.get('b')]);
    expect(await store.status()).toEqual({ kind: 'keychain' });
    expect(keychain.calls.filter((call) => call.endsWith('probe'))).toEqual([
      'set probe',
      'get probe',
      'delete probe',
    ]);
    expect(stored(keychain, 'a')).toBeDefined();
  });

  it('keeps secrets in memory where the keychain fails, and says why', async () => {
    keychain.failure = new Error('Cannot autolaunch D-Bus without X11 $DISPLAY');
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain));
    expect(await store.set('a', 'session')).toBe('memory');
    expect(await store.get('a')).toEqual({ secret: 'session', kind: 'memory' });
    expect(await store.status()).toEqual({
      kind: 'memory',
      reason: 'No keychain answers in this session: there is no Secret Service on its D-Bus.',
    });
    await store.remove('a');
    expect(await store.get('a')).toBeNull();
  });

  it('keeps a secret that the keychain refuses later on', async () => {
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain));
    await store.set('a', 'in the keychain');
    keychain.failure = new Error('the keyring is locked');
    expect(await store.set('a', 'newer')).toBe('memory');
    expect((await store.get('a'))?.secret).toBe('newer');
    expect((await store.status()).kind).toBe('memory');
  });

  it('continues without a keychain that waits to be unlocked, and moves to it once it is', async () => {
    keychain.hold();
    const onKeychainReady = vi.fn();
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain), { patience: 5 });
    store.keychainReady.on(onKeychainReady);
    expect(await store.set('a', 'typed meanwhile')).toBe('memory');
    expect((await store.status()).reason).toContain('waiting for its keyring to be unlocked');
    keychain.answer();
    await eventually(() => expect(onKeychainReady).toHaveBeenCalledWith(['a']));
    expect(await store.status()).toEqual({ kind: 'keychain' });
    expect(await store.get('a')).toEqual({ secret: 'typed meanwhile', kind: 'keychain' });
    expect(stored(keychain, 'a')).toBe(Buffer.from('typed meanwhile').toString('base64'));
  });

  it('asks again when asked to, once for all who ask, and moves what was kept meanwhile', async () => {
    keychain.failure = new Error('the keyring is locked');
    const onKeychainReady = vi.fn();
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain));
    store.keychainReady.on(onKeychainReady);
    await store.set('a', 'typed meanwhile');
    expect(await store.retry()).toMatchObject({ kind: 'memory', reason: /locked/ });
    keychain.failure = null;
    keychain.calls.length = 0;
    expect(await Promise.all([store.retry(), store.retry()])).toEqual([
      { kind: 'keychain' },
      { kind: 'keychain' },
    ]);
    expect(keychain.calls).toEqual(['set probe', 'get probe', 'delete probe', 'set a']);
    expect(onKeychainReady).toHaveBeenCalledExactlyOnceWith(['a']);
    expect(await store.get('a')).toEqual({ secret: 'typed meanwhile', kind: 'keychain' });
    await store.retry();
    expect(keychain.calls).toHaveLength(4);
  });

  it('asks again when a secret is entered, since its keyring may be unlocked by now', async () => {
    keychain.failure = new Error('the keyring is locked');
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain), { patience: 5 });
    expect(await store.set('a', 'first')).toBe('memory');
    keychain.failure = null;
    expect(await store.set('b', 'second')).toBe('keychain');
    expect(await store.get('a')).toEqual({ secret: 'first', kind: 'keychain' });
    keychain.failure = new Error('the keyring is locked');
    expect(await store.set('a', 'third')).toBe('memory');
    keychain.failure = null;
    keychain.hold();
    expect(await store.set('a', 'fourth')).toBe('memory'); // a prompt is open: nothing waits for it
    keychain.answer();
    await eventually(async () =>
      expect(await store.get('a')).toEqual({ secret: 'fourth', kind: 'keychain' }),
    );
  });

  it('finds what the keychain holds after it refused another secret', async () => {
    const before = new KeychainSecretStore(keychain);
    await before.set('earlier', 'of the last session');
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain));
    await store.set('a', 'in the keychain');
    const key = await store.getOrMake('journal', () => 'made');
    keychain.failure = new Error('the keyring is locked');
    expect(await store.set('b', 'typed meanwhile')).toBe('memory');
    expect(await store.get('a')).toEqual({ secret: 'in the keychain', kind: 'keychain' });
    expect(await store.get('b')).toEqual({ secret: 'typed meanwhile', kind: 'memory' });
    expect(await store.getOrMake('journal', () => 'another')).toBe(key);
    // what has to be asked for is not said to be missing
    await expect(store.get('earlier')).rejects.toMatchObject({ code: 'SECRET_STORE_UNAVAILABLE' });
    keychain.failure = null;
    expect((await store.get('earlier'))?.secret).toBe('of the last session');
  });

  it('gives back nothing that was removed while the keychain failed, and tells it once it answers', async () => {
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain));
    for (const id of ['a', 'b', 'c']) await store.set(id, 'in the keychain');
    keychain.failure = new Error('the keyring is locked');
    await expect(store.remove('a')).rejects.toMatchObject({ code: 'SECRET_STORE_UNAVAILABLE' });
    await store.set('b', 'newer');
    await store.remove('b');
    await store.remove('c');
    for (const id of ['a', 'b', 'c']) expect(await store.get(id)).toBeNull();
    expect(stored(keychain, 'a')).toBeDefined();
    keychain.failure = null;
    await store.retry();
    expect([...keychain.entries]).toEqual([]);
    for (const id of ['a', 'b', 'c']) expect(await store.get(id)).toBeNull();
  });

  it('removes from a keychain that was slow at the start and answers by now', async () => {
    await new KeychainSecretStore(keychain).set('a', 'of the last session');
    keychain.hold();
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain), { patience: 5 });
    expect((await store.status()).kind).toBe('memory');
    keychain.answer();
    await store.remove('a');
    expect([...keychain.entries]).toEqual([]);
    expect(await store.status()).toEqual({ kind: 'keychain' });
  });

  it('asks again for what a locked keyring said it does not have, once it is unlocked', async () => {
    await new KeychainSecretStore(keychain).set('a', 'of the last session');
    const read = keychain.getPassword.bind(keychain);
    let locked = true;
    keychain.getPassword = (service, account) =>
      locked && account === 'a' ? Promise.resolve(null) : read(service, account);
    const store = new FallbackSecretStore(new KeychainSecretStore(keychain));
    expect(await store.get('a')).toBeNull();
    keychain.failure = new Error('the keyring is locked');
    await store.set('b', 'typed meanwhile');
    [locked, keychain.failure] = [false, null];
    await store.retry();
    expect((await store.get('a'))?.secret).toBe('of the last session');
  });
});

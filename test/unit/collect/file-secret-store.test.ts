import { expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { FileSecretStore } from '../../../src/collect/file-secret-store.ts';

it('hands the secret of the file to its connection, and to no proxy, webhook or mail server', async () => {
  const keychain = new MemorySecretStore();
  await keychain.set('signals-digest', 'token of the webhook');
  const store = new FileSecretStore('of the file', (entry) => entry === 'rack-1', keychain);
  expect((await store.get('rack-1'))?.secret).toBe('of the file');
  expect((await store.get('signals-digest'))?.secret).toBe('token of the webhook');
  for (const entry of ['proxy-rack-1', 'billing-whmcs', 'rack-2', 'journal-key:rack-1']) {
    expect(await store.get(entry)).toBeNull();
  }
});

it('has nothing else where no keychain answers', async () => {
  const silent = new FileSecretStore('of the file', () => false, null);
  expect(await silent.get('signals-digest')).toBeNull();
  const locked = new MemorySecretStore();
  locked.get = () => Promise.reject(new Error('locked'));
  expect(await new FileSecretStore('x', () => false, locked).get('signals-digest')).toBeNull();
});

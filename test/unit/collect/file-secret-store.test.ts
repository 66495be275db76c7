import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import { FileSecretStore } from '../../../src/collect/file-secret-store.ts';
import { readCheckOptions } from '../../../src/collect/options.ts';
import { secretStoreOf } from '../../../src/collect/run-headless.ts';

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

it('hands the digest its own file, and the cluster’s to nobody but the cluster', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ostor-secret-files-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(dataDir, name), text, { mode: 0o600 });
    return join(dataDir, name);
  };
  try {
    const digest = ['--digest', '--digest-secret-file', file('hook', 'hook-token\n')];
    const alone = await secretStoreOf(readCheckOptions(['--data-dir', dataDir, ...digest]));
    expect((await alone?.get('signals-digest'))?.secret).toBe('hook-token');
    expect(await secretStoreOf(readCheckOptions(['--data-dir', dataDir]))).toBeUndefined();
    const secret = ['--secret-file', file('secret', 'of-billing'), '--connection', 'Whmcs'];
    const both = await secretStoreOf(
      readCheckOptions(['--data-dir', dataDir, ...digest, ...secret]),
    );
    expect((await both?.get('signals-digest'))?.secret).toBe('hook-token');
    expect((await both?.get('billing-1'))?.secret).toBe('of-billing');
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

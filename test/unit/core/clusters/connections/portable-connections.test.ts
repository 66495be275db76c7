import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConnections, sealConnections } from '#core/clusters/connections/connection-bundle.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const passphrase = 'correct hörse battery';
const site = {
  name: 'Site Zürich',
  endpoint: 'https://s3.site.example',
  accessKeyId: 'AKIDEXAMPLE',
  secretKey: 'the secret of the site',
  environment: 'production',
  readOnly: true,
  maxConnections: 3,
  proxy: { mode: 'manual', url: 'socks5://proxy:1080', username: 'op', password: 'pass of proxy' },
} as const;

describe('a file of connections', () => {
  let source: TestConsole;
  let target: TestConsole;

  beforeEach(async () => {
    [source, target] = await Promise.all([TestConsole.start(), TestConsole.start()]);
  });
  afterEach(() => Promise.all([source.end(), target.end()]));

  it('brings connections with their guards to another workstation, secrets only if asked', async () => {
    await source.call('connections.save', site);
    await source.call('connections.save', { ...site, name: 'Lab', environment: 'lab' });
    const { content, connections } = await source.call('connections.export', { passphrase });
    expect(connections).toBe(2);
    const { added, skipped } = await target.call('connections.import', { content, passphrase });
    expect(added.map(({ name }) => name)).toEqual(['Site Zürich', 'Lab']);
    expect(skipped).toEqual([]);
    const [first] = await target.call('connections.list', {});
    expect(first).toMatchObject({
      name: 'Site Zürich',
      endpoint: 'https://s3.site.example',
      environment: 'production',
      readOnly: true,
      maxConnections: 3,
      hasCredential: false,
      proxy: { mode: 'manual', url: 'socks5://proxy:1080', username: 'op' },
    });
    expect(first?.proxy).not.toHaveProperty('hasPassword');
    expect(JSON.stringify(await openConnections(content, passphrase))).not.toMatch(
      /secret of|pass of/,
    );
  });

  it('holds secrets where that was asked for, and nothing of it can be read', async () => {
    const { id } = await source.call('connections.save', site);
    const file = await source.call('connections.export', {
      passphrase,
      ids: [id],
      withSecrets: true,
    });
    expect(file).toMatchObject({ connections: 1, withoutSecret: [] });
    for (const text of [site.secretKey, site.proxy.password, site.name, site.endpoint]) {
      expect(file.content).not.toContain(text);
      expect(file.content).not.toContain(Buffer.from(text).toString('base64').slice(0, -4));
    }
    await target.call('connections.import', { content: file.content, passphrase });
    const [added] = await target.call('connections.list', {});
    expect(added).toMatchObject({ hasCredential: true, proxy: { hasPassword: true } });
    const journal = await source.call('journal.list', { connectionId: id, offset: 0, limit: 9 });
    expect(journal.rows.map(({ title, operation }) => [title, operation])).toEqual([
      ['Export secret key', 'connections.export'],
    ]);
    const stored = await readFile(join(target.dataDir, 'connections.json'), 'utf8');
    expect(stored).not.toMatch(/secret of|pass of/);
  });

  it('names what it skips, and adds the rest', async () => {
    await target.call('connections.save', site);
    const { secretKey: _secret, ...fields } = site;
    const content = await sealConnections(
      [fields, { name: 'Broken', endpoint: 7 }, 'nonsense', { ...fields, name: 'Fine' }],
      passphrase,
    );
    const { added, skipped } = await target.call('connections.import', { content, passphrase });
    expect(added.map(({ name }) => name)).toEqual(['Fine']);
    expect(skipped).toEqual([
      { name: 'Site Zürich', reason: expect.stringContaining('Site Zürich') },
      { name: 'Broken', reason: 'Its settings can’t be read by this console.' },
      { name: 'Entry 3', reason: 'Its settings can’t be read by this console.' },
    ]);
  });
});

it('a file of connections is refused where anything of it was changed, and with another passphrase', async () => {
  const content = await sealConnections([site], passphrase);
  const file = JSON.parse(content);
  const changed = [
    { ...file, data: Buffer.from(`x${file.data}`).toString('base64') },
    { ...file, kdf: { ...file.kdf, N: file.kdf.N / 2 } },
    { ...file, cipher: { ...file.cipher, tag: file.cipher.tag.slice(0, 4) } },
    { ...file, kdf: { ...file.kdf, N: 2 ** 30 } },
    { ...file, version: 2 },
    { ...file, format: 'other' },
  ].map((other) => JSON.stringify(other));
  for (const text of [...changed, 'nonsense', '['.repeat(100_000)]) {
    await expect(openConnections(text, passphrase)).rejects.toMatchObject({
      code: 'FILE_INVALID',
    });
  }
  await expect(openConnections(content, 'another passphrase')).rejects.toMatchObject({
    code: 'FILE_INVALID',
  });
  // one passphrase, whether its letters are composed or not
  const decomposed = passphrase.normalize('NFD');
  expect(decomposed).not.toBe(passphrase);
  expect(await openConnections(content, decomposed)).toEqual([site]);
});

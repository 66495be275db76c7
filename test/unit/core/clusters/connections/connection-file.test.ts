import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readConnectionFile,
  writeConnectionFile,
} from '#core/clusters/connections/connection-file.ts';
import { storedConnection } from '#test/fakes/stored-connection.ts';

describe('connections.json', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ostor-console-test-'));
    path = join(directory, 'connections.json');
  });

  afterEach(() => rm(directory, { recursive: true }));

  const full = storedConnection({
    environment: 'production',
    readOnly: true,
    signature: 'v2-unsigned-payload',
    detectedSignature: 'v4',
    region: 'eu-1',
    tls: { fingerprint256: Array.from({ length: 32 }, () => 'AB').join(':') },
    proxy: { mode: 'manual', url: 'http://proxy:3128' },
    maxConnections: 64,
    secretInKeychain: true,
  });

  it('keeps every field of a connection, guards included, for its owner alone', async () => {
    await writeConnectionFile(path, [full, storedConnection({ id: 'b', name: 'B' })]);
    const { connections, notice } = await readConnectionFile(path);
    expect(connections).toEqual([full, storedConnection({ id: 'b', name: 'B' })]);
    expect(notice).toBeUndefined();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1 });
  });

  it('is empty while there is no file', async () => {
    expect(await readConnectionFile(path)).toEqual({ connections: [] });
  });

  it.each([
    ['half a file', '{"version": 1, "connections": [{"id'],
    ['nothing', ''],
    ['another form', '{"clusters": []}'],
    ['a list', '[]'],
    ['bytes', '\u0000\u0001'],
  ])('sets %s aside and says where it is', async (_what, content) => {
    await writeFile(path, content);
    const { connections, notice } = await readConnectionFile(path);
    expect(connections).toEqual([]);
    const [aside = ''] = await readdir(directory);
    expect(aside).toMatch(/^connections\.json\.damaged-/);
    expect(await readFile(join(directory, aside), 'utf8')).toBe(content);
    expect(notice).toMatchObject({ severity: 'error', hint: expect.stringContaining(aside) });
  });

  it.each([
    ['a damaged file', '{"version": 1, "conn', /damaged/, /Repair it/],
    ['that of a newer console', '{"version": 99, "connections": []}', /newer/, /Update this/],
  ])(
    'leaves %s where it is another console’s too, and says so each time',
    async (_what, content, message, hint) => {
      await writeFile(path, content);
      for (const _time of [1, 2]) {
        await expect(readConnectionFile(path, true)).rejects.toMatchObject({
          ...{ code: 'FILE_INVALID', message: expect.stringMatching(message) },
          hint: expect.stringMatching(hint),
        });
      }
      expect(await readdir(directory)).toEqual(['connections.json']);
      expect(await readFile(path, 'utf8')).toBe(content);
    },
  );

  it('sets the file of a newer console aside', async () => {
    await writeFile(path, JSON.stringify({ version: 2, connections: [] }));
    const { notice } = await readConnectionFile(path);
    expect(notice?.message).toContain('newer console');
    expect((await readdir(directory))[0]).toMatch(/^connections\.json\.newer-/);
  });

  it('keeps the good entries where one is bad, and the file as it was', async () => {
    const content = { version: 1, connections: [full, { id: 'no more' }, full] };
    await writeFile(path, JSON.stringify(content));
    const { connections, notice } = await readConnectionFile(path);
    expect(connections).toEqual([full]);
    expect(notice?.message).toContain('2 of 3');
    const copy = (await readdir(directory)).find((name) => name.includes('damaged')) ?? '';
    expect(JSON.parse(await readFile(join(directory, copy), 'utf8'))).toEqual(content);
  });

  it('says so when it cannot be read or written', async () => {
    await expect(readConnectionFile(directory)).rejects.toMatchObject({ code: 'DISK_FAILED' });
    await expect(writeConnectionFile(join(path, 'below'), [])).rejects.toMatchObject({
      code: 'DISK_FAILED',
    });
  });
});

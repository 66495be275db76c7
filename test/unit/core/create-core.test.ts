import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import type { CoreOptions } from '#core/core.ts';
import { createCore } from '#core/create-core.ts';
import { startSimulator } from '#simulator/index.ts';
import { storedConnection } from '#test/fakes/stored-connection.ts';

describe('createCore', () => {
  let dataDir: string;
  let options: CoreOptions;
  const context = { signal: new AbortController().signal };

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
    const secretStore = new MemorySecretStore();
    options = { shell: 'web', version: 'test', dataDir, secretStore, checkOutputs: true };
  });

  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('keeps a second console off its data until it is closed, however often', async () => {
    const core = await createCore(options);
    await expect(createCore(options)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' });
    const second = await createCore({ ...options, sharesDataDir: true });
    await second.close();
    await Promise.all([core.close(), core.close()]);
    await (await createCore(options)).close();
  });

  it('lets go of the data when it cannot start', async () => {
    await mkdir(join(dataDir, 'connections.json'));
    await expect(createCore(options)).rejects.toMatchObject({ code: 'DISK_FAILED' });
    rmSync(join(dataDir, 'connections.json'), { recursive: true });
    await (await createCore(options)).close();
  });

  it('starts with damaged connections, and tells where they are', async () => {
    await writeFile(join(dataDir, 'connections.json'), '{"version":1,"conn');
    const core = await createCore(options);
    const reply = await core.dispatch('app.info', {}, context);
    expect(reply).toMatchObject({
      ok: true,
      value: { notices: [{ severity: 'error', hint: expect.stringContaining('damaged-') }] },
    });
    await core.close();
    expect((await readdir(dataDir)).some((name) => name.includes('.damaged-'))).toBe(true);
  });

  it('leaves connections that it read in part as they are beside another console, whatever it notes', async () => {
    const path = join(dataDir, 'connections.json');
    const simulator = await startSimulator({ users: 2 });
    const { url: endpoint, accessKeyId, secretKey } = simulator;
    const known = storedConnection({ endpoint, accessKeyId, proxy: { mode: 'direct' } });
    const secretStore = new MemorySecretStore();
    await secretStore.set(known.id, secretKey);
    const content = JSON.stringify({ version: 1, connections: [known, { id: 'no more' }] });
    await writeFile(path, content);
    const core = await createCore({ ...options, secretStore, sharesDataDir: true });
    const refreshed = await core.dispatch('sync.refresh', { connectionId: known.id }, context);
    expect(refreshed).toMatchObject({ ok: true });
    const noted = { id: known.id, detectedSignature: expect.any(String) };
    expect(await core.dispatch('connections.list', {}, context)).toMatchObject({ value: [noted] });
    await core.close();
    await simulator.stop();
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('connections.'))).toEqual([
      'connections.json',
    ]);
  });

  it('shows nothing where nothing is saved and there is no demo', async () => {
    const core = await createCore(options);
    expect(await core.dispatch('connections.list', {}, context)).toEqual({ ok: true, value: [] });
    await core.close();
    expect(existsSync(join(dataDir, 'connections.json'))).toBe(false);
  });

  it('starts, and says so, where the demo does not', async () => {
    const startDemo = async (): Promise<never> => {
      throw new Error('no port is free');
    };
    const core = await createCore({ ...options, startDemo });
    expect(await core.dispatch('connections.list', {}, context)).toEqual({ ok: true, value: [] });
    expect(await core.dispatch('app.info', {}, context)).toMatchObject({
      value: { notices: [{ message: 'The demo cluster could not be started.' }] },
    });
    await core.close();
    const log = readFileSync(join(dataDir, 'log', 'console.log'), 'utf8');
    expect(log).toContain('no port is free');
  });

  it('logs calls that fail, and no secret that they held', async () => {
    const core = await createCore(options);
    const secretKey = 'hunter2-hunter2';
    const input = {
      name: 'a',
      endpoint: `${secretKey} `.repeat(2),
      accessKeyId: 'a',
      environment: 'lab',
    };
    await core.dispatch('connections.save', { ...input, secretKey }, context);
    await core.dispatch('connections.save', { secretKey }, context);
    await core.dispatch(secretKey, {}, context);
    await core.close();
    const log = readFileSync(join(dataDir, 'log', 'console.log'), 'utf8');
    expect(log).toContain('ENDPOINT_INVALID');
    expect(log).toContain('INPUT_INVALID');
    expect(log).toContain('CALL_UNKNOWN');
    expect(log).not.toContain(secretKey);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Core, createCore } from '#core/create-core.ts';
import { MemorySecretStore } from '#core/secrets/memory-secret-store.ts';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';

const secrets = new MemorySecretStore();
let dataDir: string;
let simulator: Simulator;
let core: Core;

function startCore(): Promise<Core> {
  return createCore({
    shell: 'web',
    version: 'test',
    dataDir,
    secretStore: secrets,
    checkOutputs: true,
  });
}

async function call<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name>> {
  const reply = await core.dispatch(name, input, { signal: new AbortController().signal });
  if (!reply.ok) throw AppError.fromData(reply.error);
  return reply.value as CallOutput<Name>;
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ostor-console-test-'));
  simulator = await startSimulator({ users: 60, buckets: 150, seed: 7 });
  core = await startCore();
});

afterEach(async () => {
  await core.close();
  await simulator.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function saveConnection(): Promise<CallOutput<'connections.save'>> {
  return call('connections.save', {
    name: 'Rack 12',
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    environment: 'staging',
    proxy: { mode: 'direct' },
  });
}

describe('a console that was online and is not any more', () => {
  it('saves, tests, refreshes and browses; started again without network, still browses', async () => {
    const { id } = await saveConnection();
    const test = await call('connections.test', { id });
    expect(test.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(test.ok).toBe(true);

    expect(await call('sync.status', { connectionId: id })).toMatchObject({ state: 'never' });
    const refreshed = await call('sync.refresh', { connectionId: id });
    expect(refreshed).toMatchObject({ users: 60, buckets: 150 });
    const users = await call('users.list', { connectionId: id, limit: 100 });
    const buckets = await call('buckets.list', { connectionId: id, limit: 200 });
    expect(users.total).toBe(60);
    expect(buckets.total).toBe(150);
    const owner = users.rows.find((row) => row.bucketCount > 0);
    const online = await call('users.get', { connectionId: id, userId: owner?.userId ?? '' });
    expect(online.source).toBe('gateway');

    await core.close();
    await simulator.stop();
    core = await startCore();

    expect(await call('users.list', { connectionId: id, limit: 100 })).toEqual(users);
    expect(await call('buckets.list', { connectionId: id, limit: 200 })).toEqual(buckets);
    const offline = await call('users.get', { connectionId: id, userId: owner?.userId ?? '' });
    expect(offline).toMatchObject({
      source: 'snapshot',
      keys: online.keys,
      keysAsOf: online.keysAsOf,
      asOf: refreshed.asOf,
    });
    await expect(call('sync.refresh', { connectionId: id })).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    const status = await call('sync.status', { connectionId: id });
    expect(status).toMatchObject({
      state: 'offline',
      asOf: refreshed.asOf,
      users: 60,
      buckets: 150,
      error: { code: 'CONNECTION_REFUSED' },
    });
    expect(status.offlineSince).toBeDefined();
    expect((await call('users.list', { connectionId: id })).total).toBe(60);
  });

  it('remembers which signature the gateway takes', async () => {
    const { id } = await saveConnection();
    await call('sync.refresh', { connectionId: id });
    const [connection] = await call('connections.list', {});
    expect(connection?.detectedSignature).toBe('v2');
  });

  it('uses a changed secret at once, and keeps the stored one where none is given', async () => {
    const saved = await saveConnection();
    await call('sync.refresh', { connectionId: saved.id });
    const { id, name, endpoint, accessKeyId, environment } = saved;
    const fields = {
      id,
      name,
      endpoint,
      accessKeyId,
      environment,
      proxy: { mode: 'direct' as const },
    };
    await call('connections.save', { ...fields, secretKey: 'wrong' });
    await expect(call('sync.refresh', { connectionId: id })).rejects.toMatchObject({
      code: 'SIGNATURE_REFUSED',
    });
    expect((await call('connections.test', { id })).steps.find(({ ok }) => !ok)).toMatchObject({
      name: 'signature',
    });
    await call('connections.save', { ...fields, secretKey: simulator.secretKey });
    await call('connections.save', { ...fields, name: 'Rack 13' });
    await call('sync.refresh', { connectionId: id });
    expect(await call('sync.status', { connectionId: id })).toMatchObject({ state: 'online' });
  });

  it('keeps the guards of a connection over a restart', async () => {
    const { id, name, endpoint, accessKeyId } = await saveConnection();
    await call('connections.save', {
      id,
      name,
      endpoint,
      accessKeyId,
      environment: 'production',
      readOnly: true,
    });
    await core.close();
    core = await startCore();
    const [connection] = await call('connections.list', {});
    expect(connection).toMatchObject({ readOnly: true, environment: 'production' });
  });
});

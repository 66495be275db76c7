import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FallbackSecretStore } from '#core/clusters/secrets/fallback-secret-store.ts';
import { KeychainSecretStore } from '#core/clusters/secrets/keychain-secret-store.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { FakeKeychain } from '#test/fakes/fake-keychain.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console: TestConsole;

beforeEach(async () => {
  simulator = await startSimulator({ users: 60, buckets: 150, seed: 7 });
  console = await TestConsole.start();
});

afterEach(async () => {
  vi.useRealTimers();
  await console.end();
  await simulator.stop();
});

function saveConnection(): Promise<CallOutput<'connections.save'>> {
  return console.call('connections.save', {
    name: 'Rack 12',
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    environment: 'staging',
    proxy: { mode: 'direct' },
  });
}

describe('a console that was online and no longer is', () => {
  it('saves, tests, refreshes and browses; started again without network, still browses', async () => {
    const { id } = await saveConnection();
    const test = await console.call('connections.test', { id });
    expect(test.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(test.ok).toBe(true);

    // it answered the test, and nothing was read yet
    expect(await console.call('sync.status', { connectionId: id })).toMatchObject({
      state: 'online',
      asOf: null,
    });
    const refreshed = await console.call('sync.refresh', { connectionId: id });
    expect(refreshed).toMatchObject({ users: 60, buckets: 150 });
    const users = await console.call('users.list', { connectionId: id, limit: 100 });
    const buckets = await console.call('buckets.list', { connectionId: id, limit: 200 });
    expect(users.total).toBe(60);
    expect(buckets.total).toBe(150);
    const owner = users.rows.find((row) => row.bucketCount !== null && row.bucketCount > 0);
    const online = await console.call('users.get', {
      connectionId: id,
      userId: owner?.userId ?? '',
    });
    expect(online.source).toBe('gateway');

    await simulator.stop();
    await console.restart();

    // the detail of one user, read in between, said what it is and how many keys it has
    const known = users.rows.map(({ flagsUnknown, ...row }) => {
      if (row.userId === owner?.userId) return { ...row, keyCount: online.keys.length };
      return flagsUnknown === undefined ? row : { ...row, flagsUnknown };
    });
    const seen = await console.call('users.list', { connectionId: id, limit: 100 });
    expect(seen).toEqual({ ...users, rows: known });
    expect(await console.call('buckets.list', { connectionId: id, limit: 200 })).toEqual(buckets);
    const offline = await console.call('users.get', {
      connectionId: id,
      userId: owner?.userId ?? '',
    });
    expect(offline).toMatchObject({
      source: 'snapshot',
      keys: online.keys,
      keysAsOf: online.keysAsOf,
      asOf: refreshed.asOf,
    });
    await expect(console.call('sync.refresh', { connectionId: id })).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    const status = await console.call('sync.status', { connectionId: id });
    expect(status).toMatchObject({
      state: 'offline',
      asOf: refreshed.asOf,
      users: 60,
      buckets: 150,
      error: { code: 'CONNECTION_REFUSED' },
    });
    expect(status.offlineSince).toBeDefined();
    expect((await console.call('users.list', { connectionId: id })).total).toBe(60);
  });

  it('remembers which signature the gateway takes', async () => {
    const { id } = await saveConnection();
    await console.call('sync.refresh', { connectionId: id });
    const [connection] = await console.call('connections.list', {});
    expect(connection?.detectedSignature).toBe('v2');
  });

  it('uses a changed secret at once, and keeps the stored one where none is given', async () => {
    const saved = await saveConnection();
    await console.call('sync.refresh', { connectionId: saved.id });
    const { id, name, endpoint, accessKeyId, environment } = saved;
    const fields = {
      id,
      name,
      endpoint,
      accessKeyId,
      environment,
      proxy: { mode: 'direct' as const },
    };
    await console.call('connections.save', { ...fields, secretKey: 'wrong' });
    await expect(console.call('sync.refresh', { connectionId: id })).rejects.toMatchObject({
      code: 'SIGNATURE_REFUSED',
    });
    expect(
      (await console.call('connections.test', { id })).steps.find(({ ok }) => !ok),
    ).toMatchObject({
      name: 'signature',
    });
    await console.call('connections.save', { ...fields, secretKey: simulator.secretKey });
    const statusNow = () => console.call('sync.status', { connectionId: id });
    expect(await statusNow()).toMatchObject({ state: 'failing' });
    expect((await console.call('connections.test', { id })).ok).toBe(true);
    expect(await statusNow()).toMatchObject({ state: 'online' }); // the test was an answer, too
    await console.call('connections.save', { ...fields, name: 'Rack 13' });
    await console.call('sync.refresh', { connectionId: id });
    expect(await console.call('sync.status', { connectionId: id })).toMatchObject({
      state: 'online',
    });
  });

  it('keeps the guards of a connection over a restart', async () => {
    const { id, name, endpoint, accessKeyId } = await saveConnection();
    await console.call('connections.save', {
      id,
      name,
      endpoint,
      accessKeyId,
      environment: 'production',
      readOnly: true,
    });
    await console.restart();
    const [connection] = await console.call('connections.list', {});
    expect(connection).toMatchObject({ readOnly: true, environment: 'production' });
  });
});

it('lists connections, users and buckets while the keychain never answers', async () => {
  const keychain = new FakeKeychain();
  const onKeychain = () => new FallbackSecretStore(new KeychainSecretStore(keychain));
  await console.end();
  console = await TestConsole.start({ secretStore: onKeychain() });
  const { id: connectionId } = await saveConnection();
  await console.call('sync.refresh', { connectionId });
  await console.core.close();
  keychain.hold();
  // whoever waits for the keychain, even for a short time, waits for ever
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const { dataDir } = console;
  console = await TestConsole.start({ dataDir, secretStore: onKeychain() });
  expect(await console.call('connections.list', {})).toMatchObject([
    { hasCredential: true, credentialStore: 'keychain' },
  ]);
  expect(await console.call('users.list', { connectionId })).toMatchObject({ total: 60 });
  expect(await console.call('buckets.list', { connectionId })).toMatchObject({ total: 150 });
  keychain.answer();
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

type Connection = CallOutput<'connections.list'>[number];

let simulator: Simulator;
let console: TestConsole;

beforeEach(async () => {
  simulator = await startSimulator({ users: 12, buckets: 20, seed: 7 });
  console = await TestConsole.start();
});

afterEach(async () => {
  await console.end();
  await simulator.stop();
});

function save(fields: Partial<CallInput<'connections.save'>>): Promise<Connection> {
  return console.call('connections.save', {
    name: 'Rack 12',
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    environment: 'staging',
    proxy: { mode: 'direct' },
    ...fields,
  });
}

async function holdShown(): Promise<Connection['hold']> {
  const [connection] = await console.call('connections.list', {});
  return connection?.hold ?? null;
}

/** The code a change ends with: the same that the list of connections says beforehand. */
async function refusalOf(connectionId: string): Promise<string | null> {
  const reply = await console.reply('users.create', { connectionId, email: 'new@example.com' });
  return reply.ok ? null : reply.error.code;
}

/** Resolves at the next time that connections are to be fetched again. */
function toldOfConnections(): Promise<void> {
  return new Promise((resolve) => {
    const stop = console.core.events.subscribe(({ name }) => {
      if (name !== 'connections.changed') return;
      stop();
      resolve();
    });
  });
}

it('holds changes of a read-only connection', async () => {
  const { id, hold } = await save({ readOnly: true });
  expect(hold).toMatchObject({
    code: 'CONNECTION_READ_ONLY',
    message: expect.stringContaining('"Rack 12" is read-only'),
  });
  expect(await refusalOf(id)).toBe('CONNECTION_READ_ONLY');
});

it('holds changes of a connection that a policy makes read-only; they are planned and compared', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ostor-console-policy-'));
  const policyFile = join(folder, 'policy.json');
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const managed = { id: 'rack-7', name: 'Rack 7', endpoint, accessKeyId, readOnly: true };
  const connections = [{ ...managed, environment: 'lab', proxy: { mode: 'direct' } }];
  await writeFile(policyFile, JSON.stringify({ version: 1, organization: 'Example', connections }));
  await console.end();
  console = await TestConsole.start({ policyFile });
  await rm(folder, { recursive: true });
  const connectionId = managed.id;
  await console.call('connections.enterSecret', { id: connectionId, secretKey });
  await console.call('sync.refresh', { connectionId });
  const [listed] = await console.call('connections.list', {});
  expect(listed).toMatchObject({ hold: { code: 'CONNECTION_READ_ONLY' } });
  expect(listed?.managedFields).toContain('readOnly');
  expect(await refusalOf(connectionId)).toBe('CONNECTION_READ_ONLY');
  const filter = { system: false, state: 'enabled' } as const;
  const { rows } = await console.call('users.list', { connectionId, filter });
  const input = { userId: rows[0]?.userId ?? '' };
  const { planId } = await console.call('plans.add', {
    ...{ connectionId, name: 'Night', change: { operation: 'users.disable', input } },
  });
  const { comparison } = await console.call('plans.compare', { connectionId, planId });
  expect(comparison).toMatchObject({ applies: 1, drifted: 0, refused: 0 });
  const { runId } = await console.call('plans.check', { connectionId, planId });
  expect(await console.reply('bulk.apply', { connectionId, runId })).toMatchObject({
    error: { code: 'CONNECTION_READ_ONLY' },
  });
  expect(simulator.log.acted()).toEqual([]);
});

it('holds changes without a secret', async () => {
  const { id, hold } = await save({ secretKey: undefined });
  expect(hold?.code).toBe('CREDENTIAL_MISSING');
  expect(await refusalOf(id)).toBe('CREDENTIAL_MISSING');
});

it('holds changes of production until it is unlocked, and again when it is locked', async () => {
  const { id, hold } = await save({ environment: 'production' });
  expect(hold?.code).toBe('CONNECTION_LOCKED');
  expect(await refusalOf(id)).toBe('CONNECTION_LOCKED');
  const unlocked = toldOfConnections();
  expect((await console.call('connections.unlock', { id, minutes: 5 })).hold).toBeNull();
  await unlocked;
  expect(await refusalOf(id)).toBeNull();
  expect((await console.call('connections.lock', { id })).hold?.code).toBe('CONNECTION_LOCKED');
});

it('holds changes while the gateway is out of reach, and says so once it is known', async () => {
  const { id: connectionId } = await save({});
  await console.call('sync.refresh', { connectionId });
  expect(await holdShown()).toBeNull();
  await simulator.stop();
  const offline = toldOfConnections();
  await console.reply('sync.refresh', { connectionId });
  await offline;
  expect(await holdShown()).toMatchObject({ code: 'CONNECTION_OFFLINE', retryable: true });
  expect(await refusalOf(connectionId)).toBe('CONNECTION_OFFLINE');
  await console.restart();
  expect(await holdShown()).toMatchObject({ code: 'CONNECTION_OFFLINE' });
});

it('lets changes go while the gateway answers with errors, and when it answers again', async () => {
  const { id: connectionId } = await save({});
  const fault = simulator.faults.add({ kind: 'status', status: 503 });
  await console.reply('sync.refresh', { connectionId });
  expect(await console.call('sync.status', { connectionId })).toMatchObject({ state: 'failing' });
  expect(await holdShown()).toBeNull();
  fault.remove();
  expect(await refusalOf(connectionId)).toBeNull();
});

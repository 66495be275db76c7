import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console: TestConsole;
let connectionId: string;

beforeEach(async () => {
  simulator = await startSimulator({ users: 12, buckets: 20, seed: 7 });
  console = await TestConsole.start();
  const saved = await console.call('connections.save', {
    name: 'Rack 12',
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    environment: 'staging',
    proxy: { mode: 'direct' },
  });
  connectionId = saved.id;
  await console.call('sync.refresh', { connectionId });
});

afterEach(async () => {
  await console.end();
  await simulator.stop();
});

async function anyTenant() {
  const { rows } = await console.call('users.list', { connectionId });
  const tenant = rows.find(({ flags }) => !flags.includes('system'));
  if (!tenant) throw new Error('The cluster has no tenant.');
  return tenant;
}

it('keys of a user that was never opened appear although the gateway answers after the page', async () => {
  const { userId } = await anyTenant();
  const answers = Promise.withResolvers<void>();
  const slow = simulator.faults.add({ kind: 'latency', until: answers.promise });
  const reported = new Promise<void>((resolve) => {
    console.core.events.subscribe(({ name, payload }) => {
      if (name === 'data.changed' && payload.topics.includes('keys')) resolve();
    });
  });
  const first = await console.call('users.get', { connectionId, userId });
  expect(first).toMatchObject({ source: 'snapshot', waiting: true, keysAsOf: null, keys: [] });
  slow.remove();
  answers.resolve();
  await reported;
  const second = await console.call('users.get', { connectionId, userId });
  expect(second.source).toBe('gateway');
  expect(second.waiting).toBeUndefined();
  expect(second.keys.length).toBeGreaterThan(0);
});

it('an error of the gateway is an answer: it is failing, not offline, with its request id', async () => {
  simulator.faults.add({ kind: 'status', status: 500 });
  const refused = await console.reply('sync.refresh', { connectionId });
  if (refused.ok) throw new Error('The refresh must fail.');
  expect(refused.error).toMatchObject({ code: 'GATEWAY_FAILED', status: 500 });
  const { requestId } = refused.error;
  expect(requestId).toBeDefined();
  expect(refused.error.hint).toContain(requestId);
  const status = await console.call('sync.status', { connectionId });
  expect(status).toMatchObject({ state: 'failing', error: { code: 'GATEWAY_FAILED', requestId } });
  expect(status.failingSince).toBeDefined();
  expect(status.offlineSince).toBeUndefined();
});

it('goes from failing to offline to online, each since when it is so', async () => {
  const fault = simulator.faults.add({ kind: 'status', status: 503 });
  await console.reply('sync.refresh', { connectionId });
  fault.remove();
  const outage = simulator.faults.add({ kind: 'reset-before' });
  await console.reply('sync.refresh', { connectionId });
  const offline = await console.call('sync.status', { connectionId });
  expect(offline).toMatchObject({ state: 'offline' });
  expect(offline.failingSince).toBeUndefined();
  outage.remove();
  await console.call('sync.refresh', { connectionId });
  const online = await console.call('sync.status', { connectionId });
  expect(online).toMatchObject({ state: 'online' });
  expect(online.error).toBeUndefined();
});

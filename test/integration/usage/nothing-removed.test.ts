import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console_: TestConsole;
let id: string;

beforeEach(async () => {
  simulator = await startSimulator({ usage: 40, users: 6, buckets: 10, hugeCounters: false });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const connection = await console_.call('connections.save', {
    name: 'Rack in production',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'production',
    maxConnections: 1,
  });
  id = connection.id;
  const { taskId } = await console_.call('usage.collect', { connectionId: id });
  expect(await taskEnd(console_, taskId)).toMatchObject({ state: 'succeeded' });
  await console_.call('connections.unlock', { id, minutes: 5 });
});

afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

async function remove(names?: string[]) {
  const input = { connectionId: id, ...(names ? { names } : {}) };
  return console_.call('usage.removeObjects', input);
}

async function namesThat(wanted: (row: { removable: boolean }) => boolean): Promise<string[]> {
  const { rows } = await console_.call('usage.objects', { connectionId: id, limit: 100 });
  return rows.filter(wanted).map(({ name }) => name);
}

const sent = () => simulator.log.entries.filter(({ method }) => method === 'DELETE');

describe('a removal that sent nothing', () => {
  it('fails with the reason where the connection was locked before the first deletion', async () => {
    const locked = Promise.withResolvers<void>();
    simulator.faults.add({ kind: 'latency', match: { method: 'GET' }, until: locked.promise });
    const reads = simulator.log.entries.length;
    const { taskId } = await remove();
    while (simulator.log.entries.length === reads) await pause(5);
    await console_.call('connections.lock', { id });
    locked.resolve();
    expect(await taskEnd(console_, taskId)).toMatchObject({
      state: 'failed',
      error: {
        code: 'NOTHING_REMOVED',
        message: expect.stringContaining('Nothing was sent: the connection was locked'),
        details: { removalHeldBack: 'locked' },
      },
    });
    expect(sent()).toEqual([]);
  });

  it('is refused at once where the connection is locked or read-only', async () => {
    await console_.call('connections.lock', { id });
    await expect(remove()).rejects.toMatchObject({ code: 'CONNECTION_LOCKED' });
    const saved = (await console_.call('connections.list', {})).find((one) => one.id === id);
    if (!saved) throw new Error('The connection is gone.');
    await console_.call('connections.save', {
      id,
      name: saved.name,
      endpoint: saved.endpoint,
      accessKeyId: saved.accessKeyId,
      environment: 'lab',
      readOnly: true,
    });
    await expect(remove()).rejects.toMatchObject({ code: 'CONNECTION_READ_ONLY' });
    expect(sent()).toEqual([]);
  });

  it('fails with the reason where the gateway sends no Date', async () => {
    simulator.variants.dateHeader = 'none';
    const { taskId } = await remove();
    expect(await taskEnd(console_, taskId)).toMatchObject({
      state: 'failed',
      error: {
        code: 'NOTHING_REMOVED',
        message: expect.stringContaining('Nothing was sent: the gateway sent no Date'),
      },
    });
    expect(sent()).toEqual([]);
  });

  it('fails with the reason where every object is too young', async () => {
    const young = await namesThat(({ removable }) => !removable);
    expect(young.length).toBeGreaterThan(0);
    const { taskId } = await remove(young);
    expect(await taskEnd(console_, taskId)).toMatchObject({
      state: 'failed',
      error: {
        code: 'NOTHING_REMOVED',
        message: expect.stringMatching(/^Nothing was sent: .*(may still grow|too soon after)/),
      },
    });
    expect(sent()).toEqual([]);
  });

  it('fails where nothing of what was named is on the gateway', async () => {
    const names = await namesThat(({ removable }) => removable);
    expect(await taskEnd(console_, (await remove(names)).taskId)).toMatchObject({
      state: 'succeeded',
    });
    expect(await taskEnd(console_, (await remove(names)).taskId)).toMatchObject({
      state: 'failed',
      error: { message: 'Nothing was sent: none of the objects is on the gateway.' },
    });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;

beforeEach(async () => {
  const now = Date.UTC(2026, 9, 20);
  simulator = await startSimulator({ usage: 6, users: 6, buckets: 10, now });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const connection = await console_.call('connections.save', {
    name: 'Behind a cache',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
  });
  connectionId = connection.id;
});

afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

const status = () => console_.call('sync.status', { connectionId });

async function collected(removeCollected = false) {
  const { taskId } = await console_.call('usage.collect', { connectionId, removeCollected });
  return (await taskEnd(console_, taskId)).result;
}

async function proxiesStep() {
  const { steps } = await console_.call('connections.test', { id: connectionId });
  return steps.find(({ name }) => name === 'route');
}

describe('a proxy that says it changed an answer (Warning: 214)', () => {
  it('is named with the lists that were taken in, and no longer once it is gone', async () => {
    const fault = simulator.faults.add({ kind: 'flagged' });
    expect(await console_.call('sync.refresh', { connectionId })).toMatchObject({
      users: 6,
      transformed: expect.stringContaining('214 cache.example'),
    });
    expect((await status()).route).toEqual({
      said: 'Via: 1.1 cache.example (squid/6.6); Warning: 214 cache.example "Transformation Applied"',
      transformed: true,
    });
    await console_.restart();
    expect((await status()).route?.transformed).toBe(true);
    fault.remove();
    const { transformed } = await console_.call('sync.refresh', { connectionId });
    expect(transformed).toBeUndefined();
    expect((await status()).route).toBeUndefined();
  });

  it('is a caution of the connection test; one that changes nothing is named', async () => {
    expect(await proxiesStep()).toMatchObject({
      state: 'passed',
      detail: expect.stringContaining('No proxy'),
    });
    const flagged = simulator.faults.add({ kind: 'flagged' });
    expect(await proxiesStep()).toMatchObject({
      state: 'caution',
      detail: expect.stringMatching(/changes answers.*Via: 1\.1 cache.*Warning: 214/),
    });
    flagged.remove();
    simulator.faults.add({ kind: 'compressed' });
    expect(await proxiesStep()).toMatchObject({
      state: 'passed',
      detail: expect.stringMatching(/through a proxy.*Via: 1\.1 cache/),
    });
  });

  it('keeps statistics objects out of the archive and on the gateway', async () => {
    const fault = simulator.faults.add({ kind: 'flagged', match: { query: 'obj=' } });
    const result = await collected(true);
    expect(result).toMatchObject({ collected: 0, removed: 0, failed: 6, setAside: 0 });
    const { rows } = await console_.call('usage.failures', { connectionId, limit: 10 });
    expect(rows[0]?.error).toMatchObject({
      code: 'ANSWER_TRANSFORMED',
      message: expect.stringContaining('Warning: 214 cache.example'),
    });
    expect(simulator.state.usage.names()).toHaveLength(6);
    fault.remove();
    expect(await collected()).toMatchObject({ collected: 6, failed: 0 });
  });

  it('is explained where the proxy only compressed them', async () => {
    simulator.faults.add({ kind: 'compressed', match: { query: 'obj=' } });
    simulator.faults.add({ kind: 'flagged', match: { query: 'obj=' } });
    expect(await collected()).toMatchObject({ collected: 6, failed: 0 });
  });
});

describe('a statistics object that cannot be read', () => {
  it('is set aside: counted, named with other odd rows, and not deleted', async () => {
    const [name = ''] = simulator.state.usage.names();
    const fault = simulator.faults.add({
      kind: 'foreign-json',
      match: { query: `obj=${encodeURIComponent(name)}` },
    });
    expect(await collected(true)).toMatchObject({ collected: 5, failed: 1, setAside: 1 });
    expect(simulator.state.usage.names()).toContain(name);
    const named = {
      total: 1,
      rows: [{ list: 'statistics objects', name, cause: expect.stringMatching(/\w/) }],
    };
    expect((await status()).setAside).toEqual(named);
    await console_.call('sync.refresh', { connectionId });
    await console_.restart();
    expect((await status()).setAside).toEqual(named);
    fault.remove();
    expect(await collected()).toMatchObject({ collected: 1, failed: 0, setAside: 0 });
    expect((await status()).setAside).toBeUndefined();
  });
});

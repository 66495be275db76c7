import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;

beforeEach(async () => {
  const now = Date.UTC(2026, 9, 20);
  simulator = await startSimulator({ usage: 20, users: 6, buckets: 10, now });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  const connection = await console_.call('connections.save', {
    name: 'Rack in production',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'production',
  });
  connectionId = connection.id;
});

afterEach(async () => {
  await console_.end();
  await simulator.stop();
});

const discard = (names: string[], typedName: string) =>
  console_.call('usage.discardObjects', { connectionId, names, typedName });

const unlock = () => console_.call('connections.unlock', { id: connectionId, minutes: 5 });

describe('objects that are not archived', () => {
  it('are discarded once their number or name was typed, with their names in the journal', async () => {
    await unlock();
    const [one = '', two = '', three = ''] = simulator.state.usage.names();
    await expect(discard([one, two], 'two')).rejects.toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
    });
    expect(simulator.state.usage.names()).toHaveLength(20);
    const several = await discard([one, two], '2');
    expect(await taskEnd(console_, several.taskId)).toMatchObject({
      state: 'succeeded',
      result: { removed: 2, failed: 0 },
    });
    const single = await discard([three], three);
    expect(await taskEnd(console_, single.taskId)).toMatchObject({ state: 'succeeded' });
    expect(simulator.state.usage.names()).toHaveLength(17);
    const { rows } = await console_.call('journal.list', { connectionId, limit: 10 });
    const entries = rows.filter(({ operation }) => operation === 'usage.discardObjects');
    expect(entries).toMatchObject([
      { result: 'verified', after: { statistics: `1 removed: ${three}` } },
      { result: 'verified', after: { statistics: expect.stringMatching(/^2 removed: /) } },
    ]);
    const list = await console_.call('usage.objects', { connectionId, limit: 1 });
    expect(list.total).toBe(17);
  });

  it('are not discarded through a locked connection, nor where one is archived', async () => {
    const [name = ''] = simulator.state.usage.names();
    await expect(discard([name], name)).rejects.toMatchObject({ code: 'CONNECTION_LOCKED' });
    await unlock();
    const { taskId } = await console_.call('usage.collect', { connectionId });
    await taskEnd(console_, taskId);
    await expect(discard([name], name)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(simulator.log.entries.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  it('count as discarded where only the answer was lost, as the list shows', async () => {
    await unlock();
    const [name = ''] = simulator.state.usage.names();
    simulator.faults.add({ kind: 'reset-after', match: { method: 'DELETE' } });
    const { taskId } = await discard([name], name);
    expect(await taskEnd(console_, taskId)).toMatchObject({ result: { removed: 1, failed: 0 } });
    const { rows } = await console_.call('journal.list', { connectionId, limit: 10 });
    expect(rows[0]).toMatchObject({ operation: 'usage.discardObjects', result: 'verified' });
  });

  it('end as failed with the reason where the gateway refuses each deletion', async () => {
    await unlock();
    const [name = ''] = simulator.state.usage.names();
    simulator.faults.add({ kind: 'status', match: { method: 'DELETE' }, status: 403 });
    const { taskId } = await discard([name], name);
    expect(await taskEnd(console_, taskId)).toMatchObject({ state: 'failed' });
    const { rows } = await console_.call('journal.list', { connectionId, limit: 10 });
    expect(rows[0]).toMatchObject({ operation: 'usage.discardObjects', result: 'refused' });
  });
});

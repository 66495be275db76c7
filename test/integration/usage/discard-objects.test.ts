import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { programPath } from '#test/program-path.ts';
import type { DiscardOrder } from './discard-until-killed.ts';

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
      { result: 'verified', after: { statistics: `1 deleted: ${three}` } },
      { result: 'verified', after: { statistics: expect.stringMatching(/^2 deleted: /) } },
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

describe('a discard that was killed', () => {
  it('is completed in the journal by the next collection, by what the list shows', async () => {
    const other = await TestConsole.start();
    const { dataDir } = other;
    await other.core.close();
    const names = simulator.state.usage.names().slice(0, 3);
    const { url: endpoint, accessKeyId, secretKey } = simulator;
    // The first is deleted, and the second never answered.
    const hang = simulator.faults.add({
      kind: 'hang-before',
      match: { method: 'DELETE' },
      skip: 1,
    });
    const child = fork(programPath(import.meta.url, './discard-until-killed.ts'), {
      stdio: 'inherit',
    });
    const exited = once(child, 'exit');
    await once(child, 'message');
    child.send({ dataDir, names, endpoint, accessKeyId, secretKey } satisfies DiscardOrder);
    await eventually(() => expect(hang.hits).toBe(1));
    child.kill('SIGKILL');
    await exited;
    hang.remove();

    const after = await TestConsole.start({ dataDir });
    const [saved] = await after.call('connections.list', {});
    const id = saved?.id ?? '';
    const discards = async () => {
      const { rows } = await after.call('journal.list', { connectionId: id, limit: 10 });
      return rows.filter(({ operation }) => operation === 'usage.discardObjects');
    };
    expect(await discards()).toMatchObject([{ result: 'open' }]);
    await after.call('connections.save', { ...connectionOf(saved), id, secretKey });
    const { taskId } = await after.call('usage.collect', { connectionId: id });
    expect(await taskEnd(after, taskId)).toMatchObject({ state: 'succeeded' });
    expect(await discards()).toMatchObject([
      {
        result: 'sent',
        after: {
          statistics: 'the console ended during this deletion; 1 of 3 gone from the list',
        },
      },
    ]);
    await after.end();
  });
});

function connectionOf(saved: CallOutput<'connections.list'>[number] | undefined) {
  const { name = '', endpoint = '', accessKeyId = '' } = saved ?? {};
  return { name, endpoint, accessKeyId, environment: 'lab' as const };
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

describe('a connection on which work is under way', () => {
  let simulator: Simulator;
  let subject: TestConsole;
  let saved: { id: string; name: string; endpoint: string; accessKeyId: string };
  let connectionId: string;

  beforeEach(async () => {
    simulator = await startSimulator({ users: 30, buckets: 10 });
    subject = await TestConsole.start();
    const fields = {
      name: 'Rack 7',
      endpoint: simulator.url,
      accessKeyId: simulator.accessKeyId,
      environment: 'lab',
    } as const;
    const { secretKey } = simulator;
    const { id } = await subject.call('connections.save', { ...fields, secretKey });
    saved = { ...fields, id };
    connectionId = id;
    await subject.call('sync.refresh', { connectionId });
  });

  afterEach(async () => {
    await subject.end();
    await simulator.stop();
  });

  const save = (changes: object) =>
    subject.call('connections.save', { ...saved, environment: 'lab', ...changes });

  it('is neither led elsewhere nor removed: the error names the work and what to do', async () => {
    const { taskId } = await subject.call('inventory.start', {
      connectionId,
      requestsPerSecond: 1,
    });
    const busy = {
      code: 'TASK_BUSY',
      message: expect.stringMatching(/^".+" is under way on Rack 7, so the connection was not/),
      hint: expect.stringContaining('cancel it'),
      details: { tasks: [expect.objectContaining({ taskId, kind: 'inventory.start' })] },
    };
    await expect(save({ accessKeyId: 'ANOTHER' })).rejects.toMatchObject(busy);
    await expect(save({ secretKey: 'another secret' })).rejects.toMatchObject(busy);
    await expect(save({ endpoint: 'https://127.0.0.1:1' })).rejects.toMatchObject(busy);
    await expect(subject.call('connections.remove', { id: connectionId })).rejects.toMatchObject(
      busy,
    );
    const [now] = await subject.call('connections.list', {});
    expect(now).toMatchObject(saved);
    // Guards and names are changed at any time: setting read-only is how a run is stopped in a hurry.
    expect(await save({ name: 'Rack 8', readOnly: true })).toMatchObject({ readOnly: true });
    expect((await subject.call('tasks.get', { taskId })).state).toBe('running');
    await subject.call('tasks.cancel', { taskId });
    await expect
      .poll(async () => (await subject.call('tasks.get', { taskId })).endedAt)
      .not.toBeNull();
    expect(await save({ name: 'Rack 8', maxConnections: 2 })).toMatchObject({ maxConnections: 2 });
    await subject.call('connections.remove', { id: connectionId });
    expect(await subject.call('connections.list', {})).toEqual([]);
  });

  it('ends a refresh that would fill it from the gateway before', async () => {
    simulator.faults.add({ kind: 'hang-before', match: { method: 'GET', query: 'ostor-users' } });
    const refreshing = subject.reply('sync.refresh', { connectionId });
    await expect
      .poll(async () => (await subject.call('sync.status', { connectionId })).refreshing)
      .toBeDefined();
    await save({ maxConnections: 3 });
    expect(await refreshing).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    simulator.faults.clear();
    expect(await subject.call('sync.refresh', { connectionId })).toMatchObject({ buckets: 10 });
  });
});

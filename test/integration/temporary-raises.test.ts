import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '#shared/durations.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const until = new Date(Date.now() + 7 * day).toISOString();

describe('a temporary raise', () => {
  let simulator: Simulator;
  let console_: TestConsole;
  let connectionId: string;
  let userId: string;

  beforeEach(async () => {
    simulator = await startSimulator({ users: 4, buckets: 8 });
    console_ = await TestConsole.start();
    const { url: endpoint, accessKeyId, secretKey } = simulator;
    ({ id: connectionId } = await console_.call('connections.save', {
      ...{ name: 'Lab', environment: 'lab', endpoint, accessKeyId, secretKey },
    }));
    await console_.call('sync.refresh', { connectionId });
    const { rows } = await console_.call('users.list', { connectionId });
    userId = rows.find(({ flags }) => !flags.includes('system'))?.userId ?? '';
  });
  afterEach(async () => {
    await console_.end();
    await simulator.stop();
  });

  const target = () => ({ user: userId });
  const quota = () => console_.call('quotas.get', { connectionId, target: target() });
  const raises = () => console_.call('pressure.raises', { connectionId });
  const raise = (sizeGb: string, end = until) =>
    console_.call('pressure.raise', {
      ...{ connectionId, target: target(), change: { sizeGb }, until: end, reason: 'Migration' },
    });

  it('is on record, survives a restart, and goes back to what was before', async () => {
    await console_.call('quotas.set', { connectionId, target: target(), sizeGb: '100' });
    const raised = await raise('500');
    expect(raised).toMatchObject({ verified: true, sent: true, until });
    await console_.restart();
    const [open] = await raises();
    expect(open).toMatchObject({
      ...{ raiseId: raised.raiseId, part: 'quota', reason: 'Migration', overdue: false },
      ...{ confirmed: true, before: { quota: '100' }, after: { quota: '500' } },
      back: { operation: 'quotas.set', input: { target: target(), sizeGb: '100' } },
    });
    const board = await console_.call('pressure.list', {
      ...{ connectionId, filter: { raised: 'running' } },
    });
    expect(board).toMatchObject({ total: 1, raises: { open: 1, overdue: 0 } });
    expect(board.rows[0]).toMatchObject({ id: userId, raised: { until, overdue: false } });

    // raised once more, the way back stays the first one
    await raise('900');
    expect(await raises()).toMatchObject([
      { raiseId: raised.raiseId, before: { quota: '100' }, after: { quota: '900' } },
    ]);
    const back = await console_.call('pressure.putBack', {
      ...{ connectionId, raiseId: raised.raiseId },
    });
    expect(back).toMatchObject({ verified: true });
    expect(await quota()).toMatchObject({ set: true, sizeGb: 100 });
    expect(await raises()).toEqual([]);
    const { rows } = await console_.call('journal.list', { connectionId });
    expect(rows.map(({ title }) => title)).toEqual([
      ...['End temporary raise', 'Set quota', 'Raise temporarily', 'Set quota'],
      ...['Raise temporarily', 'Set quota', 'Set quota'],
    ]);
    expect(rows[2]?.after).toMatchObject({ raisedUntil: until, reason: 'Migration' });
  });

  it('of what had no value goes back to none; of limits all six go back', async () => {
    const first = await raise('500');
    expect((await raises())[0]?.back.operation).toBe('quotas.clear');
    await console_.call('pressure.putBack', { connectionId, raiseId: first.raiseId });
    expect((await quota()).set).toBe(false);

    const limits = { opsGet: 100, opsPut: 50 };
    await console_.call('limits.set', { connectionId, target: target(), limits });
    const { raiseId } = await console_.call('pressure.raise', {
      ...{ connectionId, target: target(), change: { limits: { opsGet: 900 } } },
      ...{ until, reason: 'Load test' },
    });
    await console_.call('pressure.putBack', { connectionId, raiseId });
    const now = await console_.call('limits.get', { connectionId, target: target() });
    expect(now.limits).toMatchObject({ opsGet: 100, opsPut: 50, opsList: 0 });
  });

  it('that is put back by another way ends; a kept one ends without a request', async () => {
    await console_.call('quotas.set', { connectionId, target: target(), sizeGb: '100' });
    await raise('500');
    await console_.call('quotas.set', { connectionId, target: target(), sizeGb: '100' });
    expect(await raises()).toEqual([]);
    const { raiseId } = await raise('600');
    const kept = { connectionId, raiseId, reason: 'Ordered more' };
    expect(await console_.call('pressure.keep', kept)).toEqual({ ended: true });
    expect(await quota()).toMatchObject({ sizeGb: 600 });
    await expect(console_.call('pressure.keep', kept)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('gives its way back to no later one, once its value was changed in another way', async () => {
    const set = (sizeGb: string) =>
      console_.call('quotas.set', { connectionId, target: target(), sizeGb });
    await set('100');
    const first = await raise('500');
    await set('300');
    await expect(raise('600')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await quota()).toMatchObject({ sizeGb: 300 });
    // back where it was, it has ended, though nobody has looked at the list of raises since
    await set('100');
    const { raiseId } = await raise('600');
    expect(raiseId).not.toBe(first.raiseId);
    expect(await raises()).toMatchObject([{ raiseId, before: { quota: '100' } }]);
  });

  it('is refused while another of its target is under way', async () => {
    const put = { method: 'PUT', service: 'ostor-quotas' };
    const second = Promise.withResolvers<void>();
    simulator.faults.add({ kind: 'latency', match: put, count: 1, until: second.promise });
    const { log } = simulator;
    const arrived = new Promise<void>((resolve) => {
      log.add = (request) => {
        if (request.method === 'PUT') resolve();
        return Object.getPrototypeOf(log).add.call(log, request);
      };
    });
    const first = raise('500');
    await arrived;
    const message = expect.stringContaining('is being raised at this moment');
    await expect(raise('600')).rejects.toMatchObject({ code: 'CONFLICT', message });
    second.resolve();
    expect(await first).toMatchObject({ verified: true });
    expect(await raises()).toMatchObject([{ after: { quota: '500' } }]);
  });

  it('that is refused leaves nothing; one whose answer was lost stays until a reading', async () => {
    await expect(raise('500', new Date(Date.now() - day).toISOString())).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    const put = { method: 'PUT', service: 'ostor-quotas' };
    simulator.faults.add({ kind: 'status', status: 400, match: put, count: 1 });
    await expect(raise('500')).rejects.toMatchObject({ details: expect.anything() });
    simulator.faults.clear();
    expect(await raises()).toEqual([]);

    // the gateway acts, its answer is lost, and so is every reading after
    simulator.faults.add({ kind: 'reset-after', match: put });
    const reading = { method: 'GET', service: 'ostor-quotas' };
    simulator.faults.add({ kind: 'status', status: 500, match: reading, skip: 2 });
    await expect(raise('500')).rejects.toMatchObject({ details: { outcome: 'unknown' } });
    simulator.faults.clear();
    expect(await raises()).toMatchObject([{ confirmed: false, after: { quota: '500' } }]);
    await quota();
    expect(await raises()).toMatchObject([
      { confirmed: true, back: { operation: 'quotas.clear' } },
    ]);
  });

  it('of which a part was sent before a refusal keeps its way back', async () => {
    await console_.call('limits.set', { connectionId, target: target(), limits: { opsGet: 100 } });
    const match = { method: 'PUT', service: 'ostor-limits' };
    simulator.faults.add({ kind: 'status', status: 400, match, skip: 1, count: 1 });
    await expect(
      console_.call('pressure.raise', {
        ...{ connectionId, target: target(), until, reason: 'Load test' },
        change: { limits: { opsGet: 900, opsPut: 900 } },
      }),
    ).rejects.toMatchObject({ details: { partDone: expect.anything() } });
    simulator.faults.clear();
    const [open] = await raises();
    expect(open).toMatchObject({ confirmed: false, back: { operation: 'limits.set' } });
    await console_.call('pressure.putBack', { connectionId, raiseId: open?.raiseId ?? '' });
    const now = await console_.call('limits.get', { connectionId, target: target() });
    expect(now.limits).toMatchObject({ opsGet: 100 });
    expect(await raises()).toEqual([]);
  });

  it('to 0 GB stays open; one is prolonged without a request', async () => {
    await raise('0');
    await quota();
    expect(await raises()).toMatchObject([{ confirmed: true, after: { quota: '0' } }]);
    const { raiseId } = await raise('500');
    const writes = () => simulator.log.entries.filter(({ method }) => method === 'PUT').length;
    const before = writes();
    const later = new Date(Date.parse(until) + day).toISOString();
    expect(await raise('500', later)).toMatchObject({ raiseId, sent: false, until: later });
    expect(writes()).toBe(before);
    expect(await raises()).toMatchObject([
      { raiseId, until: later, back: { operation: 'quotas.clear' } },
    ]);
  });

  it('lets its user differ from its plan until then', async () => {
    const { id } = await console_.call('servicePlans.save', { name: 'Silver', quotaGb: 100 });
    await console_.call('servicePlans.assign', { id, holder: { connectionId, userId } });
    await console_.call('quotas.set', { connectionId, target: target(), sizeGb: '100' });
    await console_.call('limits.get', { connectionId, target: target() });
    const { raiseId } = await raise('500');
    expect(await console_.call('servicePlans.drift', {})).toMatchObject({ total: 0, excepted: 1 });
    const { rows } = await console_.call('servicePlans.drift', { excepted: true });
    expect(rows[0]?.exception).toMatchObject({ raised: true, until, reason: 'Migration' });
    await console_.call('pressure.keep', { connectionId, raiseId, reason: 'Stays' });
    expect(await console_.call('servicePlans.drift', {})).toMatchObject({ total: 1, excepted: 0 });
  });
});

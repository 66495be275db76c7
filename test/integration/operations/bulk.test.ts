import { afterEach, describe, expect, it } from 'vitest';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';

let bench: OperationsBench;

afterEach(() => bench.close());

type Run = CallOutput<'bulk.get'>;

async function usersOf(limit = 1000): Promise<CallOutput<'users.list'>['rows']> {
  const snapshot = await (await bench.clusters.get('lab')).snapshot();
  const sort = { by: 'email', descending: false } as const;
  return (await snapshot.ask('users', { offset: 0, limit, sort })).rows;
}

/** How often the gateway changed each target. */
function timesActed(): Map<string, number> {
  const times = new Map<string, number>();
  for (const { acted } of bench.simulator.log.acted()) {
    for (const { target } of acted) times.set(target, (times.get(target) ?? 0) + 1);
  }
  return times;
}

async function previewed(sizeGb: number): Promise<CallOutput<'bulk.preview'>> {
  return bench.call('bulk.preview', {
    source: { from: 'filter', change: { change: 'setQuota', sizeGb } },
  });
}

describe('a bulk run', () => {
  it('previews every row, sends none, then does each once', async () => {
    bench = await openOperationsBench({ users: 40, buckets: 10 });
    const run = await previewed(77);
    expect(run).toMatchObject({ state: 'previewed', total: 39, tenants: 39, writes: 39 });
    expect(run.rows[0]?.fields).toMatchObject([{ field: 'quota', after: '77', changed: true }]);
    expect(bench.simulator.log.acted()).toHaveLength(0);
    bench.simulator.log.clear();
    const { taskId } = await bench.call('bulk.apply', { runId: run.runId, ticket: 'OPS-7' });
    expect(await bench.ended(taskId)).toMatchObject({ state: 'succeeded', done: 39, failed: 0 });
    expect(bench.simulator.log.entries).toHaveLength(run.requests);
    const after = await bench.call('bulk.get', { runId: run.runId });
    expect(after).toMatchObject({ state: 'finished', counts: { verified: 39 }, ticket: 'OPS-7' });
    expect([...timesActed().values()]).toEqual(Array(39).fill(1));
    const filter = { runId: run.runId };
    const { rows, total } = await bench.call('journal.list', { filter, limit: 1000 });
    expect(total).toBe(39);
    expect(new Set(rows.map(({ ticket, result }) => `${ticket} ${result}`))).toEqual(
      new Set(['OPS-7 verified']),
    );
    expect((await bench.failure('bulk.apply', { runId: run.runId })).code).toBe('CONFLICT');
  });

  it('computes a change of what each target has; one that has nothing is named and not changed', async () => {
    bench = await openOperationsBench({ users: 12, buckets: 4, quotas: false });
    const users = (await usersOf()).filter(({ flags }) => !flags.includes('system')).slice(0, 4);
    const userIds = users.map(({ userId }) => userId);
    const [first, second, third, fourth] = userIds as [string, string, string, string];
    const { quotas, limits } = bench.simulator.state;
    quotas.set(`user:${first}`, 105n);
    quotas.set(`user:${second}`, 9_007_199_254_740_000n);
    quotas.set(`user:${third}`, 0n);
    quotas.delete(`user:${fourth}`);
    const rate = (get: number, out: number) => ({
      ...{ 'ops:default': 7, 'ops:get': get, 'ops:put': 0, 'ops:list': 0, 'ops:delete': 0 },
      'bandwidth:out': out,
    });
    limits.set(`user:${first}`, rate(100.5, 0));
    limits.set(`user:${second}`, rate(0, 0));
    for (const id of [third, fourth]) limits.delete(`user:${id}`);
    const rowsOf = async (change: object) => {
      const source = {
        from: 'users' as const,
        userIds,
        change,
      } as CallInput<'bulk.preview'>['source'];
      const run = await bench.call('bulk.preview', { source });
      const { rows } = await bench.call('bulk.rows', { runId: run.runId, limit: 10 });
      const values = rows.map(({ state, fields, error }) => [
        state,
        fields
          .filter(({ changed }) => changed)
          .map(({ field, before, after }) => `${field} ${before} ${after}`)
          .join(),
        error?.message ?? '',
      ]);
      return { run, values };
    };
    const { run, values } = await rowsOf({ change: 'adjustQuota', by: '+10 %' });
    expect(run.title).toBe('Change quota by +10 %, users');
    expect(values).toEqual([
      ['pending', 'quota 105 116', ''],
      ['refused', '', expect.stringContaining('at most')],
      ['refused', '', expect.stringContaining('The quota is 0')],
      ['refused', '', expect.stringContaining('No quota is set')],
    ]);
    const both = await rowsOf({
      change: 'adjustLimits',
      by: { opsGet: '-10 %', bandwidthOut: '+5 MB/s' },
      limits: { opsPut: 4 },
    });
    expect(both.values.map(([state, fields]) => [state, fields])).toEqual([
      ['pending', 'opsGet 100.5 90.45,opsPut 0 4'],
      ['pending', 'opsPut 0 4'],
      ...Array(2).fill(['pending', expect.stringContaining('opsPut null 4')]),
    ]);
    expect(both.run.warnings).toContainEqual(
      `${users[0]?.email}: Unlimited, so unchanged: Bandwidth out.`,
    );
    const alone = await rowsOf({ change: 'adjustLimits', by: { opsGet: '+1' } });
    expect(alone.values).toEqual([
      ['pending', 'opsGet 100.5 101.5', ''],
      ['refused', '', expect.stringContaining('Unlimited: Get operations')],
      ...Array(2).fill(['refused', '', expect.stringContaining('No rate limits are set')]),
    ]);
    expect(bench.simulator.log.acted()).toHaveLength(0);
    const { taskId } = await bench.call('bulk.apply', { runId: run.runId });
    await bench.ended(taskId);
    expect([first, second, third, fourth].map((id) => quotas.get(`user:${id}`))).toEqual([
      ...[116n, 9_007_199_254_740_000n, 0n],
      undefined,
    ]);
    // a plan takes it from what was last seen, and once more from what it sets itself
    const source = {
      from: 'users',
      userIds: [first],
      change: { change: 'adjustQuota', by: '+4 GB' },
    };
    const added = { source } as Pick<CallInput<'plans.add'>, 'source'>;
    const { planId } = await bench.call('plans.add', { name: 'Night', ...added });
    await bench.call('plans.add', { planId, ...added });
    const planned = await bench.call('plans.rows', { planId });
    expect(planned.rows.map(({ input }) => input)).toMatchObject([{ sizeGb: '124' }]);
    const unread = { ...source, userIds: [(await usersOf()).at(-1)?.userId ?? ''] };
    const failure = await bench.failure('plans.add', { planId, source: unread } as typeof added);
    expect(failure.message).toMatch(/never read/);
    for (const by of ['10 %', '+10 apples', '+', '-150 %']) {
      const wrong = { from: 'users', userIds, change: { change: 'adjustQuota', by } } as const;
      expect((await bench.failure('bulk.preview', { source: wrong })).code).toBe('INPUT_INVALID');
    }
  });

  it('stops after a canary that fails, and resumes on request', async () => {
    bench = await openOperationsBench({ users: 20, buckets: 4 });
    const run = await previewed(5);
    const third = encodeURIComponent(run.rows[2]?.target.name ?? '');
    const match = { method: 'PUT', query: third };
    const fault = bench.simulator.faults.add({ kind: 'status', status: 403, match });
    const { taskId } = await bench.call('bulk.apply', { runId: run.runId });
    const task = await bench.ended(taskId);
    expect(task).toMatchObject({ state: 'failed', error: { code: 'WRITE_NOT_CONFIRMED' } });
    expect(timesActed().size).toBe(2);
    const stopped = await bench.call('bulk.get', { runId: run.runId });
    expect(stopped).toMatchObject({ state: 'stopped', counts: { verified: 2, failed: 1 } });
    const rest = await bench.call('bulk.resume', { runId: run.runId });
    expect(await bench.ended(rest.taskId)).toMatchObject({ state: 'succeeded', total: 16 });
    fault.remove();
    const again = await bench.call('bulk.resume', { runId: run.runId, failedOnly: true });
    expect(await bench.ended(again.taskId)).toMatchObject({ state: 'succeeded', total: 1 });
    const counts = (await bench.call('bulk.get', { runId: run.runId })).counts;
    expect(counts).toMatchObject({ verified: 19, failed: 0 });
    expect([...timesActed().values()]).toEqual(Array(19).fill(1));
  });

  it('asks after the canary, pauses, resumes, and is cancelled between rows', async () => {
    bench = await openOperationsBench({ users: 30, buckets: 4 });
    const run = await previewed(6);
    const { taskId } = await bench.call('bulk.apply', { runId: run.runId, canary: 'ask' });
    await eventually(() => expect(bench.tasks.get(taskId).state).toBe('paused'));
    expect(timesActed().size).toBe(3);
    bench.tasks.resume(taskId);
    while (timesActed().size < 10) await new Promise(setImmediate);
    bench.tasks.cancel(taskId);
    expect((await bench.ended(taskId)).state).toBe('cancelled');
    const stopped = await bench.call('bulk.get', { runId: run.runId });
    expect(stopped.state).toBe('stopped');
    expect(stopped.counts.verified).toBe(timesActed().size);
    expect(stopped.counts.sending).toBe(0);
    const rest = await bench.call('bulk.resume', { runId: run.runId });
    await bench.ended(rest.taskId);
    expect([...timesActed().values()]).toEqual(Array(29).fill(1));
  });

  it('leaves out what it must not touch and what changed since the preview', async () => {
    bench = await openOperationsBench({ users: 8, buckets: 0 });
    const users = await usersOf();
    const userIds = users.map(({ userId }) => userId);
    const run = await bench.call('bulk.preview', {
      source: {
        from: 'users',
        userIds: [...userIds, '00000000deadbeef'],
        change: { change: 'disable' },
      },
    });
    expect(run.destructive).toBe(true);
    expect(run.impact?.keys).toBeGreaterThan(0);
    const refused = run.rows.filter(({ state }) => state === 'refused');
    expect(refused.map(({ error }) => error?.code).sort()).toEqual([
      'NOT_FOUND',
      'SELF_LOCKOUT_REFUSED',
    ]);
    const pending = run.rows.filter(
      ({ state, fields }) => state === 'pending' && fields[1]?.changed,
    );
    const [touched] = pending;
    const { users: table } = bench.simulator.state;
    const user = table.byId.get(touched?.target.id ?? '');
    if (!user) throw new Error('The user is there.');
    table.remove(user);
    table.put({ ...user, email: 'renamed@example.com' });
    const { taskId } = await bench.call('bulk.apply', { runId: run.runId, canary: 'none' });
    await bench.ended(taskId);
    const { rows } = await bench.call('bulk.rows', { runId: run.runId, state: 'failed' });
    expect(rows.map(({ target, error }) => [target.id, error?.code])).toEqual([
      [touched?.target.id, 'TARGET_CHANGED'],
    ]);
    expect(timesActed().size).toBe(pending.length - 1);
  });

  it('wants the name of the connection typed on production, and stops when it locks itself', async () => {
    bench = await openOperationsBench({ users: 12, buckets: 0 });
    const inAMinute = new Date(Date.now() + 60_000).toISOString();
    bench.change({ environment: 'production', unlockedUntil: inAMinute });
    const userIds = (await usersOf()).map(({ userId }) => userId);
    const { runId, needsTypedName } = await bench.call('bulk.preview', {
      source: { from: 'users', userIds, change: { change: 'disable' } },
    });
    expect(needsTypedName).toBe('Lab');
    expect((await bench.failure('bulk.apply', { runId })).code).toBe('CONFIRMATION_REQUIRED');
    const typedName = 'Lab';
    const { taskId } = await bench.call('bulk.apply', { runId, typedName, canary: 'ask' });
    await eventually(() => expect(bench.tasks.get(taskId).state).toBe('paused'));
    bench.change({ unlockedUntil: new Date(Date.now() - 1).toISOString() });
    bench.tasks.resume(taskId);
    const task = await bench.ended(taskId);
    expect(task).toMatchObject({ state: 'failed', error: { code: 'CONNECTION_LOCKED' } });
    expect(timesActed().size).toBe(3);
    const left = (await bench.call('bulk.get', { runId })).counts;
    expect(left.failed).toBe(0);
    expect(left.pending).toBeGreaterThan(0);
    expect((await bench.failure('bulk.resume', { runId, typedName })).code).toBe(
      'CONNECTION_LOCKED',
    );
  });

  it('revokes both old keys of a user one after the other', async () => {
    bench = await openOperationsBench({ users: 6, buckets: 0 });
    const { taskId } = await bench.call('inventory.start', { requestsPerSecond: 2000 });
    await bench.ended(taskId);
    const { rows, total } = await bench.call('keys.list', { filter: { holder: 'user' } });
    expect(total).toBeGreaterThan(0);
    const selected = rows.find(({ pairs }) => pairs === 2) ?? rows[0];
    const userIds = [selected?.ownerId ?? ''];
    const run = await bench.call('bulk.preview', {
      source: { from: 'users', userIds, change: { change: 'revokeOldKeys', olderThanDays: 0 } },
    });
    const apply = await bench.call('bulk.apply', { runId: run.runId });
    await bench.ended(apply.taskId);
    const after = await bench.call('bulk.get', { runId: run.runId });
    expect(after.counts.verified).toBe(run.total);
    expect(bench.simulator.state.users.byId.get(userIds[0] ?? '')?.keys).toEqual([]);
    const left = await bench.call('keys.list', { ownerId: userIds[0] ?? '' });
    expect(left.total).toBe(0);
  });

  it('over 200 users with 8 % faults accounts for every row, and changes each once', async () => {
    bench = await openOperationsBench(
      { users: 200, buckets: 0, quotas: false },
      { maxConnections: 16 },
    );
    const run = await bench.call('bulk.preview', {
      source: { from: 'filter', change: { change: 'setQuota', sizeGb: 77 } },
      readFrom: 'snapshot',
    });
    expect(run).toMatchObject({ total: 199, tenants: 199, source: 'snapshot' });
    expect(run.rows[0]).toMatchObject({ beforeKnown: false });
    for (const kind of ['status', 'reset-before', 'reset-after', 'status-after'] as const) {
      bench.simulator.faults.add({ kind, probability: 0.02 });
    }
    const { taskId } = await bench.call('bulk.apply', { runId: run.runId, canary: 'none' });
    await bench.ended(taskId);
    let after: Run = await bench.call('bulk.get', { runId: run.runId });
    const sum = Object.values(after.counts).reduce((left, right) => left + right, 0);
    expect(sum).toBe(199);
    expect(after.counts.failed).toBeGreaterThan(0);
    expect(after.counts.pending + after.counts.sending).toBe(0);
    expect([...timesActed().values()].every((times) => times === 1)).toBe(true);
    bench.simulator.faults.clear();
    const again = await bench.call('bulk.resume', { runId: run.runId, failedOnly: true });
    await bench.ended(again.taskId);
    after = await bench.call('bulk.get', { runId: run.runId });
    expect(after.counts.failed).toBe(0);
    expect(after.state).toBe('finished');
    const times = [...timesActed().values()];
    expect(times).toHaveLength(199);
    expect(new Set(times)).toEqual(new Set([1]));
    expect(await bench.call('journal.verify', {})).toMatchObject({ ok: true, problems: [] });
  });
});

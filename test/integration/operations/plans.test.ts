import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';

let bench: OperationsBench;

beforeAll(async () => {
  bench = await openOperationsBench({ users: 12, buckets: 12 });
  const { taskId } = await bench.call('inventory.start', { requestsPerSecond: 2000 });
  await bench.ended(taskId);
  bench.simulator.log.clear();
});
afterAll(() => bench.close());

function table(): string {
  const { users, systemUser } = bench.simulator.state;
  const [first, second] = [...users.byId.values()].filter(({ id }) => id !== systemUser.id);
  return [
    'e-mail;quota_gb;ops_get;state',
    `${first?.email};500;25.5;disabled`,
    `"${second?.email}";clear;;`,
  ].join('\r\n');
}

const truth = () => ({
  quotas: new Map(
    [...bench.simulator.state.quotas.keys()].map((key) => [
      key,
      bench.simulator.state.quotas.get(key),
    ]),
  ),
  limits: new Map(
    [...bench.simulator.state.limits.keys()].map((key) => [
      key,
      bench.simulator.state.limits.get(key),
    ]),
  ),
  states: new Map(
    [...bench.simulator.state.users.byId.values()].map(({ id, enabled }) => [id, enabled]),
  ),
});

describe('a table', () => {
  it('is read with every error by line and column', async () => {
    const text = 'email,quota_gb,colour\nnobody@example.com,12,red\n';
    const { errors, ignored } = await bench.call('bulk.parse', { text });
    expect(ignored).toEqual(['colour']);
    expect(errors).toMatchObject([{ line: 2, column: 'email' }]);
    const { userId, email } = (await firstUsers())[0] ?? { userId: '', email: '' };
    const long = await bench.call('bulk.parse', { text: `email,state\n${email},enabled,1\n` });
    expect(long.errors).toMatchObject([{ line: 2, column: 'cell 3' }]);
    const second = await bench.call('bulk.parse', {
      text: `id,quota_gb,ops_get,state\n${userId},1.5,-3,off\nffff,1\n${userId},1\n,2\n`,
    });
    expect(second.errors.map(({ line, column }) => [line, column])).toEqual([
      [2, 'quota_gb'],
      [2, 'ops_get'],
      [2, 'state'],
      [3, 'id'],
      [4, 'id'],
      [5, 'id'],
    ]);
    const good = await bench.call('bulk.parse', { text: `email\tquota\n${email}\t7\n` });
    expect(good).toMatchObject({ errors: [], changes: 1, lines: 1 });
    expect(good.sample[0]).toMatchObject({ operation: 'quotas.set', target: { id: userId } });
    expect(bench.simulator.log.entries).toHaveLength(0);
  });
});

async function firstUsers() {
  const snapshot = await (await bench.clusters.get('lab')).snapshot();
  const filter = { system: false } as const;
  return (await snapshot.ask('users', { filter, offset: 0, limit: 5 })).rows;
}

describe('a change plan', () => {
  it('is made without the gateway, applied, and reversed to the former state', async () => {
    const before = truth();
    const plan = await bench.call('plans.make', {
      name: 'Spring cleaning',
      source: { from: 'csv', text: table() },
    });
    expect(bench.simulator.log.entries).toHaveLength(0);
    expect(plan).toMatchObject({ changes: 4, tenants: 2, destructive: true, sameCluster: true });
    expect(plan.fileName).toMatch(/^change-plan-spring-cleaning-\d{8}\.ostorplan$/);
    const { planId, changes } = await bench.call('plans.open', { content: plan.content });
    const rowsOf = async (page: { offset?: number; limit?: number; search?: string }) =>
      bench.call('plans.rows', { planId, ...page });
    const { rows, total } = await rowsOf({});
    expect(total).toBe(changes);
    expect(await rowsOf({ offset: 2, limit: 1 })).toEqual({ total: 4, rows: [rows[2]] });
    const target = rows[3]?.target;
    const found = await rowsOf({ search: target?.name.toUpperCase() ?? '' });
    expect(found).toEqual({ total: 1, rows: [rows[3]] });
    expect((await bench.failure('plans.rows', { planId: 'another' })).code).toBe('NOT_FOUND');
    expect(rows.map(({ operation }) => operation)).toEqual([
      'quotas.set',
      'limits.set',
      'users.disable',
      'quotas.clear',
    ]);
    const { runId, drifted } = await bench.call('plans.check', { content: plan.content });
    expect(drifted).toBe(0);
    const { taskId } = await bench.call('bulk.apply', { runId });
    expect((await bench.ended(taskId)).state).toBe('succeeded');
    expect(truth()).not.toEqual(before);
    const inverse = await bench.call('plans.inverse', { runId });
    expect(inverse).toMatchObject({ reverses: runId, irreversible: [] });
    const back = await bench.call('plans.check', { content: inverse.content });
    expect(back.drifted).toBe(0);
    const undo = await bench.call('bulk.apply', { runId: back.runId });
    expect((await bench.ended(undo.taskId)).state).toBe('succeeded');
    expect(truth()).toEqual(before);
  });

  it('finds what drifted and leaves it out', async () => {
    const [user] = await firstUsers();
    const target = { user: user?.userId ?? '' };
    await bench.call('quotas.set', { target, sizeGb: 10 });
    const plan = await bench.call('plans.make', {
      name: 'Raise',
      source: {
        from: 'users',
        userIds: [target.user],
        change: { change: 'setQuota', sizeGb: 20 },
      },
    });
    bench.simulator.state.quotas.set(`user:${target.user}`, 15n);
    const checked = await bench.call('plans.check', { content: plan.content });
    expect(checked.drifted).toBe(1);
    expect(checked.rows[0]).toMatchObject({
      state: 'refused',
      error: {
        code: 'TARGET_CHANGED',
        details: { differences: [{ field: 'quota', expected: '10', found: '15' }] },
      },
    });
    const { taskId } = await bench.call('bulk.apply', { runId: checked.runId });
    await bench.ended(taskId);
    expect(bench.simulator.state.quotas.get(`user:${target.user}`)).toBe(15n);
  });

  it.each([
    ['edited', (text: string) => text.replace('"sizeGb": 20', '"sizeGb": 2000')],
    ['of a newer version', (text: string) => text.replace('"version": 1', '"version": 2')],
    ['cut', (text: string) => text.slice(0, -40)],
    [
      'nested 10,000 deep',
      (text: string) =>
        text.replace('"sizeGb": 20', `"sizeGb": ${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
    ],
    ['another file', () => '{"name":"something else"}'],
  ])('that is %s is not opened', async (_what, change) => {
    const [user] = await firstUsers();
    const { content } = await bench.call('plans.make', {
      name: 'Raise',
      source: {
        from: 'users',
        userIds: [user?.userId ?? ''],
        change: { change: 'setQuota', sizeGb: 20 },
      },
    });
    const error = await bench.failure('plans.open', { content: change(content) });
    expect(error.code).toBe('PLAN_INVALID');
    expect(error.hint).not.toBe('');
  });

  it('names what cannot be brought back', async () => {
    const { userId, key } = await bench.call('users.create', { email: 'revoked@example.com' });
    await bench.refresh();
    const { taskId } = await bench.call('inventory.start', {
      requestsPerSecond: 2000,
      parts: ['keys'],
      restart: true,
    });
    await bench.ended(taskId);
    const run = await bench.call('bulk.preview', {
      source: {
        from: 'users',
        userIds: [userId],
        change: { change: 'revokeOldKeys', olderThanDays: 0 },
      },
    });
    const apply = await bench.call('bulk.apply', { runId: run.runId });
    await bench.ended(apply.taskId);
    expect(bench.simulator.state.users.byId.get(userId)?.keys).not.toContain(key?.accessKeyId);
    const error = await bench.failure('plans.inverse', { runId: run.runId });
    expect(error).toMatchObject({
      code: 'PLAN_INVALID',
      details: { irreversible: ['Revoke access key: revoked@example.com'] },
    });
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let gateway: Simulator;
let console_: TestConsole;
let connectionId: string;
let planId: string;
let userIds: string[];

const drift = (more: object = {}) => console_.call('servicePlans.drift', { limit: 100, ...more });

beforeAll(async () => {
  gateway = await startSimulator({ users: 6 });
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = gateway;
  ({ id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Rack 1', endpoint, accessKeyId, secretKey, environment: 'lab' },
  }));
  await console_.call('sync.refresh', { connectionId });
  const { rows } = await console_.call('users.list', { connectionId, limit: 100 });
  userIds = rows.filter(({ state }) => state === 'enabled').map(({ userId }) => userId);
  const plan = { name: 'Gold', quotaGb: 500, limits: { opsGet: 100 } };
  ({ id: planId } = await console_.call('servicePlans.save', plan));
  for (const userId of userIds.slice(0, 3)) {
    await console_.call('servicePlans.assign', { id: planId, holder: { connectionId, userId } });
    const target = { user: userId };
    await console_.call('quotas.set', { connectionId, target, sizeGb: 500 });
    await console_.call('limits.set', { connectionId, target, limits: { opsGet: 100 } });
  }
});

afterAll(async () => {
  vi.useRealTimers();
  await console_.end();
  await gateway.stop();
});

describe('drift from a plan', () => {
  it('is in what, since when, and why, where the journal knows', async () => {
    expect(await drift()).toMatchObject({ total: 0, unknown: 0 });
    const userId = userIds[0] ?? '';
    const target = { user: userId };
    await console_.call('quotas.set', { connectionId, target, sizeGb: 800 });
    // changed later, and as the plan has it: no cause of another quota
    await console_.call('limits.set', { connectionId, target, limits: { opsGet: 90 } });
    await console_.call('limits.set', { connectionId, target, limits: { opsGet: 100 } });
    const { total, rows } = await drift();
    expect(total).toBe(1);
    expect(rows[0]).toMatchObject({
      userId,
      planName: 'Gold',
      differences: [{ field: 'quotaGb', wanted: 500, found: 800 }],
      cause: { title: expect.stringMatching(/quota/i) },
      given: null,
      exception: null,
    });
    const again = await drift();
    expect(again.rows[0]?.since).toBe(rows[0]?.since);
    const { cause } = again.rows[0] ?? {};
    const entry = await console_.call('journal.list', {
      ...{ connectionId, offset: 0, limit: 1 },
      filter: { journalId: cause?.journalId },
    });
    expect(entry.rows[0]?.target.id).toBe(userId);
  });

  it('may be for a while: the exception has an end, and then the user is listed again', async () => {
    const userId = userIds[0] ?? '';
    const until = new Date(Date.now() + 3 * 86_400_000).toISOString();
    const user = { connectionId, userId };
    await console_.call('servicePlans.except', { ...user, reason: 'Migration', until });
    expect(await drift()).toMatchObject({ total: 0, excepted: 1 });
    expect((await drift({ excepted: true })).rows[0]?.exception).toMatchObject({
      reason: 'Migration',
      until,
      ended: false,
    });
    await expect(console_.call('servicePlans.fix', { connectionId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 4 * 86_400_000 });
    expect((await drift()).rows[0]?.exception).toMatchObject({ ended: true });
    vi.useRealTimers();
    await expect(
      console_.call('servicePlans.except', { ...user, reason: 'x', until: '2020-01-01T00:00:00Z' }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await console_.call('servicePlans.endException', user)).toEqual({ ended: true });
    expect(await drift()).toMatchObject({ total: 1, excepted: 0 });
  });

  it('is mended by one previewed bulk run, as is a new version of the plan', async () => {
    const next = { id: planId, name: 'Gold', quotaGb: 600, limits: { opsGet: 200 } };
    expect(await console_.call('servicePlans.save', next)).toMatchObject({
      version: 2,
      holders: 3,
    });
    const { rows } = await drift();
    expect(rows.map(({ differences }) => differences.length)).toEqual([2, 2, 2]);
    const saved = { kind: 'version', by: expect.any(String), at: expect.any(String) };
    expect(rows.map(({ cause, given }) => ({ cause, given }))).toEqual(
      Array.from({ length: 3 }, () => ({ cause: null, given: saved })),
    );
    const { users, text } = await console_.call('servicePlans.fix', { connectionId, id: planId });
    expect(users).toBe(3);
    const { runId, total } = await console_.call('bulk.preview', {
      connectionId,
      source: { from: 'csv', text },
    });
    expect(total).toBe(6);
    expect(await drift()).toMatchObject({ total: 3 });
    await console_.call('bulk.apply', { connectionId, runId, canary: 'none' });
    while ((await console_.call('bulk.get', { connectionId, runId })).state !== 'finished') {
      await pause(5);
    }
    expect(await drift()).toMatchObject({ total: 0, unknown: 0 });
    for (const userId of userIds.slice(0, 3)) {
      const quota = await console_.call('quotas.get', { connectionId, target: { user: userId } });
      expect(quota).toMatchObject({ sizeGb: 600 });
    }
  });
});

describe('a retired plan', () => {
  it('is off the list, keeps its holders, and can still be looked up', async () => {
    const before = await console_.call('servicePlans.holders', { id: planId });
    expect(before.map(({ userId }) => userId).sort()).toEqual(userIds.slice(0, 3).sort());
    expect(await console_.call('servicePlans.retire', { id: planId })).toMatchObject({
      retired: true,
    });
    expect(await console_.call('servicePlans.list', {})).toEqual([]);
    const [plan] = await console_.call('servicePlans.list', { retired: true });
    expect(plan).toMatchObject({ id: planId, retired: true, holders: 3, version: 2 });
    expect(await console_.call('servicePlans.holders', { id: planId })).toEqual(before);
  });
});

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
    expect(again.rows[0]?.since).toEqual({ at: again.rows[0]?.cause?.at, is: 'exact' });
    const { cause } = again.rows[0] ?? {};
    const entry = await console_.call('journal.list', {
      ...{ connectionId, offset: 0, limit: 1 },
      filter: { journalId: cause?.journalId },
    });
    expect(entry.rows[0]?.target.id).toBe(userId);
  });

  it('is found by e-mail, id and cluster; the run is for those that were found', async () => {
    const [userId = '', other = ''] = userIds;
    const { email } = (await drift()).rows[0] ?? { email: '' };
    const found = { total: 1, clusters: [{ connectionId, users: 1 }] };
    expect(await drift({ search: email.toUpperCase() })).toMatchObject(found);
    expect(await drift({ search: userId, connectionId })).toMatchObject(found);
    const nobody = { total: 0, clusters: [], rows: [] };
    expect(await drift({ search: other })).toMatchObject(nobody);
    const { id: second } = await console_.call('connections.save', {
      ...{ name: 'Rack 2', endpoint: gateway.url, accessKeyId: 'x', secretKey: 'y' },
      ...{ environment: 'lab' },
    });
    expect(await drift({ connectionId: second })).toMatchObject(nobody);
    const fix = (search: string) => console_.call('servicePlans.fix', { connectionId, search });
    expect(await fix(email)).toMatchObject({ users: 1 });
    await expect(fix(other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('has as its time what is known: since given, after it matched, or before it was compared', async () => {
    const [, userId = ''] = userIds;
    const at = () => new Date(Date.now() - 1).toISOString();
    const isMatched = at();
    await drift();
    // the snapshot reads what another console set
    gateway.state.quotas.set(`user:${userId}`, 900n);
    await console_.call('quotas.get', { connectionId, target: { user: userId } });
    const mine = async () => (await drift()).rows.find((row) => row.userId === userId);
    const elsewhere = await mine();
    expect(elsewhere).toMatchObject({ cause: null, given: null, since: { is: 'after' } });
    expect((elsewhere?.since.at ?? '') < isMatched).toBe(true);
    await console_.call('servicePlans.assign', { id: planId, holder: { connectionId, userId } });
    const assigned = await mine();
    expect(assigned?.given).toMatchObject({ kind: 'assigned' });
    expect(assigned?.since).toEqual({ at: assigned?.given?.at, is: 'exact' });
    await console_.call('quotas.set', { connectionId, target: { user: userId }, sizeGb: 500 });
    expect(await mine()).toBeUndefined();
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
    const { name: _name, ...typed } = next;
    const preview = (input: object) =>
      console_.call('servicePlans.preview', { ...typed, ...input });
    expect(await preview({})).toEqual({ users: 3, differing: 3, unknown: 0, losing: 0 });
    expect(await preview({ quotaGb: 500, limits: { opsGet: 100 } })).toMatchObject({
      differing: 1,
    });
    // nothing was saved by that
    expect(await console_.call('servicePlans.list', {})).toMatchObject([{ version: 1 }]);
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
    const planned = await console_.call('bulk.rows', { connectionId, runId, limit: 10 });
    const reasons = new Set(planned.rows.map(({ reason }) => reason));
    expect([...reasons]).toEqual(['Differs from plan Gold']);
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

describe('a plan of users on two clusters', () => {
  it('is upgraded by a run a cluster, and its drift is listed of both', async () => {
    const other = await startSimulator({ users: 2 });
    const { url: endpoint, accessKeyId, secretKey } = other;
    const { id: otherId } = await console_.call('connections.save', {
      ...{ name: 'Rack 3', endpoint, accessKeyId, secretKey, environment: 'lab' },
    });
    await console_.call('sync.refresh', { connectionId: otherId });
    const { rows: users } = await console_.call('users.list', { connectionId: otherId, limit: 9 });
    const elsewhere = users.find(({ state, flags }) => state === 'enabled' && flags.length === 0);
    const userId = elsewhere?.userId ?? '';
    await console_.call('servicePlans.assign', {
      ...{ id: planId, holder: { connectionId: otherId, userId } },
    });
    const target = { user: userId };
    await console_.call('quotas.set', { connectionId: otherId, target, sizeGb: 600 });
    await console_.call('limits.set', { connectionId: otherId, target, limits: { opsGet: 200 } });
    expect(await drift()).toMatchObject({ total: 0, unknown: 0 });

    const next = { id: planId, name: 'Gold', quotaGb: 700, limits: { opsGet: 300 } };
    const { name: _name, ...typed } = next;
    expect(await console_.call('servicePlans.preview', typed)).toMatchObject({ differing: 4 });
    await console_.call('servicePlans.save', next);
    const { clusters, rows } = await drift();
    expect(Object.fromEntries(clusters.map((one) => [one.connectionId, one.users]))).toEqual({
      ...{ [connectionId]: 3, [otherId]: 1 },
    });
    expect(rows.filter((row) => row.connectionId === otherId)).toMatchObject([{ userId }]);
    await upgrade(connectionId);
    // the run of one cluster touches nobody of the other
    expect(await drift()).toMatchObject({ total: 1, clusters: [{ connectionId: otherId }] });
    await upgrade(otherId);
    expect(await drift()).toMatchObject({ total: 0, clusters: [] });
    for (const [gate, ids] of [
      [gateway, userIds.slice(0, 3)],
      [other, [userId]],
    ] as const) {
      expect(ids.map((id) => gate.state.quotas.get(`user:${id}`))).toEqual(ids.map(() => 700n));
    }
    await console_.call('servicePlans.assign', {
      ...{ id: null, holder: { connectionId: otherId, userId } },
    });
    await console_.call('connections.remove', { id: otherId });
    await other.stop();
  });

  async function upgrade(on: string): Promise<void> {
    const { text } = await console_.call('servicePlans.fix', { connectionId: on, id: planId });
    const source = { from: 'csv' as const, text };
    const { runId } = await console_.call('bulk.preview', { connectionId: on, source });
    await console_.call('bulk.apply', { connectionId: on, runId, canary: 'none' });
    while ((await console_.call('bulk.get', { connectionId: on, runId })).state !== 'finished') {
      await pause(5);
    }
  }
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
    expect(plan).toMatchObject({ id: planId, retired: true, holders: 3, version: 3 });
    expect(await console_.call('servicePlans.holders', { id: planId })).toEqual(before);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { part } from '#test/part.ts';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';

let bench: OperationsBench;

const users = part(15, 30);
const buckets = part(8, 20);

beforeEach(async () => {
  bench = await openOperationsBench({ users, buckets });
});
afterEach(() => bench.close());

async function takeInventory(options: { buckets?: boolean } = {}): Promise<void> {
  const { taskId } = await bench.call('inventory.start', { requestsPerSecond: 2000, ...options });
  expect((await bench.ended(taskId)).state).toBe('succeeded');
}

describe('an inventory', () => {
  it('reads keys, limits and quotas of every user, and says how far it is', async () => {
    expect(await bench.call('inventory.status', {})).toMatchObject({
      users,
      usersKnown: 0,
      oldest: null,
      taskId: null,
    });
    await takeInventory();
    const status = await bench.call('inventory.status', {});
    expect(status).toMatchObject({ usersKnown: users, unfinished: false, taskId: null });
    const keys = [...bench.simulator.state.users.byId.values()].flatMap((user) => [
      ...user.keys,
      ...user.accounts.flatMap((account) => account.keys),
    ]);
    const { total, rows } = await bench.call('keys.list', { limit: 1000 });
    expect(total).toBe(keys.length);
    expect(rows.map(({ accessKeyId }) => accessKeyId).sort()).toEqual([...keys].sort());
  });

  it('is called by what it reads', async () => {
    const part = await bench.call('inventory.start', { parts: ['limits', 'quotas'] });
    expect(bench.tasks.get(part.taskId).title).toBe('Read limits and quotas');
    bench.tasks.cancel(part.taskId);
    await bench.ended(part.taskId);
    const whole = await bench.call('inventory.start', {});
    expect(bench.tasks.get(whole.taskId).title).toBe('Read keys, limits and quotas');
  });

  it('tells of what it found as it goes, so that pages fill while it runs', async () => {
    const known: number[] = [];
    const end = bench.events.subscribe(({ name, payload }) => {
      if (name !== 'data.changed') return;
      if (!(payload as { topics: string[] }).topics.includes('inventory')) return;
      void bench.call('inventory.status', {}).then(({ usersKnown }) => known.push(usersKnown));
    });
    // three requests a user at 5 a second: nine seconds or more, so that it is reported long before the end.
    const { taskId } = await bench.call('inventory.start', { requestsPerSecond: 5 });
    await expect.poll(() => known.length).toBeGreaterThan(0);
    expect(bench.tasks.get(taskId).endedAt).toBeNull();
    expect(known[0]).toBeGreaterThan(0);
    expect(known[0]).toBeLessThan(users);
    end();
    bench.tasks.cancel(taskId);
    await bench.ended(taskId);
    // those that waited for their turn have not failed
    expect(bench.tasks.get(taskId)).toMatchObject({ state: 'cancelled', failed: 0 });
  });

  it('continues where it was ended, and asks for nothing twice', async () => {
    const cancelled = Promise.withResolvers<void>();
    const held = bench.simulator.faults.add({
      kind: 'latency',
      until: cancelled.promise,
      skip: 20,
    });
    const first = await bench.call('inventory.start', { requestsPerSecond: 2000 });
    await expect.poll(() => held.hits).toBeGreaterThan(0);
    bench.tasks.cancel(first.taskId);
    cancelled.resolve();
    await bench.ended(first.taskId);
    held.remove();
    const half = await bench.call('inventory.status', {});
    expect(half.unfinished).toBe(true);
    expect(half.usersKnown).toBeLessThan(users);
    const known = half.usersKnown;
    bench.simulator.log.clear();
    await takeInventory();
    const asked = bench.simulator.log.entries.filter(
      ({ service, query }) => service === 'ostor-quotas' && query.includes('&emailAddress='),
    );
    expect(new Set(asked.map(({ query }) => query)).size).toBeLessThanOrEqual(users - known);
    expect((await bench.call('inventory.status', {})).usersKnown).toBe(users);
  });
});

describe('the fleet of keys', () => {
  it('is filtered, searched, sorted and paged', async () => {
    await takeInventory();
    const all = await bench.call('keys.list', { limit: 1000 });
    const both = await bench.call('keys.list', { filter: { bothSlots: true }, limit: 1000 });
    expect(both.rows.every(({ pairs }) => pairs === 2)).toBe(true);
    expect(both.total).toBe(all.rows.filter(({ pairs }) => pairs === 2).length);
    const accounts = await bench.call('keys.list', { filter: { holder: 'account' }, limit: 1000 });
    expect(accounts.rows.every(({ accountName }) => accountName !== null)).toBe(true);
    const disabled = await bench.call('keys.list', { filter: { ownerState: 'disabled' } });
    expect(disabled.rows.every(({ ownerState }) => ownerState === 'disabled')).toBe(true);
    expect(disabled.total).toBe(
      all.rows.filter(({ ownerState }) => ownerState === 'disabled').length,
    );
    // whoever holds the text in e-mail or id, in whatever case; a text of which nothing is left finds nobody
    const owner = all.rows.at(-1);
    const ofOwner = async (text: string) =>
      (await bench.call('keys.list', { filter: { owner: text }, limit: 1000 })).rows.map(
        ({ accessKeyId }) => accessKeyId,
      );
    const held = all.rows.filter(({ ownerId }) => ownerId === owner?.ownerId);
    expect(held.length).toBeLessThan(all.total);
    for (const text of [owner?.ownerEmail?.toUpperCase() ?? '', owner?.ownerId ?? '']) {
      expect((await ofOwner(text)).toSorted()).toEqual(
        held.map(({ accessKeyId }) => accessKeyId).toSorted(),
      );
    }
    expect(await ofOwner('@')).toHaveLength(all.total);
    expect(await ofOwner('nobody of that name')).toEqual([]);
    expect(await ofOwner('\u200b')).toEqual([]);
    const old = await bench.call('keys.list', { filter: { olderThanDays: 1 } });
    expect(old.total).toBe(0);
    const [one] = all.rows;
    const found = await bench.call('keys.list', { search: one?.accessKeyId.toLowerCase() });
    expect(found.rows.map(({ accessKeyId }) => accessKeyId)).toContain(one?.accessKeyId);
    const sort = { by: 'accessKeyId', descending: true } as const;
    const sorted = await bench.call('keys.list', { sort, offset: 1, limit: 2 });
    const ids = all.rows.map(({ accessKeyId }) => accessKeyId).sort();
    expect(sorted.rows.map(({ accessKeyId }) => accessKeyId)).toEqual(ids.reverse().slice(1, 3));
  });

  it('shows a new key and a revoked one without another inventory', async () => {
    await takeInventory();
    const { userId, key } = await bench.call('users.create', { email: 'fresh@example.com' });
    const accessKeyId = key?.accessKeyId ?? '';
    expect((await bench.call('keys.list', { ownerId: userId })).total).toBe(1);
    await bench.call('keys.revoke', { userId, accessKeyId });
    expect((await bench.call('keys.list', { ownerId: userId })).total).toBe(0);
  });
});

describe('the grid of limits and quotas', () => {
  it('shows own values against defaults, and tells not set, unlimited and unknown apart', async () => {
    const before = await bench.call('limits.grid', { limit: 100 });
    expect(before.total).toBe(users);
    expect(before.rows.every(({ quota, limits }) => quota === null && limits === null)).toBe(true);
    await takeInventory();
    const [user] = before.rows;
    const target = { user: user?.id ?? '' };
    await bench.call('quotas.set', { target: { default: 'user' }, sizeGb: 100 });
    const row = async () => {
      const { rows } = await bench.call('limits.grid', { search: user?.id });
      return rows[0];
    };
    await bench.call('quotas.clear', { target });
    expect(await row()).toMatchObject({ quota: { set: false, sizeGb: null }, appliedGb: 100 });
    await bench.call('quotas.set', { target, sizeGb: 0 });
    expect(await row()).toMatchObject({
      quota: { set: true, sizeGb: 0 },
      appliedGb: null,
      usedFraction: null,
    });
    await bench.call('quotas.set', { target, sizeGb: 50 });
    const own = await row();
    expect(own).toMatchObject({ quota: { set: true, sizeGb: 50 }, appliedGb: 50 });
    expect(own?.usedFraction).toBeCloseTo(Number(own?.currentBytes) / 50e9);
    await bench.call('limits.set', { target, limits: { opsGet: 12 } });
    const limited = await bench.call('limits.grid', {
      filter: { limits: 'own' },
      sort: { by: 'opsGet', descending: true },
      limit: 100,
    });
    expect(limited.rows.map(({ id }) => id)).toContain(target.user);
    expect(limited.defaults.user).toMatchObject({ set: true, sizeGb: 100 });
  });

  it('shows buckets where they were read too', async () => {
    await takeInventory({ buckets: true });
    const { total, rows, inventory } = await bench.call('limits.grid', {
      of: 'bucket',
      limit: 100,
    });
    expect(total).toBe(buckets);
    expect(inventory.bucketsKnown).toBe(buckets);
    expect(rows.every(({ quota, limits }) => quota !== null && limits !== null)).toBe(true);
  });

  it('is what limits and quotas fall back to without a gateway', async () => {
    await takeInventory();
    const [user] = (await bench.call('limits.grid', { limit: 1 })).rows;
    const target = { user: user?.id ?? '' };
    await bench.simulator.stop();
    expect(await bench.call('limits.get', { target })).toMatchObject({ source: 'snapshot' });
    expect(await bench.call('quotas.get', { target })).toMatchObject({ source: 'snapshot' });
    const unknown = { target: { user: '00000000deadbeef' } };
    expect((await bench.failure('quotas.get', unknown)).code).toBe('CONNECTION_OFFLINE');
  });
});

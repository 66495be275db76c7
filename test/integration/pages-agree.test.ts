import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { taskResult } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

let simulator: Simulator;
let subject: TestConsole;
let connectionId: string;
let userId: string;

beforeEach(async () => {
  simulator = await startSimulator({ users: 12, buckets: 10, seed: 7 });
  subject = await TestConsole.start();
  ({ id: connectionId } = await subject.call('connections.save', {
    name: 'Rack 12',
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    environment: 'lab',
    proxy: { mode: 'direct' },
  }));
  await subject.call('sync.refresh', { connectionId });
  const keyed = [...simulator.state.users.byId.values()].find(
    ({ keys, system }) => keys.length > 0 && !system,
  );
  userId = keyed?.id ?? '';
});

afterEach(async () => {
  await subject.end();
  await simulator.stop();
});

it('a cluster whose connection test passed has been asked, one that never was has not', async () => {
  const { id } = await subject.call('connections.save', {
    name: 'Rack 13',
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    environment: 'lab',
    proxy: { mode: 'direct' },
  });
  const state = async () => (await subject.call('sync.status', { connectionId: id })).state;
  expect(await state()).toBe('never');
  expect((await subject.call('connections.test', { id })).ok).toBe(true);
  expect(await state()).toBe('online');
  await subject.restart();
  expect(await state()).toBe('online');
});

const userPage = () => subject.call('users.get', { connectionId, userId });
const keysPage = () => subject.call('keys.list', { connectionId, ownerId: userId, limit: 100 });
const gridRow = async () =>
  (await subject.call('limits.grid', { connectionId, search: userId })).rows[0];

async function expectSameKeys(): Promise<void> {
  const [user, { rows }] = [await userPage(), await keysPage()];
  const ofUser = [
    ...user.keys.map(({ accessKeyId, firstSeen }) => ({ accessKeyId, firstSeen })),
    ...user.accounts.flatMap(({ keys }) => keys),
  ];
  const listed = rows.map(({ accessKeyId, firstSeen }) => ({ accessKeyId, firstSeen }));
  const byId = (left: { accessKeyId: string }, right: { accessKeyId: string }) =>
    left.accessKeyId < right.accessKeyId ? -1 : 1;
  expect(listed.length).toBeGreaterThan(0);
  expect(listed.toSorted(byId)).toEqual(ofUser.toSorted(byId));
}

async function takeInventory(): Promise<void> {
  const { taskId } = await subject.call('inventory.start', {
    connectionId,
    requestsPerSecond: 2000,
  });
  await taskResult(subject, taskId);
}

describe('pages that show the same', () => {
  it('keys: the Keys page has those the user’s page read', async () => {
    expect((await keysPage()).total).toBe(0);
    const { keysAsOf } = await userPage();
    expect((await keysPage()).rows[0]?.asOf).toBe(keysAsOf);
    await expectSameKeys();
  });

  it('keys: the user’s page has those an inventory read, without a gateway and after a refresh', async () => {
    await takeInventory();
    const { rows } = await keysPage();
    await subject.call('sync.refresh', { connectionId });
    await simulator.stop();
    const offline = await userPage();
    expect(offline).toMatchObject({ source: 'snapshot', keysAsOf: rows[0]?.asOf });
    await expectSameKeys();
  });

  it('keys: both show a new key and not a revoked one', async () => {
    const { rows } = await subject.call('users.list', { connectionId, limit: 100 });
    expect(rows.map((row) => row.userId)).toContain(userId);
    const fresh = await subject.call('users.create', { connectionId, email: 'fresh@example.com' });
    userId = fresh.userId;
    await expectSameKeys();
    const accessKeyId = fresh.key?.accessKeyId ?? '';
    await subject.call('keys.revoke', { connectionId, userId, accessKeyId });
    expect((await keysPage()).total).toBe(0);
    await simulator.stop();
    expect(await userPage()).toMatchObject({ source: 'snapshot', keys: [] });
  });

  it('limits and quota: the grid has what the user’s page read, and keeps it over a refresh', async () => {
    const target = { user: userId };
    expect(await gridRow()).toMatchObject({ quota: null, limits: null });
    const limits = await subject.call('limits.get', { connectionId, target });
    const quota = await subject.call('quotas.get', { connectionId, target });
    const expected = {
      limits: { set: limits.set, limits: limits.limits },
      quota: { set: quota.set, sizeGb: quota.sizeGb },
    };
    expect(await gridRow()).toMatchObject(expected);
    await subject.call('sync.refresh', { connectionId });
    expect(await gridRow()).toMatchObject(expected);
  });

  it('limits and quota: the user’s page has what an inventory read, then what was set', async () => {
    await takeInventory();
    const target = { user: userId };
    const read = await gridRow();
    await subject.call('limits.set', { connectionId, target, limits: { opsGet: 12 } });
    await subject.call('sync.refresh', { connectionId });
    await simulator.stop();
    const quota = await subject.call('quotas.get', { connectionId, target });
    expect(quota).toMatchObject({ source: 'snapshot', asOf: read?.quota?.asOf });
    const limits = await subject.call('limits.get', { connectionId, target });
    expect(limits).toMatchObject({ source: 'snapshot', limits: { opsGet: 12 } });
    expect((await gridRow())?.limits).toMatchObject({ asOf: limits.asOf, limits: limits.limits });
  });
});

describe('what one page reads', () => {
  it('is announced, so that the others fetch it again', async () => {
    const reported: string[] = [];
    subject.core.events.subscribe(({ name, payload }) => {
      if (name === 'data.changed') reported.push(...payload.topics);
    });
    const target = { user: userId };
    await userPage();
    await subject.call('limits.get', { connectionId, target });
    await subject.call('quotas.get', { connectionId, target });
    await eventually(() =>
      expect(reported.filter((topic) => topic === 'inventory')).toHaveLength(3),
    );
  });
});

describe('a connection that is removed', () => {
  it('leaves nothing behind of keys, limits and quotas', async () => {
    await takeInventory();
    await subject.call('journal.list', { connectionId });
    const directory = join(subject.dataDir, 'connections', connectionId);
    // of a console before this one, never opened since
    for (const suffix of ['', '-wal', '-shm']) {
      await writeFile(join(directory, `sweep.sqlite${suffix}`), 'old');
    }
    await subject.call('connections.remove', { id: connectionId });
    const kept = await readdir(join(subject.dataDir, 'archive-of-removed', connectionId));
    // The name of what was removed stays with its archive.
    expect(kept.filter((name) => !/^(archive|journal|connection\.json)/.test(name))).toEqual([]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const page = { offset: 0, limit: 10 };
let directory: string;
let snapshot: Snapshot;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-one-row-'));
  snapshot = await openSnapshot(directory);
  const users = [
    listedUser('aa', 'anna@example.com'),
    listedUser('bb', 'bert@example.com', { State: 'disabled' }),
  ];
  const buckets = [
    listedBucket('logs', { owner_id: 'aa', current: 5 }),
    listedBucket('backup', { owner_id: 'bb' }),
  ];
  await snapshot.refresh(feedOf(users, buckets));
  const anna = {
    userId: 'aa',
    email: 'anna@example.com',
    ownerId: '00',
    state: 'enabled',
  } as const;
  const user = { ...anna, flags: [], accounts: [], accessKeyIds: ['key1', 'key2'] };
  await snapshot.change('save', [{ part: 'keys', user, readAt: Date.now() }]);
});

afterAll(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

const narrowed = [
  { search: 'anna' },
  { search: 'example', filter: { state: 'enabled' } },
  { filter: { state: 'enabled' } },
] as const;

it.each(narrowed)('a user is asked for alone: %o', async (query) => {
  const found = await snapshot.ask('users', { ...page, ...query, only: 'aa' });
  expect(found).toMatchObject({ total: 1, rows: [{ userId: 'aa' }] });
  expect(await snapshot.ask('users', { ...page, ...query, only: 'bb' })).toMatchObject({
    total: 0,
    rows: [],
  });
});

it.each([
  { search: 'log' },
  { ownerId: 'aa' },
  { filter: { size: 'filled' } },
  { search: 'o', filter: { minBytes: 5 } },
] as const)('a bucket is asked for alone: %o', async (query) => {
  const found = await snapshot.ask('buckets', { ...page, ...query, only: 'logs' });
  expect(found).toMatchObject({ total: 1, rows: [{ name: 'logs' }] });
  const other = await snapshot.ask('buckets', { ...page, ...query, only: 'backup' });
  expect(other).toMatchObject({ total: 0, rows: [] });
  expect((await snapshot.ask('buckets', { ...page, ...query, only: 'log' })).total).toBe(0);
});

it('a row of keys, and of limits and quotas, is asked for alone', async () => {
  const keys = await snapshot.ask('keys', { ...page, search: 'anna', only: 'key2' });
  expect(keys).toMatchObject({ total: 1, rows: [{ accessKeyId: 'key2' }] });
  expect((await snapshot.ask('keys', { ...page, search: 'bert', only: 'key2' })).total).toBe(0);
  for (const [of, only, search] of [
    ['user', 'aa', 'anna'],
    ['bucket', 'logs', 'log'],
  ] as const) {
    const rows = await snapshot.ask('limitGrid', { ...page, of, search, only });
    expect(rows).toMatchObject({ total: 1, rows: [{ id: only }] });
    const excluded = await snapshot.ask('limitGrid', { ...page, of, search: 'bert', only });
    expect(excluded.total).toBe(0);
  }
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import type { TargetValue } from '#core/store/snapshot/writes/save-values.ts';
import { feedOf, inChunks, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const users = [listedUser('aa', 'anna@example.com'), listedUser('bb', 'bert@example.com')];
const buckets = [listedBucket('logs', { owner_id: 'aa' })];
const anna = { kind: 'user', id: 'aa' } as const;
const logs = { kind: 'bucket', id: 'logs' } as const;
const page = { offset: 0, limit: 10 };
const someLimits = {
  opsDefault: '1',
  opsGet: '2',
  opsPut: '3',
  opsList: '4',
  opsDelete: '5',
  bandwidthOut: '6',
};

let directory: string;
let snapshot: Snapshot;

function annas(accessKeyIds: string[], readAt: number, state: 'enabled' | 'disabled' = 'enabled') {
  const of = { userId: 'aa', email: 'anna@example.com', ownerId: '00', flags: [], accounts: [] };
  return { part: 'keys', user: { ...of, state, accessKeyIds }, readAt } satisfies TargetValue;
}

const quota = (sizeGb: bigint, readAt: number): TargetValue => ({
  part: 'quotas',
  target: anna,
  quota: { sizeGb, type: '' },
  readAt,
});

const keyIds = async () =>
  (await snapshot.ask('keys', page)).rows.map(({ accessKeyId }) => accessKeyId);

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-newest-'));
  snapshot = await openSnapshot(directory);
  await snapshot.refresh(feedOf(users, buckets));
});

afterEach(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('what was read of single targets', () => {
  it('is kept over a refresh for those still listed, and gone with those that are not', async () => {
    const now = Date.now();
    await snapshot.change('beginRound', {
      ...{ keys: true, limits: true, quotas: true, buckets: true, restart: false },
    });
    await snapshot.change('save', [
      annas(['key1'], now),
      quota(7n, now),
      { part: 'limits', target: logs, limits: someLimits, readAt: now },
      { part: 'quotas', target: { kind: 'default', id: 'user' }, quota: null, readAt: now },
    ]);
    await snapshot.refresh(feedOf(users, buckets));
    expect(await keyIds()).toEqual(['key1']);
    expect((await snapshot.ask('limitsAndQuota', anna)).quota).toMatchObject({ sizeGb: 7 });
    expect((await snapshot.ask('limitsAndQuota', logs)).limits).toMatchObject({ set: true });
    const grid = await snapshot.ask('limitGrid', { of: 'user', ...page });
    expect(grid.defaults.user).toMatchObject({ set: false });
    expect((await snapshot.ask('inventory')).unfinished).toBe(true);
    await snapshot.refresh(feedOf([users[1]], []));
    expect(await keyIds()).toEqual([]);
    expect(await snapshot.ask('limitsAndQuota', anna)).toEqual({ limits: null, quota: null });
    expect(await snapshot.ask('limitsAndQuota', logs)).toEqual({ limits: null, quota: null });
    expect((await snapshot.ask('inventory')).unfinished).toBe(true);
  });

  it('is the newest, in whatever order it is saved', async () => {
    const now = Date.now();
    await snapshot.change('save', [annas(['new'], now, 'disabled'), quota(2n, now)]);
    await snapshot.change('save', [annas(['old'], now - 1), quota(1n, now - 1)]);
    expect(await keyIds()).toEqual(['new']);
    expect(await snapshot.ask('user', 'aa')).toMatchObject({ state: 'disabled' });
    expect((await snapshot.ask('limitsAndQuota', anna)).quota).toMatchObject({ sizeGb: 2 });
    await snapshot.change('save', [annas(['newest'], now + 1), quota(3n, now + 1)]);
    expect(await keyIds()).toEqual(['newest']);
    expect((await snapshot.ask('limitsAndQuota', anna)).quota).toMatchObject({ sizeGb: 3 });
  });

  it('takes the place of what a clock that was ahead left', async () => {
    const ahead = Date.now() + 86_400_000;
    await snapshot.change('save', [annas(['ahead'], ahead), quota(1n, ahead)]);
    await snapshot.change('save', [annas(['now'], Date.now()), quota(2n, Date.now())]);
    expect(await keyIds()).toEqual(['now']);
    expect((await snapshot.ask('limitsAndQuota', anna)).quota).toMatchObject({ sizeGb: 2 });
  });

  it('of the time before a refresh does not undo the row it brought', async () => {
    await snapshot.change('save', [annas(['key1'], Date.parse('2026-01-01'), 'disabled')]);
    expect(await snapshot.ask('user', 'aa')).toMatchObject({
      state: 'enabled',
      keys: [{ accessKeyId: 'key1' }],
    });
  });

  it('while a refresh fetched is not undone by its older lists', async () => {
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    async function* held(chunks: AsyncIterable<Uint8Array>) {
      first.resolve();
      await second.promise;
      yield* chunks;
    }
    const refreshing = snapshot.refresh({
      users: inChunks({ Users: users }),
      buckets: held(inChunks({ Buckets: buckets })),
    });
    await first.promise;
    await snapshot.change('save', [
      annas(['key1'], Date.now() + 1, 'disabled'),
      { part: 'gone', target: { kind: 'user', id: 'bb' } },
      { part: 'gone', target: logs },
    ]);
    second.resolve();
    await refreshing;
    expect(await snapshot.ask('user', 'aa')).toMatchObject({ state: 'disabled', bucketCount: 0 });
    expect(await snapshot.ask('user', 'bb')).toBeNull();
    expect(await snapshot.ask('summary')).toMatchObject({ users: 1, buckets: 0 });
  });

  it('is forgotten where nothing was found, while the row waits for the next refresh', async () => {
    await snapshot.change('save', [annas(['key1'], Date.now()), quota(1n, Date.now())]);
    await snapshot.change('save', [{ part: 'missing', target: anna }]);
    expect(await keyIds()).toEqual([]);
    expect(await snapshot.ask('user', 'aa')).toMatchObject({ keysAsOf: null, keys: [] });
  });
});

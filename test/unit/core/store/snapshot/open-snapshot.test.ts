import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import type { SetAside } from '#core/store/snapshot/snapshot-database.ts';
import { feedOf, inChunks, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

let directory: string;
let snapshot: Snapshot;
const setAsides: SetAside[] = [];

async function reopen(): Promise<void> {
  await snapshot.close();
  snapshot = await openSnapshot(directory, { onSetAside: (each) => setAsides.push(each) });
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-snapshot-'));
  setAsides.length = 0;
  snapshot = await openSnapshot(directory);
});

afterEach(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

const anna = listedUser('aa00000000000001', 'Anna@example.com', { Flags: ['system'] });
const bert = listedUser('bb00000000000002', 'bert_100%@example.com', { State: 'disabled' });
const users = [bert, anna];
const buckets = [
  listedBucket('logs', {
    current: 5,
    hmax: 6,
    h_integral: 9007199254740993n.toString(),
    last_ts: 424241,
  }),
  listedBucket('Media', { current: '18014398509481985', hmax: 7, owner_id: 'bb00000000000002' }),
  listedBucket('orphan', { owner_id: 'ffffffffffffffff', creation_date: 'unknown' }),
];
const page = { offset: 0, limit: 100 };

describe('a snapshot', () => {
  it('is empty before the first refresh', async () => {
    expect(await snapshot.ask('summary')).toBeNull();
    expect(await snapshot.ask('users', page)).toEqual({ total: 0, rows: [], asOf: null });
    expect(await snapshot.ask('buckets', { ...page, search: 'x' })).toMatchObject({ total: 0 });
    expect(await snapshot.ask('user', anna.UserId)).toBeNull();
    expect(await snapshot.ask('overview')).toMatchObject({
      asOf: null,
      users: 0,
      largestBuckets: [],
    });
  });

  it('holds what the lists held, exact, and still does when it is opened again', async () => {
    const { asOf, ...counts } = await snapshot.refresh(feedOf(users, buckets));
    expect(counts).toEqual({ users: 2, buckets: 3 });
    await reopen();
    expect(await snapshot.ask('summary')).toEqual({ asOf, users: 2, buckets: 3 });
    expect((await snapshot.ask('users', page)).rows).toEqual([
      {
        userId: anna.UserId,
        email: anna.UserEmail,
        state: 'enabled',
        flags: ['system'],
        ownerId: '0000000000000000',
        bucketCount: 1,
        currentBytes: 5,
        peakBytes: 6,
        firstSeen: asOf,
      },
      expect.objectContaining({ userId: bert.UserId, state: 'disabled', bucketCount: 1 }),
    ]);
    expect(await snapshot.ask('bucket', 'logs')).toEqual({
      name: 'logs',
      ownerId: anna.UserId,
      ownerEmail: anna.UserEmail,
      currentBytes: 5,
      peakBytes: 6,
      byteIntegral: '9007199254740993',
      lastHour: 424241,
      createdAt: '2018-05-25T17:12:00.000Z',
      epoch: 0,
      firstSeen: asOf,
      asOf,
    });
    expect(await snapshot.ask('bucket', 'orphan')).toMatchObject({
      ownerId: 'ffffffffffffffff',
      ownerEmail: null,
      createdAt: null,
    });
    expect(await snapshot.ask('overview')).toMatchObject({
      asOf,
      users: 2,
      disabledUsers: 1,
      buckets: 3,
      emptyBuckets: 1,
      currentBytes: '18014398509481990',
      largestUsers: [{ userId: bert.UserId, currentBytes: '18014398509481985' }, { buckets: 1 }],
      largestBuckets: [{ name: 'Media' }, { name: 'logs' }, { name: 'orphan' }],
      newestBuckets: [{ name: 'Media' }, { name: 'logs' }],
    });
  });

  it('is searched by any part, and the wildcards of SQL are plain characters', async () => {
    await snapshot.refresh(feedOf(users, buckets));
    const found = async (search: string) =>
      (await snapshot.ask('users', { ...page, search })).rows.map(({ email }) => email);
    expect(await found('ANNA@')).toEqual([anna.UserEmail]);
    expect(await found(' 0000002 ')).toEqual([bert.UserEmail]);
    expect(await found('_100%')).toEqual([bert.UserEmail]);
    expect(await found('a%m')).toEqual([]);
    expect(await found('EXAMPLE')).toHaveLength(2);
    const named = async (search: string) =>
      (await snapshot.ask('buckets', { ...page, search })).rows.map(({ name }) => name);
    expect(await named('EDI')).toEqual(['Media']);
    expect(await named('o')).toEqual(['logs', 'orphan']);
  });

  it('is filtered and sorted', async () => {
    await snapshot.refresh(feedOf(users, buckets));
    const names = async (query: object) =>
      (await snapshot.ask('buckets', { ...page, ...query })).rows.map(({ name }) => name);
    expect(await names({ filter: { size: 'empty' } })).toEqual(['orphan']);
    expect(await names({ filter: { size: 'filled' }, search: 'o' })).toEqual(['logs']);
    expect(await names({ filter: { minBytes: '18014398509481985' } })).toEqual(['Media']);
    expect(await names({ filter: { minBytes: '9'.repeat(30) } })).toEqual([]);
    expect(await names({ filter: { minBytes: `-${'9'.repeat(30)}` } })).toHaveLength(3);
    expect(await names({ filter: { ownerKnown: false } })).toEqual(['orphan']);
    expect(await names({ filter: { createdAfter: '2018-05-25T17:12:00.000Z' } })).toHaveLength(2);
    expect(await names({ filter: { createdBefore: '2018-05-25T17:12:00.000Z' } })).toEqual([]);
    expect(await names({ ownerId: 'ffffffffffffffff' })).toEqual(['orphan']);
    expect(await names({ ownerId: bert.UserId })).toEqual(['Media']);
    expect(await names({ ownerId: '00' })).toEqual([]);
    const by = (column: string, descending = false) => names({ sort: { by: column, descending } });
    expect(await by('currentBytes', true)).toEqual(['Media', 'logs', 'orphan']);
    expect(await by('ownerEmail')).toEqual(['orphan', 'logs', 'Media']);
    expect(await by('lastHour', true)).toEqual(['logs', 'orphan', 'Media']);
    const emails = async (query: object) =>
      (await snapshot.ask('users', { ...page, ...query })).rows.map(({ email }) => email);
    expect(await emails({ filter: { state: 'disabled' } })).toEqual([bert.UserEmail]);
    expect(await emails({ filter: { system: true, buckets: 'some' } })).toEqual([anna.UserEmail]);
    expect(await emails({ filter: { buckets: 'none' } })).toEqual([]);
    expect(await emails({ sort: { by: 'currentBytes', descending: true } })).toEqual([
      bert.UserEmail,
      anna.UserEmail,
    ]);
  });

  it('remembers when users, buckets and keys were first seen, and drops what is gone', async () => {
    const first = await snapshot.refresh(feedOf(users, buckets));
    const detail = {
      userId: anna.UserId,
      email: anna.UserEmail,
      state: 'enabled' as const,
      ownerId: anna.OwnerId,
      flags: ['system'],
      accessKeyIds: ['aa01', 'aa02'],
      accounts: [{ name: 'backup', accessKeyIds: ['aa03'] }],
    };
    await snapshot.change('save', [
      { part: 'keys', user: detail, readAt: Date.parse('2030-01-01T00:00:00.000Z') },
    ]);
    const added = [listedUser('cc00000000000003', 'carl@example.com'), anna];
    const second = await snapshot.refresh(
      feedOf(added, [listedBucket('fresh'), ...buckets.slice(0, 1)]),
    );
    expect(await snapshot.ask('user', anna.UserId)).toMatchObject({
      firstSeen: first.asOf,
      keysAsOf: '2030-01-01T00:00:00.000Z',
      keys: [
        { accessKeyId: 'aa01', firstSeen: '2030-01-01T00:00:00.000Z' },
        { accessKeyId: 'aa02' },
      ],
      accounts: [{ name: 'backup', keys: [{ accessKeyId: 'aa03' }] }],
    });
    await snapshot.change('save', [
      {
        part: 'keys',
        user: { ...detail, accessKeyIds: ['aa02', 'aa04'], accounts: [] },
        readAt: Date.parse('2031-01-01T00:00:00.000Z'),
      },
    ]);
    expect(await snapshot.ask('user', anna.UserId)).toMatchObject({
      keys: [
        { accessKeyId: 'aa02', firstSeen: '2030-01-01T00:00:00.000Z' },
        { accessKeyId: 'aa04', firstSeen: '2031-01-01T00:00:00.000Z' },
      ],
      accounts: [],
    });
    expect(await snapshot.ask('bucket', 'logs')).toMatchObject({ firstSeen: first.asOf });
    expect(await snapshot.ask('bucket', 'fresh')).toMatchObject({ firstSeen: second.asOf });
    expect(await snapshot.ask('user', bert.UserId)).toBeNull();
    expect(await snapshot.ask('bucket', 'Media')).toBeNull();
  });

  it('follows single changes between refreshes', async () => {
    await snapshot.refresh(feedOf(users, buckets));
    const enabled = { ...page, filter: { state: 'enabled' as const } };
    expect((await snapshot.ask('users', enabled)).total).toBe(1);
    const detail = (id: string, email: string) => ({
      userId: id,
      email,
      state: 'enabled' as const,
      ownerId: '00',
      flags: [],
      accessKeyIds: [],
      accounts: [],
    });
    await snapshot.change('save', [
      { part: 'keys', user: detail(bert.UserId, bert.UserEmail), readAt: Date.now() },
    ]);
    await snapshot.change('save', [
      { part: 'keys', user: detail('dd', 'aaron@example.com'), readAt: Date.now() },
    ]);
    expect((await snapshot.ask('users', enabled)).rows.map(({ userId }) => userId)).toEqual([
      'dd',
      anna.UserId,
      bert.UserId,
    ]);
    // newer than the bucket list: neither among those without buckets nor among those with some
    const uncounted = { bucketCount: null, currentBytes: null, peakBytes: null };
    expect(await snapshot.ask('user', 'dd')).toMatchObject(uncounted);
    for (const filter of [{ buckets: 'none' }, { buckets: 'some' }, { minBytes: 0 }] as const) {
      const { rows } = await snapshot.ask('users', { ...page, filter });
      expect(rows.map(({ userId }) => userId)).not.toContain('dd');
    }
    expect((await snapshot.ask('overview')).largestUsers.map(({ userId }) => userId)).not.toContain(
      'dd',
    );
    await snapshot.change('save', [{ part: 'gone', target: { kind: 'bucket', id: 'Media' } }]);
    await snapshot.change('save', [{ part: 'gone', target: { kind: 'user', id: anna.UserId } }]);
    expect((await snapshot.ask('buckets', { ...page, search: 'e' })).total).toBe(0);
    expect((await snapshot.ask('buckets', { ...page, filter: { size: 'filled' } })).total).toBe(1);
    expect(await snapshot.ask('bucket', 'logs')).toMatchObject({
      ownerId: anna.UserId,
      ownerEmail: null,
    });
    expect(await snapshot.ask('user', bert.UserId)).toMatchObject({
      bucketCount: 0,
      currentBytes: 0,
    });
    expect(await snapshot.ask('overview')).toMatchObject({
      users: 2,
      disabledUsers: 0,
      buckets: 2,
      currentBytes: 5,
    });
  });

  it('takes a user listed twice for one', async () => {
    expect(await snapshot.refresh(feedOf([anna, anna], []))).toMatchObject({ users: 1 });
  });
});

describe('a refresh that fails', () => {
  const half = JSON.stringify({ Buckets: buckets }).slice(0, -20);
  it.each([
    ['half an answer', half, 'ANSWER_TRUNCATED'],
    ['a web page', '<!doctype html><title>Panel</title>', 'ANSWER_NOT_JSON'],
    ['another product’s answer', '{"results":[{"name":"x"}]}', 'ANSWER_FOREIGN'],
    ['entries of another kind', '{"Buckets":[{"title":"x"}]}', 'ANSWER_FOREIGN'],
    [
      'an error inside',
      '{"Error":{"Code":"InternalError","Message":"No"}}',
      'ANSWER_ERROR_IN_SUCCESS',
    ],
  ])('by %s leaves the old one', async (_what, answer, code) => {
    const before = await snapshot.refresh(feedOf(users, buckets));
    const feed = { users: inChunks([anna]), buckets: inChunks(answer) };
    await expect(snapshot.refresh(feed)).rejects.toMatchObject({ code });
    expect(await snapshot.ask('summary')).toEqual(before);
    expect((await snapshot.ask('users', page)).total).toBe(2);
    expect(readdirSync(directory)).toEqual(['snapshot.sqlite']);
    expect(await snapshot.refresh(feedOf(users, []))).toMatchObject({ buckets: 0 });
  });

  it('by a broken connection, or because it was cancelled, leaves the old one', async () => {
    const before = await snapshot.refresh(feedOf(users, buckets));
    async function* breaking() {
      yield new TextEncoder().encode('{"Buckets":[');
      throw Object.assign(new Error('reset'), { code: 'CONNECTION_RESET' });
    }
    const broken = snapshot.refresh({ users: inChunks([anna]), buckets: breaking() });
    await expect(broken).rejects.toMatchObject({ code: 'CONNECTION_RESET' });
    const cancel = new AbortController();
    async function* cancelling() {
      yield new TextEncoder().encode('{"Buckets":[');
      cancel.abort();
      yield new TextEncoder().encode(']}');
    }
    const cancelled = snapshot.refresh({
      users: inChunks([anna]),
      buckets: cancelling(),
      signal: cancel.signal,
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await snapshot.ask('summary')).toEqual(before);
  });
});

describe('a reader during refreshes', () => {
  it('sees the old or the new, never a mixture', async () => {
    const generation = (number: number) =>
      Array.from({ length: 3000 }, (_, index) =>
        listedBucket(`bucket-${number}-${index}`, { current: number, owner_id: anna.UserId }),
      );
    await snapshot.refresh(feedOf([anna], generation(1)));
    let ended = false;
    const refreshing = (async () => {
      for (let number = 2; number <= 6; number += 1) {
        await snapshot.refresh(feedOf([anna], generation(number)));
      }
      ended = true;
    })();
    const seen = new Set<string>();
    while (!ended) {
      const { rows, total, asOf } = await snapshot.ask('buckets', {
        offset: 0,
        limit: 1000,
        sort: { by: 'createdAt', descending: false },
      });
      const sizes = new Set(rows.map(({ currentBytes }) => currentBytes));
      expect([total, sizes.size]).toEqual([3000, 1]);
      seen.add(`${[...sizes][0]} ${asOf}`);
      const overview = await snapshot.ask('overview');
      expect(Number(overview.currentBytes) % 3000).toBe(0);
      const [owner] = overview.largestUsers;
      expect(owner?.currentBytes).toBe(overview.currentBytes);
    }
    await refreshing;
    expect(new Set([...seen].map((each) => each.split(' ')[0])).size).toBe(seen.size);
    expect((await snapshot.ask('buckets', { ...page, search: 'bucket-6-' })).total).toBe(3000);
  });
});

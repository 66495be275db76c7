import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customersPart } from '#core/customers/store/user-figures.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { shareText } from '#core/store/sqlite/shared-text.ts';
import type { CallInput, ParsedInput } from '#shared/contract/index.ts';
import { day } from '#shared/durations.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const gigabyte = 1e9;
const users = [
  listedUser('a1', 'anna1@example.com'),
  listedUser('a2', 'Anna2@example.com'),
  listedUser('a10', 'anna10@example.com'),
  listedUser('b1', 'bert@example.com'),
  listedUser('c1', 'carl@example.com'),
];
const buckets = [
  listedBucket('logs-1', { owner_id: 'a1', current: 50 * gigabyte }),
  listedBucket('logs-2', { owner_id: 'a2', current: 85 * gigabyte }),
  listedBucket('logs-10', { owner_id: 'a10', current: 120 * gigabyte }),
  listedBucket('media', { owner_id: 'b1', current: 10 * gigabyte }),
  listedBucket('empty', { owner_id: 'c1' }),
];
const days = `${'0'.repeat(28)}gv`;

let directory: string;
let snapshot: Snapshot;
let until: number;

type UserQuery = Parameters<typeof askUsers>[0];
type BucketQuery = Parameters<typeof askBuckets>[0];
const page = { offset: 0, limit: 10 };
const askUsers = (query: Omit<ParsedInput<'users.list'>, 'connectionId' | 'offset' | 'limit'>) =>
  snapshot.ask('users', { ...query, ...page });
const askBuckets = (
  query: Omit<ParsedInput<'buckets.list'>, 'connectionId' | 'offset' | 'limit'>,
) => snapshot.ask('buckets', { ...query, ...page });

const usersBy = async (query: UserQuery): Promise<string[]> =>
  (await askUsers(query)).rows.map(({ userId }) => userId);
const bucketsBy = async (query: BucketQuery): Promise<string[]> =>
  (await askBuckets(query)).rows.map(({ name }) => name);

async function fill(): Promise<void> {
  const readAt = Date.now();
  const quota = (kind: 'user' | 'bucket' | 'default', id: string, sizeGb: bigint | null) => ({
    ...{ part: 'quotas' as const, target: { kind, id }, readAt },
    quota: sizeGb === null ? null : { sizeGb, type: '' },
  });
  const detail = { ownerId: '00', flags: [], accounts: [], state: 'enabled' as const };
  await snapshot.change('save', [
    quota('user', 'a1', 100n),
    quota('user', 'a2', null),
    quota('user', 'b1', 0n),
    quota('default', 'user', 90n),
    quota('bucket', 'logs-10', 100n),
    {
      ...{ part: 'keys', readAt },
      user: { ...detail, userId: 'a1', email: 'anna1@example.com', accessKeyIds: ['k1', 'k2'] },
    },
  ]);
  const facts = { traffic_since: until - 30 * day, traffic_until: until };
  const active = (userId: string, traffic: bigint, ago: number) => [
    ...[userId, String(traffic), days, Math.floor(until / day - ago)],
  ];
  await snapshot.change('saveFigures', {
    ...{ of: 'activity', facts },
    parts: [active('a1', 5n * 10n ** 18n, 0), active('b1', 7n, 40)].map((row) =>
      shareText(JSON.stringify([row])),
    ),
  });
  const customer = (customerId: string, name: string) => [{ customerId, name }];
  await snapshot.change('saveFigures', {
    ...{ of: 'customers', facts: {} },
    parts: [
      customersPart([
        { userId: 'a1', customers: customer('7', 'Zebra 10'), plan: 'Silver' },
        { userId: 'b1', customers: customer('8', 'Zebra 9'), plan: null },
      ]),
      customersPart([{ userId: 'c1', customers: [], plan: 'Bronze' }]),
    ],
  });
  await snapshot.change('saveFigures', {
    ...{ of: 'growth', facts: { growth_since: until - 30 * day, growth_until: until } },
    parts: [shareText('[["logs-2", "-5"], ["media", "9"]]')],
  });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-figures-'));
  snapshot = await openSnapshot(directory);
  await snapshot.refresh(feedOf(users, buckets));
  // statistics and sizes are of later than the first time all of them were seen
  until = Date.now() + 60_000;
  await fill();
});

afterAll(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('what is kept next to users and buckets', () => {
  it('is in their rows, and omitted where nothing is known: no data is no zero', async () => {
    const { rows } = await askUsers({});
    expect(rows.map(({ userId }) => userId)).toEqual(['a1', 'a2', 'a10', 'b1', 'c1']);
    const [anna1, anna2, anna10, bert] = rows;
    const period = {
      since: new Date(until - 30 * day).toISOString(),
      until: new Date(until).toISOString(),
    };
    expect(anna1).toMatchObject({
      ...{ quota: { sizeGb: 100, own: true }, usedFraction: 0.5, keyCount: 2, plan: 'Silver' },
      traffic: { bytes: '5000000000000000000', days, ...period },
      lastActive: new Date(Math.floor(until / day) * day).toISOString(),
      customers: [{ customerId: '7', name: 'Zebra 10' }],
    });
    expect(anna2).toMatchObject({
      quota: { sizeGb: 90, own: false },
      traffic: { bytes: 0, days: '0'.repeat(30) },
    });
    expect(anna2?.usedFraction).toBeCloseTo(85 / 90);
    for (const name of ['quota', 'usedFraction', 'keyCount', 'customers', 'plan', 'lastActive']) {
      expect(anna10).not.toHaveProperty(name);
    }
    expect(bert?.quota).toEqual({ sizeGb: 0, own: true });
    expect(bert).not.toHaveProperty('usedFraction');
  });

  it('sorts them, those without it last either way', async () => {
    const by = (key: string, descending: boolean) =>
      usersBy({ sort: { by: key as 'used', descending } });
    expect(await by('used', true)).toEqual(['a2', 'a1', 'a10', 'b1', 'c1']);
    expect(await by('used', false)).toEqual(['a1', 'a2', 'a10', 'b1', 'c1']);
    expect((await by('traffic', true)).slice(0, 2)).toEqual(['a1', 'b1']);
    expect((await by('keys', true))[0]).toBe('a1');
    expect((await by('lastActive', false)).slice(0, 2)).toEqual(['b1', 'a1']);
    expect((await by('customer', false)).slice(0, 2)).toEqual(['b1', 'a1']);
    expect((await by('plan', true)).slice(0, 2)).toEqual(['a1', 'c1']);
    expect((await by('quota', true)).slice(0, 3)).toEqual(['a1', 'a2', 'b1']);
  });

  it.each<[CallInput<'users.list'>['filter'], string[]]>([
    [{ quota: 'near' }, ['a2']],
    [{ quota: 'over' }, []],
    [{ quota: 'unknown' }, ['a10', 'c1']],
    [{ quota: 'set' }, ['a1', 'a2', 'b1']],
    [{ minUsed: 0.4, maxUsed: 0.6 }, ['a1']],
    [{ minBytes: 50e9, maxBytes: 100e9 }, ['a1', 'a2']],
    [{ maxBytes: 0 }, ['c1']],
    [{ minTraffic: '5000000000000000000' }, ['a1']],
    [{ maxTraffic: 0 }, ['a2', 'a10', 'c1']],
    [{ keys: 2 }, ['a1']],
    [{ keys: 0 }, []],
    [{ customer: 'zebra 1' }, ['a1']],
    [{ customer: '' }, []],
    [{ customers: 'none' }, ['a2', 'a10', 'c1']],
    [{ customers: 'some' }, ['a1', 'b1']],
    [{ plan: 'Silver' }, ['a1']],
    [{ plans: 'none', customers: 'some' }, ['b1']],
  ])('filters users by %j', async (filter, expected) => {
    expect(await usersBy({ filter })).toEqual(expected);
    expect(await usersBy({ filter, sort: { by: 'firstSeen', descending: false } })).toHaveLength(
      expected.length,
    );
  });

  it('filters by days of activity, which are days in UTC', async () => {
    const at = (milliseconds: number) => new Date(milliseconds).toISOString();
    expect(await usersBy({ filter: { activeAfter: at(until - 7 * day) } })).toEqual(['a1']);
    expect(await usersBy({ filter: { activeBefore: at(until - 30 * day) } })).toEqual(['b1']);
    // a local day that begins within the day of the statistics takes it in
    const inDay = Math.floor(until / day) * day + day - 1;
    expect(await usersBy({ filter: { activeAfter: at(inDay) } })).toEqual(['a1']);
  });

  it.each<[CallInput<'buckets.list'>['filter'], string[]]>([
    [{ quota: 'over' }, ['logs-10']],
    [{ owner: 'anna1' }, ['logs-1', 'logs-10']],
    [{ owner: '\u200b' }, []],
    [{ minGrowth: 1 }, ['media']],
    [{ maxGrowth: -1 }, ['logs-2']],
    [{ minGrowth: 0, maxGrowth: 0 }, ['empty', 'logs-1', 'logs-10']],
    [{ minBytes: 1, maxBytes: 10e9 }, ['media']],
  ])('filters buckets by %j', async (filter, expected) => {
    expect(await bucketsBy({ filter })).toEqual(expected);
  });

  it('sorts buckets by growth and share of their quota', async () => {
    const by = (key: 'growth' | 'used', descending: boolean) =>
      bucketsBy({ sort: { by: key, descending } });
    expect((await by('growth', true))[0]).toBe('media');
    expect((await by('growth', false))[0]).toBe('logs-2');
    expect((await by('used', false))[0]).toBe('logs-10');
    expect((await by('used', true))[0]).toBe('logs-10');
  });

  it('stays over a refresh, is written only where it differs, and is nothing again when taken away', async () => {
    await snapshot.refresh(feedOf(users, buckets));
    expect(await usersBy({ filter: { plan: 'Silver' } })).toEqual(['a1']);
    expect((await bucketsBy({ sort: { by: 'growth', descending: true } }))[0]).toBe('media');
    const growth = {
      ...{ of: 'growth' as const, parts: [shareText('[["media", "9"]]')] },
      facts: { growth_since: until - 30 * day, growth_until: until },
    };
    expect(await snapshot.change('saveFigures', growth)).toBe(true);
    expect(await snapshot.change('saveFigures', growth)).toBe(false);
    expect(await bucketsBy({ filter: { maxGrowth: -1 } })).toEqual([]);
    const facts = { growth_since: null, growth_until: null };
    await snapshot.change('saveFigures', { of: 'growth', parts: [], facts });
    const { rows } = await askBuckets({});
    for (const row of rows) expect(row).not.toHaveProperty('growth');
    expect(await bucketsBy({ filter: { minGrowth: 0 } })).toEqual([]);
  });

  it('takes nobody for idle where no statistics of late are there', async () => {
    const rows = [['b1', '0', '0'.repeat(30), Math.floor(until / day) - 40]];
    const facts = { traffic_since: null, traffic_until: null };
    await snapshot.change('saveFigures', {
      of: 'activity',
      parts: [shareText(JSON.stringify(rows))],
      facts,
    });
    expect(await usersBy({ filter: { maxTraffic: 0 } })).toEqual([]);
  });
});

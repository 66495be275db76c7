import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Pressure } from '#core/attention/pressure.ts';
import type { TemporaryRaise } from '#core/customers/temporary-raises.ts';
import { EventBus } from '#core/platform/events.ts';
import type { CallInput } from '#shared/contract/index.ts';
import { pressureContract } from '#shared/contract/pressure.ts';
import { signalThresholds } from '#shared/contract/signals.ts';
import { day } from '#shared/durations.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';
import { anna, ben, carl, StagedCluster } from '#test/fakes/staged-cluster.ts';

const gigabyte = 1e9;

let base: Awaited<ReturnType<typeof StagedCluster.base>>;
let staged: StagedCluster;
let events: EventBus;
let raises: Partial<TemporaryRaise>[];
let pressure: Pressure;
/** Called when the archive begins to be read. */
let onRead: () => void;
let release: (connectionId: string) => void;

beforeAll(async () => {
  base = await StagedCluster.base();
});
afterAll(() => base.remove());
beforeEach(async () => {
  staged = await StagedCluster.open(base.path);
  events = new EventBus();
  raises = [];
  onRead = () => undefined;
  pressure = boardOf(staged);
});
afterEach(async () => {
  await pressure.settle();
  await staged.end();
});

function boardOf({ archive, snapshot }: StagedCluster): Pressure {
  return new Pressure({
    events,
    clusters: {
      get: async () => ({ snapshot: async () => snapshot }),
      onRelease: (listener: typeof release) => {
        release = listener;
      },
    },
    archives: {
      get: async () => {
        onRead();
        return archive;
      },
    },
    inventories: { status: async () => ({}) },
    raises: { list: async () => raises },
    attention: { thresholds: async () => signalThresholds.parse({}) },
  } as never);
}

const list = (query: Omit<CallInput<'pressure.list'>, 'connectionId'> = {}) =>
  pressure.list({ connectionId: 'lab', of: 'user', offset: 0, limit: 100, ...query } as never);
const row = async (id: string) => (await list({ only: id })).rows[0];

/** Anna grows by 10 GB a day for a week; samples are newer than what is staged. */
async function grow(): Promise<void> {
  for (let days = 1; days <= 8; days += 1) {
    const bytes = { [anna]: (100 + days * 10) * gigabyte, [ben]: 10 * gigabyte, [carl]: gigabyte };
    await staged.sizes(bytes, -days * day);
  }
  await staged.refresh({ [anna]: 180 * gigabyte, [ben]: 10 * gigabyte, [carl]: gigabyte });
}

/** Resolves when what was read of the archive is new. */
function tellsPressure(): Promise<void> {
  return new Promise((resolve) => {
    events.subscribe((event) => {
      if (event.name === 'data.changed' && event.payload.topics.includes('pressure')) resolve();
    });
  });
}

const pressureSorts = pressureContract['pressure.list'].input.shape.sort.unwrap().shape.by.options;

describe('the pressure board', () => {
  it('counts the days to full from growth, and knows who does not grow', async () => {
    await grow();
    await staged.quota('user', anna, 1000);
    await staged.quota('user', ben, 100);
    const found = await row(anna);
    // 80 GB in the two weeks that are looked at
    expect(Number(found?.dailyBytes) / gigabyte).toBeCloseTo(80 / 14, 0);
    expect(found?.daysToFull).toBeCloseTo(820 / (Number(found?.dailyBytes) / gigabyte), 1);
    expect(await row(ben)).toMatchObject({ daysToFull: null, dailyBytes: 0, usedFraction: 0.1 });
    expect(await row(carl)).toMatchObject({ daysToFull: null, appliedGb: null, risk: 'unknown' });
    const { sampledAt, rows } = await list({ sort: { by: 'daysToFull' } });
    expect(Date.parse(sampledAt ?? '')).toBe(staged.now + 8 * day);
    expect(rows[0]?.id).toBe(anna);
  });

  it('says that growth is not known where there are too few samples', async () => {
    const young = await StagedCluster.open();
    await young.refresh();
    for (const days of [3, 0]) await young.sizes({ [anna]: (5 - days) * gigabyte }, days * day);
    await young.quota('user', anna, 1000);
    const board = boardOf(young);
    const query = { connectionId: 'lab', of: 'user', offset: 0, limit: 10 } as const;
    const page = await board.list(query as never);
    expect(page.rows.map(({ dailyBytes, daysToFull }) => [dailyBytes, daysToFull])).toEqual(
      page.rows.map(() => [null, null]),
    );
    expect(page.statisticsUntil).toBeNull();
    await young.end();
  });

  it('does not take what came since the first sample for growth, nor who was gone in between', async () => {
    await staged.sizes({ [anna]: 100 * gigabyte }, 0);
    const sample = (at: number, bytes: bigint | null) =>
      staged.archive.write('recordSizes', {
        at,
        users:
          bytes === null ? [] : [{ userId: anna, email: 'anna@example.com', buckets: 1, bytes }],
        buckets: [],
        last: true,
      });
    await sample(staged.now + 1, null);
    await sample(staged.now + 2, 500n * BigInt(gigabyte));
    await staged.quota('user', anna, 1000);
    expect((await row(anna))?.daysToFull).toBeNull();
  });

  it('compares limits with the busiest hour, and counts the hours at the limit', async () => {
    await staged.limits(anna, { opsGet: '1' });
    await staged.limits(ben, { opsPut: '1000' });
    const entry = { bucket: 'logs', userId: anna, downloaded: 0 };
    await staged.traffic(10, 6, [{ ...entry, get: 3500 }], '8000000000000066');
    const found = await row(anna);
    expect(found).toMatchObject({
      risk: 'warning',
      limitedHours: 4,
      busiest: { resource: 'opsGet', limit: 1 },
    });
    // the hundred of each hour before are there too
    expect(found?.busiest?.share).toBeCloseTo(3500 / 3600, 1);
    expect((await row(ben))?.busiest).toBeNull();
    const near = await list({ filter: { minLimitShare: 0.9 } });
    expect(near.rows.map(({ id }) => id)).toEqual([anna]);
  });

  it('names the limit that came closest, among those that differ from user to user', async () => {
    await staged.limits(anna, { opsPut: '1000', bandwidthOut: '100' });
    await staged.limits(ben, { opsList: '2' });
    const downloaded = 2 * 3600 * 50_000;
    const of = (userId: string, counters: object) => ({ bucket: 'logs', userId, ...counters });
    await staged.traffic(
      ...[10, 1],
      [of(anna, { put: 36_000, downloaded }), of(ben, { list: 3600, downloaded })],
      '8000000000000066',
    );
    expect((await row(anna))?.busiest).toMatchObject({ resource: 'bandwidthOut', limit: 100 });
    const busiest = (await row(ben))?.busiest;
    expect(busiest).toMatchObject({ resource: 'opsList', limit: 2 });
    expect(busiest?.rate).toBeCloseTo(1, 0);
    expect((await row(carl))?.busiest).toBeNull();
  });

  it('reads nothing of buckets for the board of users', async () => {
    await grow();
    await staged.limits(anna, { opsGet: '1' });
    const { archive } = staged;
    const asked: unknown[] = [];
    const noting =
      (ask: typeof archive.read): typeof archive.read =>
      (name, ...input) => {
        asked.push([name, ...input]);
        return ask(name, ...input);
      };
    const onOwnThread: typeof archive.onOwnThread = (work) =>
      archive.onOwnThread((read) => work(noting(read)));
    pressure = boardOf({
      ...staged,
      archive: { onOwnThread, read: noting(archive.read) },
    } as never);
    await list();
    expect(JSON.stringify(asked)).toContain('user_size');
    expect(JSON.stringify(asked)).not.toMatch(/bucket_size|"of":"bucket"/);
    await list({ of: 'bucket' });
    expect(JSON.stringify(asked)).toContain('bucket_size');
  });

  it('sorts by risk, filters, and tells own values from defaults', async () => {
    await staged.quota('default', 'user', 50);
    await staged.quota('user', anna, 10);
    await staged.snapshot.change('save', [
      { part: 'quotas', target: { kind: 'user', id: ben }, quota: null, readAt: staged.now },
    ]);
    const { rows, total } = await list();
    expect([total, rows.map(({ id, risk }) => [id, risk])]).toEqual([
      3,
      [
        [anna, 'critical'],
        [ben, 'none'],
        [carl, 'unknown'],
      ],
    ]);
    expect(rows[0]).toMatchObject({ daysToFull: 0, appliedGb: 10, quota: { set: true } });
    expect(rows[1]).toMatchObject({ appliedGb: 50, quota: { set: false } });
    const ids = async (filter: object) => (await list({ filter })).rows.map(({ id }) => id);
    expect(await ids({ risk: 'critical' })).toEqual([anna]);
    expect(await ids({ risk: 'unknown' })).toEqual([carl]);
    expect(await ids({ withinDays: 0 })).toEqual([anna]);
    expect(await ids({ quota: 'notSet' })).toEqual([ben]);
    expect((await list({ search: 'ben' })).total).toBe(1);
    expect((await list({ of: 'bucket' })).total).toBe(3);
  });

  it('marks what is raised, and what is overdue to be put back', async () => {
    const raised = (id: string, until: number) => ({
      target: { kind: 'user' as const, id, name: id },
      until: new Date(until).toISOString(),
      overdue: until < Date.now(),
    });
    raises = [raised(anna, Date.now() - day), raised(ben, Date.now() + day)];
    expect(await list()).toMatchObject({ raises: { open: 2, overdue: 1 } });
    const overdue = await list({ filter: { raised: 'overdue' } });
    expect(overdue.rows).toMatchObject([{ id: anna, raised: { overdue: true } }]);
    const running = await list({ filter: { raised: 'running' } });
    expect(running.rows.map(({ id }) => id)).toEqual([ben]);
    raises = [];
    expect((await row(anna))?.raised).toBeNull();
  });

  it('follows the archive: serves what it has, reads again meanwhile, and says so', async () => {
    await staged.quota('user', anna, 1000);
    expect((await row(anna))?.dailyBytes).toBeNull();
    await grow();
    const reported = tellsPressure();
    events.emit('data.changed', { connectionId: 'lab', topics: ['storage'] });
    await list();
    await reported;
    expect(Number((await row(anna))?.dailyBytes)).toBeGreaterThan(gigabyte);
  });

  it('reads again what changed while it was read for the first time', async () => {
    let readings = 0;
    onRead = () => {
      readings += 1;
      if (readings === 1) {
        events.emit('data.changed', { connectionId: 'lab', topics: ['usage'] });
      }
    };
    await list();
    const reported = tellsPressure();
    await list();
    await reported;
    await list();
    expect(readings).toBe(2);
  });

  it('keeps nothing that was read of a cluster that was released meanwhile', async () => {
    let readings = 0;
    onRead = () => {
      readings += 1;
      if (readings === 1) queueMicrotask(() => release('lab'));
    };
    await list();
    await list();
    await list();
    expect(readings).toBe(2);
  });

  it('shows a refresh, a new value, a collection and a raise right after them', async () => {
    await staged.quota('user', anna, 1000);
    await staged.limits(anna, { opsGet: '1' });
    expect(await row(anna)).toMatchObject({ usedFraction: 0.1, limitedHours: 0, raised: null });
    await staged.refresh({ [anna]: 950 * gigabyte });
    expect(await row(anna)).toMatchObject({ usedFraction: 0.95, risk: 'warning' });
    await staged.quota('user', anna, 500);
    expect(await row(anna)).toMatchObject({ usedFraction: 1.9, risk: 'critical', daysToFull: 0 });
    await staged.quota('default', 'user', 20);
    await staged.snapshot.change('save', [
      { part: 'quotas', target: { kind: 'user', id: anna }, quota: null, readAt: staged.now },
    ]);
    expect(await row(anna)).toMatchObject({ appliedGb: 20, usedFraction: 47.5 });
    raises = [
      { target: { kind: 'user', id: anna, name: anna }, until: '2126-01-01T00:00:00.000Z' },
    ];
    expect((await row(anna))?.raised).toEqual({
      until: '2126-01-01T00:00:00.000Z',
      overdue: false,
    });
    const reported = tellsPressure();
    await staged.traffic(10, 6, [{ bucket: 'logs', userId: anna, get: 3500 }], '8000000000000066');
    events.emit('data.changed', { connectionId: 'lab', topics: ['usage'] });
    await list();
    await reported;
    expect((await row(anna))?.limitedHours).toBe(4);
  });

  it('has users that came and went since it was made', async () => {
    expect((await list()).total).toBe(3);
    const user = { ...{ email: 'dora@example.com', state: 'disabled', ownerId: '', flags: [] } };
    await staged.snapshot.change('save', [
      {
        part: 'keys',
        user: { ...user, userId: 'aa00000000000004', accessKeyIds: [], accounts: [] } as never,
        readAt: Date.now() + 1000,
      },
    ]);
    expect((await list({ sort: { by: 'name' } })).rows.at(-1)?.name).toBe('dora@example.com');
    expect((await list({ filter: { state: 'disabled' } })).total).toBe(2);
    await staged.snapshot.change('save', [{ part: 'gone', target: { kind: 'user', id: carl } }]);
    expect((await list()).rows.map(({ id }) => id)).not.toContain(carl);
    expect((await list({ of: 'bucket', filter: { state: 'enabled' } })).total).toBe(2);
  });

  it('sorts buckets by the state that their owners have now', async () => {
    const users = [listedUser(anna, 'anna@example.com'), listedUser(ben, 'ben@example.com')];
    const buckets = [listedBucket('a', { owner_id: anna }), listedBucket('b', { owner_id: ben })];
    await staged.snapshot.refresh(feedOf(users, buckets));
    const byState = async () => {
      const sort = { by: 'state', descending: false } as const;
      return (await list({ of: 'bucket', sort })).rows.map(({ id }) => id);
    };
    expect(await byState()).toEqual(['a', 'b']);
    const user = {
      userId: ben,
      email: 'ben@example.com',
      state: 'disabled',
      ownerId: '',
      flags: [],
    };
    await staged.snapshot.change('save', [
      {
        part: 'keys',
        user: { ...user, accessKeyIds: [], accounts: [] } as never,
        readAt: Date.now() + 1000,
      },
    ]);
    expect(await byState()).toEqual(['b', 'a']);
  });

  it('sorts by every column, names as people expect them, and pages past what is filtered', async () => {
    const users = [listedUser(anna, 'anna@example.com')];
    const sizes = [300, 100, 200, 400].map((size) => size * gigabyte);
    const buckets = ['b-10', 'b-2', 'b-1', 'a'].map((name, index) =>
      listedBucket(name, { owner_id: anna, current: sizes[index] ?? 0 }),
    );
    await staged.snapshot.refresh(feedOf(users, buckets));
    await staged.quota('bucket', 'b-10', 400);
    await staged.quota('bucket', 'b-2', 1000);
    const names = async (query: object) =>
      (await list({ of: 'bucket', ...query })).rows.map(({ name }) => name);
    expect(await names({ sort: { by: 'name' } })).toEqual(['a', 'b-1', 'b-2', 'b-10']);
    const grid = async (query: object) => {
      const page = { of: 'bucket', offset: 0, limit: 10, ...query } as const;
      return (await staged.snapshot.ask('limitGrid', page)).rows.map(({ name }) => name);
    };
    expect(await grid({})).toEqual(['a', 'b-1', 'b-2', 'b-10']);
    expect(await grid({ sort: { by: 'name', descending: true }, search: 'b-', limit: 2 })).toEqual([
      ...['b-10', 'b-2'],
    ]);
    await staged.snapshot.change('save', [{ part: 'gone', target: { kind: 'bucket', id: 'a' } }]);
    expect(await grid({ limit: 2 })).toEqual(['b-1', 'b-2']);
    expect(await grid({ filter: { quota: 'own' } })).toEqual(['b-2', 'b-10']);
    await staged.snapshot.refresh(feedOf(users, buckets));
    expect(await names({ sort: { by: 'used', descending: true } })).toEqual([
      ...['b-10', 'b-2', 'a', 'b-1'],
    ]);
    expect(await names({ sort: { by: 'currentBytes', descending: true } })).toEqual([
      ...['a', 'b-10', 'b-1', 'b-2'],
    ]);
    expect(await names({ search: 'B-', filter: { quota: 'own' }, offset: 1 })).toEqual(['b-2']);
    for (const by of [...pressureSorts]) {
      for (const descending of [false, true]) {
        expect(await names({ sort: { by, descending } })).toHaveLength(4);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import {
  type Evidence,
  evidenceOf,
  findImplausible,
  readEvidenceIn,
  readPeaks,
} from '#core/customers/implausible.ts';
import { sampledSizes } from '#core/customers/sampled-sizes.ts';
import type { UsagePeak } from '#core/store/archive/queries/peaks.ts';
import type { Statement } from '#core/usage/billing/statement.ts';

const period = { fromHour: 0, toHour: 744 };
const tera = 10n ** 12n;
const lineOf = (item: string, quantity: number) => ({ item, quantity, amount: 1 }) as never;

/** A statement of these users' quantities of one item. */
function statement(coveredHours: number, item: string, ...quantities: number[]): Statement {
  const users = quantities.map((quantity, index) => ({
    ...{ userId: `a${index + 1}`, email: `a${index + 1}@example.com`, amount: 0 },
    lines: [lineOf(item, quantity)],
  }));
  return { users, gigabyte: 'decimal', coverage: { coveredHours } } as unknown as Statement;
}

interface Given {
  before?: Statement;
  looks?: number[];
  changes?: { at: number; bytes: bigint }[];
  peaks?: Omit<UsagePeak, 'userId'>[];
  bounds?: Evidence['bounds'];
}

const manyLooks = Array.from({ length: 31 }, (_, day) => day * 86_400_000);

/** What is held back of the first user, in words. */
async function held(now: Statement, given: Given = {}): Promise<string[]> {
  const { before = statement(0, 'put', 0), looks = manyLooks, changes = [], peaks = [] } = given;
  const usagePeaks = {
    ...{ slotSeconds: 3600, services: 1 },
    peaks: peaks.map((peak) => ({ userId: 'a1', ...peak })),
  };
  const archive = { read: async () => usagePeaks } as never;
  const stored = {
    ...{ looks, userIds: ['a1'], ends: [changes.length] },
    at: Float64Array.from(changes.map(({ at }) => at)),
    bytes: BigInt64Array.from(changes.map(({ bytes }) => bytes)),
  };
  const of = { overlaps: [], stored, before: trafficOf(before), bounds: given.bounds ?? new Map() };
  const evidence = evidenceOf(now, await readPeaks(archive, of, period));
  return wordsOf(findImplausible('rack-1', evidence, now.users.slice(0, 1)));
}

const wordsOf = (lines: ReturnType<typeof findImplausible>): string[] =>
  lines.map(({ words }) => words.replace(/\.$/, ''));

function trafficOf({ users, coverage: { coveredHours } }: Statement): Evidence['before'] {
  const figures = users.map(({ userId, lines }) => [
    userId,
    Object.fromEntries(lines.map(({ item, quantity }) => [item, BigInt(quantity)])),
  ]);
  return { coveredHours, users: new Map(figures as never) };
}

describe('a counter is held back for a look', () => {
  it('where it came to a thousand times the period before', async () => {
    const now = statement(744, 'downloaded', 5_000_000_000_000);
    expect(await held(now, { before: statement(720, 'downloaded', 5_000_000_000) })).toEqual([
      'The traffic out of a1@example.com came to 5,000 GB, 1,000 times that of the period before (5 GB)',
    ]);
    expect(await held(now, { before: statement(720, 'downloaded', 5_000_000_001) })).toEqual([]);
  });

  it('but not for small quantities, nor against a period that is hardly on record', async () => {
    const small = statement(744, 'put', 99_000);
    expect(await held(small, { before: statement(720, 'put', 1) })).toEqual([]);
    const now = statement(744, 'put', 9_000_000);
    expect(await held(now, { before: statement(24, 'put', 1) })).toEqual([]);
  });

  it('but not where it costs nothing', async () => {
    const now = statement(744, 'downloaded', 5_000_000_000_000);
    for (const { lines } of now.users) for (const line of lines) line.amount = 0;
    expect(await held(now, { before: statement(720, 'downloaded', 5_000_000_000) })).toEqual([]);
  });

  const hour = { item: 'downloaded' as const, hour: 30 };

  it('in its first month, where an hour is a thousand times its usual one', async () => {
    const now = statement(744, 'downloaded', 9_000_000_000);
    const peak = { ...hour, quantity: 2_000_000_000n };
    expect(await held(now, { peaks: [{ ...peak, usual: 2_000_000n }] })).toEqual([
      'The traffic out of a1@example.com came to 2 GB in the hour from 1970-01-02 06:00 UTC, 1,000 times its usual hour',
    ]);
    expect(await held(now, { peaks: [{ ...peak, usual: 2_000_001n }] })).toEqual([]);
    expect(await held(now, { peaks: [{ ...peak, usual: null }] })).toEqual([]);
  });

  it('where no network carries as much in an hour, or its rate limit does not', async () => {
    const now = statement(744, 'downloaded', 2 ** 53);
    const peaks = [{ ...hour, quantity: 2n ** 53n, usual: null }];
    expect(await held(now, { peaks })).toEqual([
      'The traffic out of a1@example.com came to 9,007,199.255 GB in the hour from 1970-01-02 06:00 UTC, which no network or gateway can do',
    ]);
    const limited = { perSecond: { downloaded: 1_024_000n }, quota: null };
    const bounds = new Map([['a1', limited]]);
    const much = [{ ...hour, quantity: 7_372_800_001n, usual: null }];
    expect(await held(now, { peaks: much, bounds })).toEqual([
      'The traffic out of a1@example.com came to 7.373 GB in the hour from 1970-01-02 06:00 UTC, more than twice what its rate limit allows',
    ]);
    const allowed = [{ ...hour, quantity: 7_372_800_000n, usual: null }];
    expect(
      await held(statement(744, 'downloaded', 7_372_800_000), { peaks: allowed, bounds }),
    ).toEqual([]);
  });

  it('in its first month, where it is a thousand times that of most users', async () => {
    const others = [1e9, 1e9, 2e9, 2e9, 3e9];
    const now = statement(744, 'downloaded', 2e12, ...others);
    expect(await held(now)).toEqual([
      'The traffic out of a1@example.com came to 2,000 GB, 1,000 times that of most users (2 GB), and nothing of the period before tells whether that is usual',
    ]);
    expect(await held(now, { before: statement(744, 'downloaded', 1e12) })).toEqual([]);
    expect(await held(statement(744, 'downloaded', 2e12, ...others.slice(1)))).toEqual([]);
  });

  it('in its first month, where it is a thousand times what it stores, or may store', async () => {
    const now = statement(744, 'downloaded', 5e12);
    const changes = [{ at: 0, bytes: 5n * 10n ** 9n }];
    expect(await held(now, { changes })).toEqual([
      'The traffic out of a1@example.com came to 5,000 GB, 1,000 times the most that it stored (5 GB), and nothing of the period before tells whether that is usual',
    ]);
    const bounds = new Map([['a1', { perSecond: {}, quota: 5n * 10n ** 9n }]]);
    expect(await held(now, { bounds })).toEqual([
      'The traffic out of a1@example.com came to 5,000 GB, 1,000 times its quota (5 GB), and nothing of the period before tells whether that is usual',
    ]);
    expect(await held(now)).toEqual([]);
  });
});

describe('storage is held back for a look', () => {
  const stored = statement(744, 'stored', 1);

  it('where all of it, or that of the user, rests on one sample', async () => {
    expect(await held(stored, { looks: [0] })).toEqual([
      'The storage of a1@example.com rests on one sample of sizes',
    ]);
    const last = [{ at: manyLooks.at(-1) ?? 0, bytes: 1n }];
    expect(await held(stored, { changes: last })).toEqual([
      'The storage of a1@example.com rests on one sample of its size',
    ]);
    expect(await held(stored, { changes: [{ at: 0, bytes: 1n }] })).toEqual([]);
  });

  it('where one sample is a thousand times all others, or the quota', async () => {
    const day = 86_400_000;
    const spike = [
      { at: 0, bytes: tera },
      { at: 5 * day, bytes: 1000n * tera },
      { at: 6 * day, bytes: tera },
    ];
    expect(await held(stored, { changes: spike })).toEqual([
      'The storage of a1@example.com rests on one sample of 1,000,000 GB, where all others say 1,000 GB at most',
    ]);
    const twice = [spike[0], spike[1], { at: 7 * day, bytes: tera }] as typeof spike;
    expect(await held(stored, { changes: twice })).toEqual([]);
    const bounds = new Map([['a1', { perSecond: {}, quota: tera }]]);
    expect(await held(stored, { changes: twice, bounds })).toEqual([
      'The storage of a1@example.com came to 1,000,000 GB, where its quota is 1,000 GB',
    ]);
  });

  it('by samples that are counted between changes', () => {
    const changes = [
      { at: 10, bytes: 3n },
      { at: 30, bytes: 0n },
      { at: 40, bytes: 2n },
    ];
    expect(sampledSizes([0, 10, 20, 30, 40], changes)).toEqual({
      ...{ samples: 3, largest: 3n, spike: null, others: 2n },
    });
  });
});

describe('a user of some hours of the period', () => {
  const hours = [{ fromHour: 360, toHour: 744 }];
  const day = 86_400_000;
  const spike = [
    { at: 0, bytes: tera },
    { at: 5 * day, bytes: 1000n * tera },
    { at: 6 * day, bytes: tera },
  ];

  /** What is held back of a part, and which peaks were asked for. */
  async function heldIn(part: Statement, changes = spike, looks = manyLooks) {
    const asked: unknown[] = [];
    const archive = {
      read: async (_name: string, query: { only?: unknown }) => {
        asked.push(query.only);
        const high = { userId: 'a1', item: 'put', hour: 30, quantity: 2n ** 53n, usual: null };
        return { slotSeconds: 3600, services: 1, peaks: query.only ? [] : [high] };
      },
    } as never;
    const stored = {
      ...{ looks, userIds: ['a1'], ends: [changes.length] },
      at: Float64Array.from(changes.map(({ at }) => at)),
      bytes: BigInt64Array.from(changes.map(({ bytes }) => bytes)),
    };
    const before = trafficOf(statement(744, 'put', 1000));
    const readings = { overlaps: [], stored, before, bounds: new Map() };
    const evidence = evidenceOf(
      statement(744, 'put', 2_000_000),
      await readPeaks(archive, readings, period),
    );
    const only = { userId: 'a1', hours };
    const own = await readEvidenceIn(archive, evidence, period, only);
    expect(asked).toEqual([undefined, only]);
    return [
      wordsOf(findImplausible('rack-1', evidence, evidence.now.users)).length,
      wordsOf(findImplausible('rack-1', own, part.users)),
    ];
  }

  it('is judged by what it used in them: peaks and samples of others’ hours say nothing', async () => {
    expect(await heldIn(statement(744, 'put', 900_000))).toEqual([1, []]);
    expect(await heldIn(statement(744, 'put', 1_000_000))).toEqual([
      1,
      [
        'The put operations of a1@example.com came to 1,000,000, 1,000 times that of the period before (1,000)',
      ],
    ]);
    expect(await heldIn(statement(744, 'stored', 1))).toEqual([1, []]);
  });

  it('is held back where a sample in its hours is the only one', async () => {
    const later = spike.map(({ at, bytes }) => ({ at: at === 0 ? 0 : at + 12 * day, bytes }));
    const [, held] = await heldIn(statement(744, 'stored', 1), later);
    expect(held).toEqual([expect.stringContaining('rests on one sample of 1,000,000 GB')]);
    // those next to its hours count too
    const [, next] = await heldIn(statement(744, 'stored', 1), spike, [0, 14 * day, 40 * day]);
    expect(next).toEqual([]);
    const [, alone] = await heldIn(statement(744, 'stored', 1), spike.slice(0, 1), [20 * day]);
    expect(alone).toEqual([expect.stringContaining('rests on one sample of sizes')]);
  });
});

import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinStatements } from '#core/customers/customer-statement.ts';
import { compareInvoice, draftOf } from '#core/customers/draft-lines.ts';
import type { Archive } from '#core/store/archive/archive.ts';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { migrate } from '#core/store/sqlite/database.ts';
import { compareStatements } from '#core/usage/billing/compare-statements.ts';
import { makeStatement, type Statement } from '#core/usage/billing/statement.ts';
import type { Tariff } from '#shared/billing/charges.ts';
import { amountDecimal } from '#shared/billing/money.ts';
import { hour } from '#shared/durations.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';
import { part } from '#test/part.ts';

/**
 * From counters and sizes over statement lines, tiers, what is included, rounding and fees to the lines
 * of a draft invoice. What is expected is added up from the raw figures, with its own arithmetic.
 */

const begin = Date.UTC(2026, 9, 30) / hour;
const hours = 72;
/** Prices change here, and October ends a day later. */
const change = 24;
const sampledEvery = 6;
const period = { fromHour: begin, toHour: begin + hours };
const monthHours = (at: number): bigint => (at < begin + 48 ? 744n : 720n);

const items = ['stored', 'downloaded', 'uploaded', 'put', 'get', 'list', 'other'] as const;
type Item = (typeof items)[number];
type Counted = Exclude<Item, 'stored'>;
const counted = items.slice(1) as Counted[];
const users = ['a0', 'a1', 'b0'] as const;
const clusters = [
  { connectionId: 'rack-a', userIds: ['a0', 'a1'] },
  { connectionId: 'rack-b', userIds: ['b0'] },
];

interface Usage {
  /** Statistics objects: when each begins, and what each user (and a stranger) did in it. */
  objects: { at: number; users: Record<string, Record<Counted, bigint>> }[];
  /** Of each user what it stored at each sample. */
  sizes: Record<string, bigint[]>;
}

const price = fc.oneof(
  fc
    .tuple(fc.nat(20), fc.nat(9_999_999))
    .map(([whole, decimals]) => `${whole}.${String(decimals).padStart(7, '0')}`),
  // with round quantities these end in halves of a minor unit
  fc.constantFrom('0.01', '0.001', '1', '5'),
);
const maybe = (some: fc.Arbitrary<string>) => fc.oneof(fc.constant('0'), some);
const above = fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { maxLength: 2 });
const tiers = fc
  .tuple(above, price, price)
  .map(([bounds, ...prices]) =>
    bounds
      .sort((one, other) => one - other)
      .map((bound, index) => ({ above: bound, price: prices[index] ?? '0' })),
  );
const prices = fc.record({
  ...{ storedPerGbHour: maybe(price), storedPerGbMonth: maybe(price) },
  ...{ downloadedPerGb: price, uploadedPerGb: maybe(price), putPerThousand: price },
  ...{ getPerThousand: price, listPerThousand: maybe(price), otherPerThousand: price },
  ...{ baseFee: maybe(price), minimum: maybe(fc.nat(99_999).map(String)) },
  tiers: fc.record({ stored: tiers, downloaded: tiers, get: tiers }),
});
const tariffs = fc.record({
  currency: fc.constantFrom(['JPY', 0] as const, ['EUR', 2] as const, ['KWD', 3] as const),
  gigabyte: fc.constantFrom('decimal' as const, 'binary' as const),
  countPer: fc.constantFrom('customer' as const, 'user' as const),
  prices: fc.tuple(prices, prices),
  free: fc.record({
    ...{ storedGb: fc.nat(3), storedGbHours: fc.nat(300), downloadedGb: fc.nat(3) },
    ...{ uploadedGb: fc.nat(3), put: fc.nat(5000), get: fc.constantFrom(0, 500) },
    ...{ list: fc.nat(5000), other: fc.constant(0) },
  }),
});

type Given = typeof tariffs extends fc.Arbitrary<infer Value> ? Value : never;

function tariffOf({ currency: [currency, minorDigits], prices: all, ...of }: Given): Tariff {
  const [first, second] = all;
  return {
    ...{ tariffId: 't', version: 1, savedAt: '2026-01-01T00:00:00.000Z', name: 'Standard' },
    ...{ currency, minorDigits, pricesIn: 'currency', longestSampleGapHours: 24 },
    ...of,
    prices: [
      { validFrom: '2026-01-01T00:00:00.000Z', ...first },
      { validFrom: new Date((begin + change) * hour).toISOString(), ...second },
    ],
  };
}

/** Mostly what a cluster counts in an hour, now and then the largest counter there is. */
const counter = fc.oneof(
  { weight: 5, arbitrary: fc.bigInt({ min: 0n, max: 9_000_000_000n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 5000n }) },
  { weight: 3, arbitrary: fc.nat(20).map((count) => BigInt(500 * count)) },
  { weight: 1, arbitrary: fc.constant(2n ** 63n - 1n) },
);
const figures = fc.record(
  Object.fromEntries(counted.map((item) => [item, counter])) as Record<Counted, typeof counter>,
);
const object = fc.record({
  at: fc.nat(hours - 1),
  users: fc.record({ a0: figures, a1: figures, b0: figures, stranger: figures }),
});
const samples = fc.array(fc.bigInt({ min: 0n, max: 10n ** 14n }), {
  ...{ minLength: hours / sampledEvery + 1, maxLength: hours / sampledEvery + 1 },
});
const usages: fc.Arbitrary<Usage> = fc.record({
  objects: fc.array(object, { minLength: 1, maxLength: 4 }),
  sizes: fc.record({ a0: samples, a1: samples, b0: samples, stranger: samples }),
});

/** The archives of both clusters in memory, with what a collection and refreshes put there. */
class Archives {
  readonly #files = clusters.map(({ connectionId, userIds }) => {
    const database = new DatabaseSync(':memory:', { readBigInts: true });
    migrate(database, archiveMigrations);
    const reads = readerMethods(database, ':memory:') as Record<string, (input: never) => unknown>;
    const read = async (name: string, input: unknown) => reads[name]?.(input as never);
    const archive = { isDamaged: false, read } as unknown as Archive;
    return { connectionId, userIds, database, archive };
  });

  add({ objects, sizes }: Usage, service: number): void {
    for (const { database, userIds } of this.#files) {
      const writers = writerMethods(database, ':memory:');
      const here = (userId: string) => userIds.includes(userId) || userId === 'stranger';
      writers.ingestObjects({
        now: Date.UTC(2027, 0, 1),
        objects: objects.map(({ at, users: of }, index) => {
          const entries = Object.entries(of).filter(([userId]) => here(userId));
          const id = `80000000000000${service}${index}`;
          const start = (begin + at) * 3600;
          // two buckets, so that what belongs together is apart
          const halves = entries.flatMap(([userId, figure]) => [
            { bucket: `${userId}-one`, userId, ...figure },
            { bucket: `${userId}-two`, userId, put: 1, downloaded: 1 },
          ]);
          return fetchedObject(id, start, 3600, halves);
        }),
      });
      for (let look = 0; look <= hours / sampledEvery; look += 1) {
        const sampled = Object.entries(sizes).filter(([userId]) => here(userId));
        writers.recordSizes({
          at: (begin + look * sampledEvery) * hour,
          users: sampled.map(([userId, bytes]) => ({
            ...{ userId, email: `${userId}@example.com`, buckets: 2, bytes: bytes[look] ?? 0n },
          })),
          ...{ buckets: [], last: true },
        });
      }
    }
  }

  async statement(tariff: Tariff): Promise<Statement> {
    const parts = await Promise.all(
      this.#files.map(async ({ connectionId, userIds, archive }) => ({
        ...{ connectionId, name: connectionId, held: [], shared: [], isOwed: true },
        fees: { hour: 0, isAssumed: false },
        statement: await makeStatement(archive, tariff, period, userIds),
      })),
    );
    const customer = {
      ...{ customerId: '1', billingId: 'b', externalId: '12', name: 'Example Ltd' },
      ...{ email: 'ada@example.com', currency: tariff.currency },
    };
    return joinStatements(parts, { customer, unmapped: [], tariff, period, isNone: false });
  }

  close(): void {
    for (const { database } of this.#files) database.close();
  }
}

const times = <Value>(count: number, of: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => of(index));

/** What a user used from one hour of the period to another, from the raw figures. */
function used({ objects, sizes }: Usage, userId: string, item: Item, from: number, to: number) {
  if (item === 'stored') {
    const bytes = sizes[userId] ?? [];
    const first = from / sampledEvery;
    const pieces = times((to - from) / sampledEvery, (piece) => {
      const ends = (bytes[first + piece] ?? 0n) + (bytes[first + piece + 1] ?? 0n);
      return (ends * BigInt(sampledEvery * hour)) / 2n;
    });
    return pieces.reduce((sum, area) => sum + area, 0n);
  }
  const more = item === 'put' || item === 'downloaded' ? 1n : 0n;
  return objects
    .filter(({ at }) => at >= from && at < to)
    .reduce((sum, { users: of }) => sum + (of[userId]?.[item] ?? 0n) + more, 0n);
}

/** A price in ten-millionths. */
const ofPrice = (text = '0'): bigint => {
  const [whole = '', decimals = ''] = text.split('.');
  return BigInt(whole + decimals.padEnd(7, '0'));
};

/** Rounds a price times a quantity to minor units, by another way than the console does. */
function rounded(tariff: Tariff, numerator: bigint, denominator: bigint): bigint {
  const over = 2n * denominator * 10n ** 7n;
  const sum = 2n * numerator * 10n ** BigInt(tariff.minorDigits) + over / 2n;
  const nearest = sum / over;
  return sum % over === 0n && nearest % 2n === 1n ? nearest - 1n : nearest;
}

const ascending = (one: bigint, other: bigint): number => (one < other ? -1 : 1);
const largest = (...values: bigint[]): bigint => values.sort(ascending).at(-1) ?? 0n;
const smallest = (...values: bigint[]): bigint => values.sort(ascending)[0] ?? 0n;

const gigabyteOf = ({ gigabyte }: Tariff): bigint =>
  gigabyte === 'binary' ? 2n ** 30n : 10n ** 9n;

/** The price of an item, what it is for, and what its tiers count; in base units. */
function ruleOf(
  tariff: Tariff,
  item: Item,
  of: Tariff['prices'][number],
  from: number,
  to: number,
) {
  const gigabyte = gigabyteOf(tariff);
  if (item === 'downloaded' || item === 'uploaded') {
    return { price: of[`${item}PerGb`], unit: gigabyte, scale: gigabyte };
  }
  if (item !== 'stored') return { price: of[`${item}PerThousand`], unit: 1000n, scale: 1n };
  const gigabyteHour = gigabyte * BigInt(hour);
  const scale = gigabyteHour * BigInt(to - from);
  return ofPrice(of.storedPerGbMonth) > 0n
    ? { price: of.storedPerGbMonth, unit: gigabyteHour * monthHours(begin + from), scale }
    : { price: of.storedPerGbHour, unit: gigabyteHour, scale };
}

function includedOf({ free, ...tariff }: Tariff, item: Item): bigint {
  const gigabyte = gigabyteOf({ free, ...tariff });
  if (item === 'stored') return BigInt(free.storedGbHours) * gigabyte * BigInt(hour);
  if (item === 'downloaded') return BigInt(free.downloadedGb) * gigabyte;
  return item === 'uploaded' ? BigInt(free.uploadedGb) * gigabyte : BigInt(free[item]);
}

/** What an item of users who share what is included comes to, in minor units. */
function costOfItem(tariff: Tariff, usage: Usage, item: Item, payers: readonly string[]): bigint {
  const isMonthly = ofPrice(tariff.prices[1]?.storedPerGbMonth) > 0n;
  const ends = isMonthly ? [change, 48, hours] : [change, hours];
  let included = includedOf(tariff, item);
  let [before, cost, from] = [0n, 0n, 0];
  for (const to of ends) {
    const of = tariff.prices[from < change ? 0 : 1] as Tariff['prices'][number];
    const { price: first = '0', unit, scale } = ruleOf(tariff, item, of, from, to);
    const steps = [{ above: 0, price: first }, ...(of.tiers?.[item] ?? [])];
    let always = item === 'stored' ? BigInt(tariff.free.storedGb ?? 0) * scale : 0n;
    if (item === 'stored') before = 0n;
    for (const userId of payers) {
      const quantity = used(usage, userId, item, from, to);
      const taken = smallest(quantity, always);
      const more = smallest(quantity - taken, included);
      always -= taken;
      included -= more;
      const after = before + quantity - taken - more;
      for (const [step, { above: bound, price: each }] of steps.entries()) {
        const next = steps[step + 1];
        const low = largest(BigInt(bound) * scale, before);
        const high = next ? smallest(BigInt(next.above) * scale, after) : after;
        if (high > low) cost += rounded(tariff, (high - low) * ofPrice(each), unit);
      }
      before = after;
    }
    from = to;
  }
  return cost;
}

/** The total of the customer's statement, from the raw figures. */
function totalOf(tariff: Tariff, usage: Usage): bigint {
  const payers = tariff.countPer === 'customer' ? [users] : users.map((user) => [user]);
  const usageCost = payers
    .flatMap((payer) => items.map((item) => costOfItem(tariff, usage, item, payer)))
    .reduce((sum, cost) => sum + cost, 0n);
  const [first, second] = tariff.prices;
  // a day of October, then one of October and one of November
  const months = [24n * 720n, 24n * 720n + 24n * 744n];
  const whole = 744n * 720n;
  const fees = [first, second].map((of, index) =>
    rounded(tariff, ofPrice(of?.baseFee) * (months[index] ?? 0n), whole),
  );
  const charged = fees.reduce((sum, fee) => sum + fee, usageCost);
  const least = [first, second].reduce(
    (sum, of, index) => sum + ofPrice(of?.minimum) * (months[index] ?? 0n),
    0n,
  );
  const minimum = rounded(tariff, least, whole);
  return largest(minimum, charged);
}

const sumOf = (parts: readonly { amount: number | string }[]): bigint =>
  parts.reduce((sum, { amount }) => sum + BigInt(amount), 0n);

/** Checks a statement against the raw figures, line by line and in sum, down to the invoice. */
function expectExact(statement: Statement, tariff: Tariff, usage: Usage): void {
  const { users: charged, fees = [], total } = statement;
  expect(BigInt(total ?? -1)).toBe(totalOf(tariff, usage));
  expect(charged.map(({ userId }) => userId)).toEqual([...users]);
  for (const { userId, lines, amount } of charged) {
    expect(sumOf(lines)).toBe(BigInt(amount));
    for (const item of items) {
      const ofItem = lines.filter((line) => line.item === item);
      const quantity = ofItem.reduce((sum, line) => sum + BigInt(line.quantity), 0n);
      expect(quantity).toBe(used(usage, userId, item, 0, hours));
      for (const line of ofItem) {
        expect(BigInt(line.billable) + BigInt(line.free)).toBe(BigInt(line.quantity));
      }
    }
  }
  expect(sumOf([...charged, ...fees])).toBe(BigInt(total ?? -1));
  const of = { installation: 'i', statementId: 's', number: 'C-1', currency: tariff.currency };
  const draft = draftOf({ ...of, statement });
  expect(draft.lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(BigInt(total ?? -1));
  const text = (amount: bigint) => amountDecimal(amount, tariff.minorDigits);
  const lines = draft.lines.map((line) => ({ ...line, amount: text(line.amount) }));
  const invoice = {
    invoiceId: '1',
    notes: draft.notes,
    lines,
    subtotal: text(BigInt(total ?? -1)),
  };
  expect(compareInvoice(draft, invoice as never)).toBeNull();
  const [first, ...others] = lines;
  if (!first) return;
  const short = { ...first, amount: text((draft.lines[0]?.amount ?? 0n) - 1n) };
  expect(compareInvoice(draft, { ...invoice, lines: [short, ...others] } as never)).not.toBeNull();
}

it('not one minor unit is lost from counters and sizes to the invoice, nor in a correction', async () => {
  await fc.assert(
    fc.asyncProperty(tariffs, usages, object, async (given, usage, late) => {
      const tariff = tariffOf(given);
      const archives = new Archives();
      try {
        archives.add(usage, 1);
        const issued = await archives.statement(tariff);
        expectExact(issued, tariff, usage);
        archives.add({ objects: [late], sizes: {} }, 2);
        const all = { ...usage, objects: [...usage.objects, late] };
        const now = await archives.statement(tariff);
        expectExact(now, tariff, all);
        const sources = { objects: [], looks: '' };
        const { difference } = compareStatements(issued, now, sources, sources);
        expect(BigInt(difference)).toBe(totalOf(tariff, all) - totalOf(tariff, usage));
      } finally {
        archives.close();
      }
    }),
    { numRuns: part(25, 250) },
  );
});

import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Archive } from '#core/store/archive/archive.ts';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { migrate } from '#core/store/sqlite/database.ts';
import { makeStatement, type Statement } from '#core/usage/billing/statement.ts';
import { makeReport } from '#core/usage/report/report.ts';
import { readStoredDays } from '#core/usage/size-history/stored-days.ts';
import { lineUnits, quantityInUnits, type Tariff } from '#shared/billing/charges.ts';
import { hour } from '#shared/durations.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';

/**
 * The days of Usage behind a statement's line add up to it, to the last byte: also those of months whose
 * edge hours belong to another day on the clock of the operator.
 */

const begin = Date.UTC(2026, 8, 29) / hour;
const october = { fromHour: begin + 48, toHour: begin + 48 + 744 };
const userId = 'a0';

const tariff: Tariff = {
  ...{ tariffId: 't', version: 1, savedAt: '2026-01-01T00:00:00.000Z', name: 'Standard' },
  ...{ currency: 'EUR', minorDigits: 2, pricesIn: 'currency', longestSampleGapHours: 24 },
  gigabyte: 'decimal',
  prices: [0, 1].map((index) => ({
    validFrom: index === 0 ? '2020-01-01' : '2026-10-13T07:00:00Z',
    ...{ storedPerGbHour: '0.01', storedPerGbMonth: index === 0 ? '0' : '5' },
    ...{ downloadedPerGb: '1', uploadedPerGb: '0.5', putPerThousand: '1', getPerThousand: '0.1' },
    ...{ listPerThousand: '0', otherPerThousand: '0' },
    tiers: { stored: [{ above: 1, price: '0.004' }], downloaded: [{ above: 2, price: '0.5' }] },
  })),
  free: { storedGbHours: 7, downloadedGb: 1, uploadedGb: 0, put: 0, get: 5, list: 0, other: 0 },
};

interface Given {
  /** Statistics of hours after September 29, and what was sent and received in each. */
  hours: { at: number; uploaded: bigint; downloaded: bigint; get: bigint }[];
  /** Sizes by when they were sampled, in seconds after September 29. */
  sizes: { at: number; bytes: bigint }[];
}

function archiveOf({ hours, sizes }: Given): Archive {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations);
  const readers = readerMethods(database, ':memory:') as Record<string, (query: never) => unknown>;
  const writers = writerMethods(database, ':memory:');
  const objects = hours.map(({ at, ...counters }) =>
    fetchedObject('8000000000000065', (begin + at) * 3600, 3600, [
      { bucket: 'logs', userId, ...counters },
    ]),
  );
  writers.ingestObjects({ objects, now: (begin + 2000) * hour });
  for (const { at, bytes } of sizes) {
    const users = [{ userId, email: 'anna@example.com', bytes, buckets: 1 }];
    writers.recordSizes({ at: begin * hour + at * 1000, users, buckets: [], last: true });
  }
  const read = async (name: string, query: unknown) => readers[name]?.(query as never);
  return { isDamaged: false, read } as unknown as Archive;
}

/** Hours at both edges of October, as UTC and as zones from -11 to +14 have it, and some within. */
const edgeHours = [-14, -1, 0, 1, 11, 13, 400, 730, 731, 742, 743, 744, 755];
const counter = fc.bigInt({ min: 0n, max: 2n ** 55n });
const given = fc.record({
  hours: fc.tuple(counter, counter, counter).map(([uploaded, downloaded, get]) =>
    edgeHours.map((at) => ({
      at: at + 48,
      ...{ uploaded: uploaded + BigInt(at + 20), downloaded, get },
    })),
  ),
  sizes: fc
    .uniqueArray(fc.nat(60 * 86_400), { minLength: 2, maxLength: 12 })
    .chain((moments) =>
      fc.tuple(
        ...moments
          .toSorted((one, other) => one - other)
          .map((at) => fc.record({ at: fc.constant(at), bytes: fc.bigInt(0n, 2n ** 50n) })),
      ),
    ),
});

type Line = Statement['users'][number]['lines'][number];

/** A line with those of its other tiers. */
const linesOf = (lines: readonly Line[]) =>
  Map.groupBy(lines, ({ item, from }) => `${item} ${from}`).values();

const sum = (values: readonly (number | string)[]) =>
  values.reduce<bigint>((all, value) => all + BigInt(value), 0n);

it('days add up to the lines of a statement, by every clock', async () => {
  const zones = fc.constantFrom('UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata');
  await fc.assert(
    fc.asyncProperty(given, zones, async (data, timeZone) => {
      const archive = archiveOf(data);
      const { users } = await makeStatement(archive, tariff, october, [userId]);
      for (const parts of linesOf(users[0]?.lines ?? [])) {
        const [line] = parts;
        if (!line) continue;
        const quantity = sum(parts.map((part) => part.quantity));
        const period = { from: line.from, to: line.to, timeZone, offset: 0 };
        if (line.item === 'stored') {
          const target = { user: userId };
          const days = await readStoredDays(archive, { ...period, target, limit: 1000 });
          const stored = days.rows.flatMap((row) => row.stored ?? []);
          expect(sum(stored.map((part) => part.quantity))).toBe(quantity);
          expect(sum((days.whole.stored ?? []).map((part) => part.quantity))).toBe(quantity);
          const byteHours = days.rows.map((row) => row.byteHours ?? 0);
          expect(sum(byteHours)).toBe(quantity / 3_600_000n);
          const whole = { ...line, quantity: quantity.toString() };
          expect(quantityInUnits(days.whole.stored ?? [], line.unit, tariff)).toBe(
            lineUnits(whole, tariff).used,
          );
        } else {
          const { item } = line;
          const report = await makeReport(archive, {
            ...{ ...period, groupBy: 'day' as const, filter: { userId } },
          });
          expect(sum(report.rows.map((row) => row[item]))).toBe(quantity);
          expect(BigInt(report.totals[item])).toBe(quantity);
        }
      }
    }),
    { numRuns: 25, seed: 9 },
  );
});

it('a day of which no sizes were sampled is not known, not empty', async () => {
  const archive = archiveOf({
    hours: [],
    sizes: [
      { at: 50 * 3600, bytes: 3_600_000n },
      { at: 84 * 3600, bytes: 3_600_000n },
    ],
  });
  const period = { from: '2026-09-30', to: '2026-10-04', offset: 0, limit: 100 };
  const { rows, total } = await readStoredDays(archive, { ...period, target: { user: userId } });
  expect(total).toBe(4);
  expect(rows.map(({ at, byteHours, known }) => [at.slice(0, 10), byteHours, known])).toEqual([
    ['2026-10-03', null, 0],
    ['2026-10-02', 12 * 3_600_000, 0.5],
    ['2026-10-01', 22 * 3_600_000, 22 / 24],
    ['2026-09-30', null, 0],
  ]);
});

it('a local day of two months counts in each by its own hours', async () => {
  const size = { bytes: 744n * 720n };
  const archive = archiveOf({
    hours: [],
    sizes: [
      { at: 0, ...size },
      { at: 5 * 86_400, ...size },
    ],
  });
  const { rows } = await readStoredDays(archive, {
    ...{ from: '2026-09-30T12:00:00Z', to: '2026-10-01T12:00:00Z', timeZone: 'Pacific/Auckland' },
    ...{ target: { user: userId }, offset: 0, limit: 100 },
  });
  // 13 hours ahead of UTC from September 27 on: the day begins at 11:00 UTC, and is of both months
  const parts = rows.flatMap(({ stored }) => stored ?? []);
  expect(parts.map(({ from }) => from)).toEqual([
    '2026-10-01T11:00:00.000Z',
    '2026-09-30T12:00:00.000Z',
    '2026-10-01T00:00:00.000Z',
  ]);
});

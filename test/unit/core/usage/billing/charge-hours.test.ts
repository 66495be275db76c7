import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chargeHours } from '#core/usage/billing/charge-hours.ts';
import { areaUnder, sizeCurve } from '#core/usage/size-history/size-curve.ts';
import type { Tariff } from '#shared/billing/charges.ts';
import { hour } from '#shared/durations.ts';

const period = { fromHour: 493_000, toHour: 493_048 };
const figures = ['downloaded', 'uploaded', 'put', 'get', 'list', 'other'] as const;

const price = (validFrom: string) => ({
  ...{ validFrom, storedPerGbHour: '0.01', downloadedPerGb: '1', uploadedPerGb: '1' },
  ...{ putPerThousand: '1', getPerThousand: '1', listPerThousand: '1', otherPerThousand: '1' },
});

const tariff = {
  ...{ tariffId: 't', version: 1, minorDigits: 2, gigabyte: 'decimal' },
  prices: [price('2026-01-01'), price(new Date((period.fromHour + 17) * hour).toISOString())],
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
} as unknown as Tariff;

const hours = period.toHour - period.fromHour;
const counters = fc.array(fc.bigInt({ min: 0n, max: 2n ** 60n }), {
  ...{ minLength: hours, maxLength: hours },
});
const samples = fc
  .uniqueArray(fc.integer({ min: -5 * hour, max: (hours + 5) * hour }), { minLength: 2 })
  .map((times) => times.sort((one, other) => one - other))
  .chain((times) =>
    fc.tuple(
      fc.constant(times.map((time) => period.fromHour * hour + time)),
      fc.array(fc.bigInt({ min: 0n, max: 2n ** 55n }), {
        ...{ minLength: times.length, maxLength: times.length },
      }),
    ),
  );
const cuts = fc
  .uniqueArray(fc.integer({ min: 1, max: hours - 1 }), { maxLength: 5 })
  .map((all) => all.sort((one, other) => one - other));

/** An archive of one user with the same count of everything in an hour. */
const archiveOf = (counts: readonly bigint[]) => ({
  read: async (name: string, { fromHour = 0, toHour = 0 } = {}) => {
    if (name === 'knownEmails') return new Map();
    const used = counts.slice(fromHour - period.fromHour, toHour - period.fromHour);
    const sum = used.reduce((total, count) => total + count, 0n);
    return [Object.fromEntries(figures.map((figure) => [figure, sum]))];
  },
});

it('the hours of a user, divided among customers, add up to its counters and sizes to the byte', async () => {
  await fc.assert(
    fc.asyncProperty(counters, samples, cuts, async (counts, [looks, bytes], at) => {
      const sizes = {
        ...{ looks, userIds: ['u'], ends: [looks.length] },
        ...{ at: Float64Array.from(looks), bytes: BigInt64Array.from(bytes) },
      };
      const bounds = [0, ...at, hours].map((one) => period.fromHour + one);
      const parts = bounds.slice(1).map((toHour, index) => ({
        ...{ fromHour: bounds[index] as number, toHour },
      }));
      const sums: Record<string, bigint> = {};
      // two customers that have it in turn
      for (const turn of [0, 1]) {
        const mine = parts.filter((_, index) => index % 2 === turn);
        const archive = archiveOf(counts) as never;
        const of = { tariff, period, sizes };
        const { lines } = await chargeHours(archive, of, { userId: 'u', hours: mine });
        for (const { item, quantity } of lines) {
          sums[item] = (sums[item] ?? 0n) + BigInt(String(quantity));
        }
      }
      const corners = sizeCurve({
        looks,
        changes: looks.map((when, index) => ({ at: when, bytes: bytes[index] as bigint })),
      });
      const segments = [period.fromHour, period.fromHour + 17, period.toHour].map((h) => h * hour);
      const stored = segments
        .slice(1)
        .reduce((sum, to, index) => sum + areaUnder(corners, segments[index] as number, to), 0n);
      expect(sums.stored ?? 0n).toBe(stored);
      const sum = counts.reduce((total, count) => total + count, 0n);
      for (const figure of figures) expect(sums[figure] ?? 0n).toBe(sum);
    }),
  );
});

it('tiers and what is included count hours of others as time without data', async () => {
  const tiered = {
    ...tariff,
    prices: [
      {
        ...{ ...price('2026-01-01'), storedPerGbHour: '1' },
        tiers: { stored: [{ above: 500, price: '0.5' }] },
      },
    ],
    free: { ...tariff.free, storedGb: 100 },
  } as unknown as Tariff;
  const looks = [period.fromHour * hour, period.toHour * hour];
  const sizes = {
    ...{ looks, userIds: ['u'], ends: [2], at: Float64Array.from(looks) },
    bytes: BigInt64Array.from([10n ** 12n, 10n ** 12n]),
  };
  const archive = archiveOf(Array.from({ length: hours }, () => 0n)) as never;
  const half = { fromHour: period.fromHour, toHour: period.fromHour + hours / 2 };
  const of = { tariff: tiered, period, sizes };
  // 1,000 GB for half of the period are 500 GB on average: 100 are included, none is above 500
  const { lines } = await chargeHours(archive, of, { userId: 'u', hours: [half] });
  const stored = lines.filter(({ item }) => item === 'stored');
  expect(stored.map(({ billableUnits, amount }) => [billableUnits, amount])).toEqual([
    ['19200.000000', 1_920_000],
  ]);
  const { lines: all } = await chargeHours(archive, of, { userId: 'u', hours: [period] });
  expect(all.filter(({ item }) => item === 'stored').map(({ amount }) => amount)).toEqual([
    2_400_000, 960_000,
  ]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chargeUser,
  chargeUsers,
  noQuantities,
  priceSegments,
  type Tariff,
} from '#shared/billing/charges.ts';
import { feesOf } from '#shared/billing/fees.ts';
import { sampleBill } from '#shared/billing/sample-bill.ts';
import { fromWireInteger } from '#shared/units.ts';

const hours = (time: string): number => Date.parse(time) / 3_600_000;
const october = { fromHour: hours('2026-10-01T00:00:00Z'), toHour: hours('2026-11-01T00:00:00Z') };
const gigabyte = 1_000_000_000n;

function tariffOf(
  prices: Partial<Tariff['prices'][number]>,
  more: Partial<Tariff> & { free?: Tariff['free'] } = {},
): Tariff {
  return {
    tariffId: 't',
    version: 1,
    savedAt: '2026-01-01T00:00:00.000Z',
    name: 'Standard',
    currency: 'EUR',
    minorDigits: 2,
    gigabyte: 'decimal',
    pricesIn: 'currency',
    longestSampleGapHours: 24,
    prices: [
      {
        validFrom: '2026-01-01T00:00:00.000Z',
        storedPerGbHour: '0',
        downloadedPerGb: '0',
        uploadedPerGb: '0',
        putPerThousand: '0',
        getPerThousand: '0',
        listPerThousand: '0',
        otherPerThousand: '0',
        ...prices,
      },
    ],
    free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
    ...more,
  };
}

const free = tariffOf({}).free;
const storedAll = (gb: bigint, { fromHour, toHour }: typeof october): bigint =>
  gb * gigabyte * BigInt((toHour - fromHour) * 3_600_000);

describe('storage by the GB-month', () => {
  const tariff = tariffOf({ storedPerGbMonth: '0.02' });
  const charge = (period: typeof october, gb: bigint) => {
    const segments = priceSegments(tariff, period.fromHour, period.toHour);
    const quantities = segments.map((segment) => ({
      ...noQuantities(),
      stored: storedAll(gb, segment),
    }));
    return chargeUser(tariff, segments, quantities);
  };

  it('costs its price for a whole month, whichever its length', () => {
    const february = {
      fromHour: hours('2026-02-01T00:00:00Z'),
      toHour: hours('2026-03-01T00:00:00Z'),
    };
    for (const period of [october, february]) {
      expect(charge(period, 1000n)).toMatchObject([
        { unit: 'GB-month', price: '0.02', billableUnits: '1000.000000', amount: 2000 },
      ]);
    }
  });

  it('costs each month its part, in separate lines', () => {
    const period = { fromHour: october.fromHour, toHour: hours('2026-11-16T00:00:00Z') };
    expect(
      charge(period, 100n).map(({ billableUnits, amount }) => [billableUnits, amount]),
    ).toEqual([
      ['100.000000', 200],
      ['50.000000', 100],
    ]);
  });
});

describe('tiers', () => {
  it('charge what exceeds the included amount, part by part', () => {
    const tariff = tariffOf(
      {
        downloadedPerGb: '0.10',
        tiers: {
          downloaded: [
            { above: 100, price: '0.05' },
            { above: 1000, price: '0.01' },
          ],
        },
      },
      { free: { ...free, downloadedGb: 50 } },
    );
    const segments = priceSegments(tariff, october.fromHour, october.toHour);
    const quantities = [{ ...noQuantities(), downloaded: 2050n * gigabyte }];
    const lines = chargeUser(tariff, segments, quantities);
    expect(
      lines.map(({ above, price, billableUnits, amount }) => [above, price, billableUnits, amount]),
    ).toEqual([
      [0, '0.10', '100.000000', 1000],
      [100, '0.05', '900.000000', 4500],
      [1000, '0.01', '1000.000000', 1000],
    ]);
    expect(lines[0]?.free).toBe(50_000_000_000);
  });

  it('count the average of storage', () => {
    const tariff = tariffOf(
      { storedPerGbMonth: '0.02', tiers: { stored: [{ above: 1000, price: '0.01' }] } },
      { free: { ...free, storedGb: 100 } },
    );
    const bill = sampleBill(
      tariff,
      { ...noQuantities(), stored: 3100n },
      new Date('2026-10-05T00:00:00Z'),
    );
    expect(bill.lines.map(({ amount }) => amount)).toEqual([2000, 2000]);
    expect(bill.total).toBe(4000n);
  });

  it('lose and add nothing, whatever is used in whichever part of the period', () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 5_000n * gigabyte }), {
      minLength: 2,
      maxLength: 2,
    });
    fc.assert(
      fc.property(amounts, fc.nat(300), (used, included) => {
        const change = { validFrom: '2026-10-10T00:00:00.000Z' };
        const tiers = {
          uploaded: [
            { above: 10, price: '0.3' },
            { above: 700, price: '0' },
          ],
        };
        const [first] = tariffOf({ uploadedPerGb: '0.7', tiers }).prices;
        if (!first) throw new Error('no prices');
        const tariff = tariffOf(
          {},
          {
            prices: [first, { ...first, ...change }],
            free: { ...free, uploadedGb: included },
          },
        );
        const segments = priceSegments(tariff, october.fromHour, october.toHour);
        const quantities = used.map((uploaded) => ({ ...noQuantities(), uploaded }));
        const lines = chargeUser(tariff, segments, quantities);
        const sum = (field: 'quantity' | 'free' | 'billable') =>
          lines.reduce((all, line) => all + fromWireInteger(line[field]), 0n);
        const whole = used.reduce((all, one) => all + one, 0n);
        expect(sum('quantity')).toBe(whole);
        expect(sum('free') + sum('billable')).toBe(whole);
        const allowance = BigInt(included) * gigabyte;
        expect(sum('free')).toBe(whole < allowance ? whole : allowance);
      }),
    );
  });
});

describe('fees', () => {
  const tariff = tariffOf({ baseFee: '5', minimum: '20' });

  it('are the base fee, and what is missing to the minimum', () => {
    expect(feesOf(tariff, october, 300n).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['base', 500],
      ['minimum', 1200],
    ]);
    expect(feesOf(tariff, october, 1501n).map(({ kind }) => kind)).toEqual(['base']);
  });

  it('cost part of a month that part', () => {
    const half = { fromHour: october.fromHour, toHour: hours('2026-10-16T12:00:00Z') };
    expect(feesOf(tariff, half, 0n)).toMatchObject([
      { kind: 'base', months: '0.500000', amount: 250 },
      { kind: 'minimum', amount: 750 },
    ]);
  });

  it('have the decimals of the currency', () => {
    const inYen = tariffOf({ baseFee: '500' }, { currency: 'JPY', minorDigits: 0 });
    const inDinars = tariffOf({ baseFee: '1.2345' }, { currency: 'KWD', minorDigits: 3 });
    expect(feesOf(inYen, october, 0n)[0]?.amount).toBe(500);
    expect(feesOf(inDinars, october, 0n)[0]?.amount).toBe(1234);
  });
});

describe('users who are charged together', () => {
  const tiered = tariffOf(
    {
      storedPerGbMonth: '0.02',
      downloadedPerGb: '0.05',
      tiers: {
        stored: [{ above: 100, price: '0.01' }],
        downloaded: [{ above: 10, price: '0.03' }],
      },
    },
    { free: { ...free, storedGb: 50, downloadedGb: 5 } },
  );
  const segments = priceSegments(tiered, october.fromHour, october.toHour);
  const used = (storedGb: bigint, downloaded: bigint) =>
    segments.map((segment) => ({
      ...noQuantities(),
      stored: storedAll(storedGb, segment),
      downloaded,
    }));

  it('share what is free and the tiers, to the last byte and minor unit', () => {
    const lines = chargeUsers(tiered, segments, [
      used(40n, 3n * gigabyte),
      used(120n, 12n * gigabyte + 1n),
    ]);
    const reported = lines.map((of) =>
      of.map(({ item, quantity, free, billable, above, amount }) => [
        ...[item, fromWireInteger(quantity), fromWireInteger(free), fromWireInteger(billable)],
        ...[above, amount],
      ]),
    );
    const month = storedAll(1n, october);
    expect(reported).toEqual([
      [
        // 40 of the 50 GB that are free, 3 of the 5
        ['stored', 40n * month, 40n * month, 0n, undefined, 0],
        ['downloaded', 3n * gigabyte, 3n * gigabyte, 0n, undefined, 0],
      ],
      [
        // 10 GB are left free; 100 at 0.02 and 10 at 0.01
        ['stored', 110n * month, 10n * month, 100n * month, 0, 200],
        ['stored', 10n * month, 0n, 10n * month, 100, 10],
        ['downloaded', 12n * gigabyte, 2n * gigabyte, 10n * gigabyte, 0, 50],
        ['downloaded', 1n, 0n, 1n, 10, 0],
      ],
    ]);
  });

  it('use exactly what one user with all of it would, and never more free or tiers', () => {
    const amounts = fc.array(fc.tuple(fc.bigInt(0n, 300n), fc.bigInt(0n, 40n * gigabyte)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(amounts, (users) => {
        const all = users.reduce(
          ([stored, out], [more, further]) => [stored + more, out + further],
          [0n, 0n],
        );
        const together = chargeUsers(
          tiered,
          segments,
          users.map(([stored, out]) => used(stored, out)),
        ).flat();
        const alone = chargeUser(tiered, segments, used(...all));
        const sumsOf = (lines: typeof alone) => {
          const sums: Record<string, bigint> = {};
          for (const { item, above = 0, free, billable, quantity } of lines) {
            const add = (name: string, value: bigint) => {
              if (value > 0n) sums[name] = (sums[name] ?? 0n) + value;
            };
            add(`${item} quantity`, fromWireInteger(quantity));
            add(`${item} free`, fromWireInteger(free));
            add(`${item} billed above ${above}`, fromWireInteger(billable));
          }
          return sums;
        };
        expect(sumsOf(together)).toEqual(sumsOf(alone));
      }),
    );
  });
});

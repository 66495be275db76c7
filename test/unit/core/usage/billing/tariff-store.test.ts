import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Archive, openArchive } from '#core/store/archive/archive.ts';
import { TariffStore } from '#core/usage/billing/tariff-store.ts';
import { chargeUser, noQuantities, priceSegments } from '#shared/billing/charges.ts';
import { parseDecimal, roundHalfEven } from '#shared/billing/money.ts';

const directory = mkdtempSync(join(tmpdir(), 'ostor-tariffs-'));
let archive: Archive;
let store: TariffStore;

/** As tariffs were saved when their prices were in cents. */
const old = {
  name: 'Old',
  currency: 'EUR',
  minorDigits: 2,
  gigabyte: 'decimal' as const,
  longestSampleGapHours: 24,
  prices: [
    {
      validFrom: '2026-01-01T00:00:00.000Z',
      storedPerGbHour: '0.00315',
      downloadedPerGb: '8.000000000000001',
      uploadedPerGb: '0',
      putPerThousand: '123456789',
      getPerThousand: '0.4',
      listPerThousand: '0.000000000000001',
      otherPerThousand: '1',
    },
  ],
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
};

beforeAll(async () => {
  archive = await openArchive(directory);
  store = new TariffStore(archive);
});

afterAll(async () => {
  await archive.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('a tariff that was saved in minor units', () => {
  it('is read in the currency, and yields the same amounts to the last unit', async () => {
    await archive.write('addTariffVersion', { tariffId: 'old', body: old, savedAt: 1 });
    const tariff = await store.get('old', null);
    expect(tariff).toMatchObject({ pricesIn: 'currency', version: 1 });
    expect(tariff.prices[0]).toMatchObject({
      storedPerGbHour: '0.0000315',
      downloadedPerGb: '0.08000000000000001',
      putPerThousand: '1234567.89',
      listPerThousand: '0.00000000000000001',
    });
    const segments = priceSegments(tariff, 490_000, 490_744);
    const quantity = fc.bigInt({ min: 1n, max: 2n ** 64n });
    const items = [
      ['stored', 'storedPerGbHour', 1_000_000_000n * 3_600_000n],
      ['downloaded', 'downloadedPerGb', 1_000_000_000n],
      ['put', 'putPerThousand', 1000n],
      ['list', 'listPerThousand', 1000n],
    ] as const;
    fc.assert(
      fc.property(quantity, fc.constantFrom(...items), (used, [item, price, size]) => {
        const { numerator, denominator } = parseDecimal(old.prices[0]?.[price] ?? '');
        const inCents = { numerator: used * numerator, denominator: size * denominator };
        const [line] = chargeUser(tariff, segments, [{ ...noQuantities(), [item]: used }]);
        expect(BigInt(line?.amount ?? -1)).toBe(roundHalfEven(inCents));
      }),
    );
  });

  it('is still taken so from scripts, and kept in the currency', async () => {
    const saved = await store.save(undefined, { ...old, pricesIn: 'minor' });
    expect(saved.prices[0]?.getPerThousand).toBe('0.004');
    expect(await store.get(saved.tariffId, 1)).toEqual(saved);
    const again = await store.save(saved.tariffId, saved);
    expect(again.prices).toEqual(saved.prices);
  });
});

describe('a tariff', () => {
  const [prices] = old.prices;
  const save = (more: object) =>
    store.save(undefined, {
      ...old,
      pricesIn: 'currency',
      prices: [{ ...(prices as (typeof old.prices)[0]), ...more }],
    });

  it('is refused with storage priced by hour and month at once', async () => {
    await expect(save({ storedPerGbMonth: '0.02' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    const monthly = await save({ storedPerGbHour: '0', storedPerGbMonth: '0.02' });
    expect(monthly.prices[0]).toMatchObject({ storedPerGbMonth: '0.02' });
  });

  it('is refused with tiers that do not rise', async () => {
    const tiers = (...bounds: number[]) => ({
      tiers: { put: bounds.map((above) => ({ above, price: '1' })) },
    });
    await expect(save(tiers(10, 10))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(save(tiers(0))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await save(tiers(10, 20))).prices[0]?.tiers?.put).toHaveLength(2);
  });
});

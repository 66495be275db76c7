import { describe, expect, it } from 'vitest';
import {
  chargeUser,
  priceSegments,
  type Quantities,
  type Tariff,
} from '#shared/billing/charges.ts';

const hour = 490_000;
const iso = (hours: number): string => new Date(hours * 3_600_000).toISOString();
const noPrices = {
  storedPerGbHour: '0',
  downloadedPerGb: '0',
  uploadedPerGb: '0',
  putPerThousand: '0',
  getPerThousand: '0',
  listPerThousand: '0',
  otherPerThousand: '0',
};
const tariff: Tariff = {
  tariffId: 't',
  version: 1,
  savedAt: '2026-01-01T00:00:00.000Z',
  name: 'Standard',
  currency: 'EUR',
  minorDigits: 2,
  gigabyte: 'decimal',
  pricesIn: 'currency',
  prices: [
    { validFrom: iso(hour - 100), ...noPrices, downloadedPerGb: '0.08', getPerThousand: '0.004' },
    {
      validFrom: iso(hour + 10),
      ...noPrices,
      downloadedPerGb: '0.0925',
      storedPerGbHour: '0.0000315',
    },
  ],
  free: {
    storedGbHours: 0,
    downloadedGb: 3,
    uploadedGb: 0,
    put: 0,
    get: 0,
    list: 0,
    other: 0,
  },
  longestSampleGapHours: 24,
};
const used: Quantities = {
  stored: 0n,
  downloaded: 0n,
  uploaded: 0n,
  put: 0n,
  get: 0n,
  list: 0n,
  other: 0n,
};

describe('priceSegments', () => {
  it('cuts a period where prices change', () => {
    const spans = (from: number, to: number) =>
      priceSegments(tariff, from, to).map(({ fromHour, toHour, prices }) => [
        fromHour - hour,
        toHour - hour,
        prices.downloadedPerGb,
      ]);
    expect(spans(hour, hour + 24)).toEqual([
      [0, 10, '0.08'],
      [10, 24, '0.0925'],
    ]);
    expect(spans(hour, hour + 10)).toEqual([[0, 10, '0.08']]);
    expect(spans(hour - 500, hour - 400)).toEqual([[-500, -400, '0.08']]);
    expect(spans(hour + 20, hour + 30)).toEqual([[20, 30, '0.0925']]);
  });
});

describe('chargeUser', () => {
  const segments = priceSegments(tariff, hour, hour + 24);

  it('uses up what is free in the order of time', () => {
    const lines = chargeUser(tariff, segments, [
      { ...used, downloaded: 2_000_000_000n },
      { ...used, downloaded: 5_000_000_000n },
    ]);
    expect(lines.map(({ free, billable, amount }) => [free, billable, amount])).toEqual([
      [2_000_000_000, 0, 0],
      [1_000_000_000, 4_000_000_000, 37],
    ]);
  });

  it('rounds each line once, half to even', () => {
    const amount = (get: bigint) =>
      chargeUser(tariff, segments, [{ ...used, get }, used])[0]?.amount;
    expect(amount(1250n)).toBe(0); // 0.5
    expect(amount(1251n)).toBe(1);
    expect(amount(3750n)).toBe(2); // 1.5
    expect(amount(6250n)).toBe(2); // 2.5
  });

  it('is exact where doubles are not', () => {
    const downloaded = 2n ** 62n + 1n;
    const [line] = chargeUser(tariff, segments, [{ ...used, downloaded }, used]);
    const exact = ((downloaded - 3_000_000_000n) * 8n) / 1_000_000_000n;
    expect(BigInt(line?.amount ?? 0) - exact).toBeLessThanOrEqual(1n);
    expect(line?.quantity).toBe(String(downloaded));
  });

  it('charges storage by the GB-hour', () => {
    const stored = 1000n * 1_000_000_000n * 3_600_000n;
    const [line] = chargeUser(tariff, segments, [used, { ...used, stored }]);
    expect(line).toMatchObject({ unit: 'GB-hour', billableUnits: '1000.000000', amount: 3 });
  });

  it('leaves out what was not used', () => {
    expect(chargeUser(tariff, segments, [used, used])).toEqual([]);
  });
});

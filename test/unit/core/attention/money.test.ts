import { describe, expect, it } from 'vitest';
import { priceStakes, stakesOf } from '#core/attention/money.ts';
import type { Tariff } from '#shared/billing/charges.ts';

const none = { downloadedPerGb: '0', uploadedPerGb: '0', putPerThousand: '0', getPerThousand: '0' };
const free = {
  ...{ storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
};

function tariffOf(prices: Partial<Tariff['prices'][number]>, currency = 'EUR'): Tariff {
  const base = { ...none, listPerThousand: '0', otherPerThousand: '0', storedPerGbHour: '0' };
  return {
    ...{ tariffId: 't', version: 1, savedAt: '2026-01-01T00:00:00.000Z', name: 'Standard' },
    ...{ currency, minorDigits: 2, gigabyte: 'decimal', pricesIn: 'currency', free },
    ...{ longestSampleGapHours: 24 },
    prices: [{ validFrom: '2020-01-01T00:00:00.000Z', ...base, ...prices }],
  };
}

const now = Date.UTC(2026, 10, 20, 5);
const stored = { weight: 1500e9, stake: { of: 'stored', payer: 'u1' } } as const;
const sent = { weight: 10e9, stake: { of: 'downloaded', payer: 'u1' } } as const;

describe('money at risk', () => {
  it('is what a calendar month of the storage costs, to the cent, by the month or by the hour', async () => {
    const monthly = tariffOf({ storedPerGbMonth: '0.0213' });
    const [month] = await priceStakes([stored], () => monthly, now);
    expect(month?.money).toEqual({
      ...{ amount: 3195, currency: 'EUR', minorDigits: 2, per: 'month', tariffName: 'Standard' },
    });
    const hourly = tariffOf({ storedPerGbHour: '0.00003' });
    const [hours] = await priceStakes([stored], () => hourly, now);
    // November has 720 hours
    expect(hours?.money?.amount).toBe(3240);
  });

  it('is the traffic once, by the payer’s tariff; no amount where none is known', async () => {
    const tariff = tariffOf({ downloadedPerGb: '0.05' });
    const other = { ...sent, stake: { ...sent.stake, payer: 'u2' } };
    const unpriced = { weight: 5 };
    const found = await priceStakes(
      [sent, other, unpriced],
      (payer) => (payer === 'u1' ? tariff : undefined),
      now,
    );
    expect(found.map((one) => one.money)).toEqual([
      { amount: 50, currency: 'EUR', minorDigits: 2, per: 'once', tariffName: 'Standard' },
      undefined,
      undefined,
    ]);
  });

  it('ranks by amounts, and what has none by bytes at the average price, not as nothing', () => {
    const row = (name: string, weight: number, amount?: number, currency = 'EUR') => ({
      ...{ name, weight },
      ...(amount === undefined ? {} : { money: { amount, currency } }),
    });
    const rows = [
      row('dear', 10, 900),
      row('cheap', 90, 100),
      row('unknown', 50),
      row('small', 1),
      row('yen', 70, 123_456, 'JPY'),
    ] as never as Parameters<ReturnType<typeof stakesOf>>[0][];
    const stake = stakesOf(rows);
    const ranked = rows.toSorted((one, other) => stake(other) - stake(one));
    expect(ranked.map((one) => (one as unknown as { name: string }).name)).toEqual([
      ...['dear', 'yen', 'unknown', 'cheap', 'small'],
    ]);
  });
});

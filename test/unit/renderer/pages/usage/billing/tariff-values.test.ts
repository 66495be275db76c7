import { expect, test } from 'vitest';
import {
  newTariffValues,
  tariffFaults,
  toTariffBody,
  toTariffValues,
} from '#renderer/pages/usage/billing/tariff-values.ts';
import { currencyDecimals } from '#shared/billing/money.ts';

const values = { ...newTariffValues(new Date('2026-11-21T00:00:00Z')), name: ' Standard ' };

test('a new tariff holds from the beginning of the year and lacks nothing but a name', () => {
  expect(values.prices[0]?.validFrom).toBe('2026-01-01');
  expect(tariffFaults({ ...values, name: '' })).toEqual({ name: 'A tariff needs a name.' });
  expect(tariffFaults(values)).toEqual({});
});

test('faults name their field', () => {
  const [prices] = values.prices;
  if (!prices) throw new Error('no prices');
  const faults = tariffFaults({
    ...values,
    currency: 'euro',
    prices: [
      prices,
      { ...prices, put: '-1', tiers: { ...prices.tiers, get: [{ above: '0', price: 'x' }] } },
      { ...prices, validFrom: '' },
    ],
    free: { ...values.free, get: '1.5' },
  });
  expect(Object.keys(faults).sort()).toEqual([
    'currency',
    'free.get',
    'prices.1.put',
    'prices.1.tiers.get.0.above',
    'prices.1.tiers.get.0.price',
    'prices.1.validFrom',
    'prices.2.validFrom',
  ]);
});

test('amounts are entered in the currency, and saved in it as well', () => {
  const [prices] = values.prices;
  if (!prices) throw new Error('no prices');
  const saved = (currency: string, downloaded: string) => {
    const body = toTariffBody({
      ...values,
      currency,
      minorDigits: currencyDecimals(currency),
      prices: [{ ...prices, downloaded }],
    });
    return [body.pricesIn, body.minorDigits, body.prices[0]?.downloadedPerGb];
  };
  expect(saved('EUR', '1')).toEqual(['currency', 2, '1']);
  expect(saved('EUR', '0,0315 EUR')).toEqual(['currency', 2, '0.0315']);
  expect(saved('EUR', '0.000315')).toEqual(['currency', 2, '0.000315']);
  expect(saved('JPY', '1')).toEqual(['currency', 0, '1']);
  expect(saved('KWD', '1.5')).toEqual(['currency', 3, '1.5']);
  expect(saved('CLF', '1')).toEqual(['currency', 4, '1']);
});

test('prices are saved in the order of time, allowances past 2^53 to the last digit', () => {
  const [prices] = values.prices;
  if (!prices) throw new Error('no prices');
  const body = toTariffBody({
    ...values,
    prices: [{ ...prices, validFrom: '2026-10-15' }, prices],
    free: { ...values.free, get: '9007199254740993' },
  });
  expect(body.name).toBe('Standard');
  expect(body.prices.map(({ validFrom }) => validFrom)).toEqual(['2026-01-01', '2026-10-15']);
  expect(body.free).toMatchObject({ get: '9007199254740993', put: 0 });
});

test('a saved tariff comes back into the form as it went out', () => {
  const { longestSampleGapHours = 24, ...body } = toTariffBody(values);
  const saved = {
    ...body,
    pricesIn: 'currency' as const,
    longestSampleGapHours,
    tariffId: 'standard',
    version: 1,
    savedAt: '2026-11-21T00:00:00.000Z',
  };
  expect(toTariffValues(saved)).toEqual({ ...values, name: 'Standard' });
});

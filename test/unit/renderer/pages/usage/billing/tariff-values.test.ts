import { expect, test } from 'vitest';
import {
  newTariffValues,
  tariffFaults,
  toTariffBody,
  toTariffValues,
} from '#renderer/pages/usage/billing/tariff-values.ts';
import { currencyDecimals } from '#shared/currency.ts';

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
    prices: [prices, { ...prices, putPerThousand: '-1' }, { ...prices, validFrom: '' }],
    free: { ...values.free, get: '1.5' },
  });
  expect(Object.keys(faults).sort()).toEqual([
    'currency',
    'free.get',
    'prices.1.putPerThousand',
    'prices.1.validFrom',
    'prices.2.validFrom',
  ]);
});

test('amounts are entered in the currency, and saved in its minor units by ISO 4217', () => {
  const [prices] = values.prices;
  if (!prices) throw new Error('no prices');
  const saved = (currency: string, downloadedPerGb: string) =>
    toTariffBody({
      ...values,
      currency,
      minorDigits: currencyDecimals(currency),
      prices: [{ ...prices, downloadedPerGb }],
    }).prices[0]?.downloadedPerGb;
  expect(saved('EUR', '1')).toBe('100');
  expect(saved('EUR', '0,0315 EUR')).toBe('3.15');
  expect(saved('EUR', '0.000315')).toBe('0.0315');
  expect(saved('JPY', '1')).toBe('1');
  expect(saved('KWD', '1.5')).toBe('1500');
  expect(saved('CLF', '1')).toBe('10000');
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
    longestSampleGapHours,
    tariffId: 'standard',
    version: 1,
    savedAt: '2026-11-21T00:00:00.000Z',
  };
  expect(toTariffValues(saved)).toEqual({ ...values, name: 'Standard' });
});

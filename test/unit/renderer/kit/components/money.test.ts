import { expect, test } from 'vitest';
import { formatMoney } from '#renderer/kit/components/format.ts';
import { inCurrency } from '#shared/billing/money.ts';

test.each([
  [123_456, 2, '1,234.56 EUR'],
  [5, 2, '0.05 EUR'],
  [0, 2, '0.00 EUR'],
  [1234, 0, '1,234 EUR'],
  ['90071992547409931', 2, '900,719,925,474,099.31 EUR'],
  [1_234_567, 4, '123.4567 EUR'],
])('%s minor units of %d digits are %s', (amount, digits, words) => {
  expect(formatMoney(amount, 'EUR', digits)).toBe(words);
});

test.each([
  ['0.00315', 2, 1n, '0.0000315'],
  ['0.00315', 2, 730n, '0.022995'],
  ['100', 2, 1n, '1'],
  ['0', 2, 1n, '0'],
  ['4.5', 0, 1n, '4.5'],
  ['12', 0, 10n, '120'],
  ['0.1', 2, 3n, '0.003'],
])('%s minor units of %d digits, %d times, are %s', (price, digits, times, words) => {
  expect(inCurrency(price, digits, times)).toBe(words);
});

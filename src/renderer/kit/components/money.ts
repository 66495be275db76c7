import { inCurrency } from '#shared/billing/money.ts';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { formatCount, formatNumber } from './format.ts';

const decimalMark = formatNumber(1.5, 1).slice(1, -1);

/** An amount in minor units as people write it: `1,234.56 EUR`. */
export function formatMoney(amount: WireInteger, currency: string, minorDigits: number): string {
  const minor = fromWireInteger(amount);
  const scale = 10n ** BigInt(minorDigits);
  const whole = formatCount(minor / scale);
  if (minorDigits === 0) return `${whole} ${currency}`;
  return `${whole}${decimalMark}${(minor % scale).toString().padStart(minorDigits, '0')} ${currency}`;
}

/** A price in the currency, times a whole number, as people write it: `0.0315`. */
export function formatPrice(price: string, times = 1n): string {
  return inCurrency(price, 0, times).replace('.', decimalMark);
}

/** A price of a statement's line: issued ones may have theirs in minor units. */
export function formatLinePrice(
  price: string,
  { pricesIn, minorDigits }: { pricesIn?: 'currency' | undefined; minorDigits: number },
): string {
  return inCurrency(price, pricesIn ? 0 : minorDigits).replace('.', decimalMark);
}

/** A difference with its sign: `+50.00 EUR`. */
export function signedMoney(amount: WireInteger, currency: string, minorDigits: number): string {
  const minor = fromWireInteger(amount);
  const sign = minor > 0n ? '+' : minor < 0n ? '−' : '';
  const size = minor < 0n ? -minor : minor;
  return `${sign}${formatMoney(size.toString(), currency, minorDigits)}`;
}

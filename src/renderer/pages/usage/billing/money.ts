import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { formatCount, formatNumber } from '../../../kit/components/format.ts';

const decimalMark = formatNumber(1.5, 1).slice(1, -1);

/** An amount in minor units as people write it: `1,234.56 EUR`. */
export function formatMoney(amount: WireInteger, currency: string, minorDigits: number): string {
  const minor = fromWireInteger(amount);
  const scale = 10n ** BigInt(minorDigits);
  const whole = formatCount(minor / scale);
  if (minorDigits === 0) return `${whole} ${currency}`;
  return `${whole}${decimalMark}${(minor % scale).toString().padStart(minorDigits, '0')} ${currency}`;
}

/** A price in minor units as people write it in the currency: `0.0315`. */
export function formatPrice(price: string, minorDigits: number, times = 1n): string {
  return inCurrency(price, minorDigits, times).replace('.', decimalMark);
}

const decimalPattern = /^\d{1,15}(\.\d{1,15})?$/;

/** A price in the currency as one in minor units, exactly: `0.25` EUR are `25` cents. */
export function inMinorUnits(price: string, minorDigits: number): string {
  const [whole = '', decimals = ''] = price.split('.');
  const moved = decimals.padEnd(minorDigits, '0');
  const units = (whole + moved.slice(0, minorDigits)).replace(/^0+(?=\d)/, '');
  const rest = moved.slice(minorDigits).replace(/0+$/, '');
  return rest === '' ? units : `${units}.${rest}`;
}

/** Whether a text is a price: an exact decimal that is not negative. */
export function isDecimal(text: string): boolean {
  return decimalPattern.test(text);
}

/**
 * A price in minor units as one in the currency, times a whole number, exactly: `0.00315` cents an hour
 * are `0.02299500` EUR a month of 730 hours.
 */
export function inCurrency(price: string, minorDigits: number, times = 1n): string {
  if (!isDecimal(price)) return '';
  const [whole = '0', digits = ''] = price.split('.');
  const decimals = digits.length + minorDigits;
  const units = (BigInt(whole + digits) * times).toString().padStart(decimals + 1, '0');
  if (decimals === 0) return units;
  const text = `${units.slice(0, -decimals)}.${units.slice(-decimals)}`;
  return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

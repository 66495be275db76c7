import { fromWireInteger, toWireInteger, type WireInteger } from '../units.ts';

/** Decimals of currencies that ISO 4217 gives others than two. */
const otherDecimals: readonly [decimals: number, currencies: string][] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

/** Returns the decimals of a currency by ISO 4217: 2 for `EUR`, 0 for `JPY`. */
export function currencyDecimals(currency: string): number {
  const other = otherDecimals.find(([, currencies]) => currencies.split(' ').includes(currency));
  return other?.[0] ?? 2;
}

/** An exact fraction; the denominator is positive. */
export interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

/** A decimal that is not negative, exactly: `0.00315` is 315/100000. */
export function parseDecimal(text: string): Fraction {
  const [whole = '0', digits = ''] = text.split('.');
  return { numerator: BigInt(whole + digits), denominator: 10n ** BigInt(digits.length) };
}

/** The nearest integer; a half goes to the even neighbour. For what is not negative. */
export function roundHalfEven({ numerator, denominator }: Fraction): bigint {
  const whole = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  if (twice > denominator || (twice === denominator && whole % 2n === 1n)) return whole + 1n;
  return whole;
}

export function addFractions(parts: readonly Fraction[]): Fraction {
  return parts.reduce(
    (sum, part) =>
      sum.denominator === part.denominator
        ? { numerator: sum.numerator + part.numerator, denominator: sum.denominator }
        : {
            numerator: sum.numerator * part.denominator + part.numerator * sum.denominator,
            denominator: sum.denominator * part.denominator,
          },
    { numerator: 0n, denominator: 1n },
  );
}

/** A quantity in units, six decimals, rounded down: to read. */
export function inUnits(quantity: bigint, unit: bigint): string {
  const millionths = (quantity * 1_000_000n) / unit;
  return `${millionths / 1_000_000n}.${(millionths % 1_000_000n).toString().padStart(6, '0')}`;
}

/** A quantity as screens and documents show it: three decimals, rounded down as well. */
export function threeDecimals(quantity: string): string {
  return quantity.replace(/(\.\d{3})\d*$/, '$1');
}

/** Minor units as an exact decimal of the currency: `1234.50`; a minus where they are negative. */
export function amountDecimal(amount: WireInteger | bigint, minorDigits: number): string {
  const value = typeof amount === 'bigint' ? amount : fromWireInteger(amount);
  const digits = (value < 0n ? -value : value).toString().padStart(minorDigits + 1, '0');
  const whole = digits.slice(0, digits.length - minorDigits);
  const minor = minorDigits === 0 ? '' : `.${digits.slice(-minorDigits)}`;
  return `${value < 0n ? '-' : ''}${whole}${minor}`;
}

/** Adds up amounts, each currency apart, in the order in which they come. */
export function sumByCurrency<
  Item extends { currency: string; minorDigits: number; amount: bigint },
>(items: readonly Item[]) {
  return [...Map.groupBy(items, ({ currency }) => currency)].map(([currency, of]) => ({
    ...{ currency, minorDigits: of[0]?.minorDigits ?? 0, items: of },
    total: toWireInteger(of.reduce((sum, { amount }) => sum + amount, 0n)),
  }));
}

/** A draft invoice, or a statement that gets one. */
interface Drafted {
  customerId: string;
  currency: string;
  minorDigits: number;
  amount: bigint;
}

/** Returns how many invoices there are, for how many customers, over how much, by currency. */
export function draftSums(drafts: readonly Drafted[]) {
  return sumByCurrency(drafts).map(({ items, ...sum }) => ({
    ...{ ...sum, invoices: items.length },
    customers: new Set(items.map(({ customerId }) => customerId)).size,
  }));
}

/** An amount in minor units as it is written in sentences: `1234.50 EUR`. */
export function amountWords(amount: bigint, currency: string, minorDigits: number): string {
  return `${amountDecimal(amount, minorDigits)} ${currency}`;
}

/**
 * A price in minor units as one in the currency, times a whole number, exactly: `0.00315` cents an hour
 * are `0.022995` EUR a month of 730 hours. With 0 digits, a price in the currency stays in it.
 */
export function inCurrency(price: string, minorDigits: number, times = 1n): string {
  const { numerator, denominator } = parseDecimal(price);
  const decimals = String(denominator).length - 1 + minorDigits;
  const text = amountDecimal(numerator * times, decimals);
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}

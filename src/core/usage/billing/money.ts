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

/** A quantity in units, six decimals, rounded down: to read. */
export function inUnits(quantity: bigint, unit: bigint): string {
  const millionths = (quantity * 1_000_000n) / unit;
  return `${millionths / 1_000_000n}.${(millionths % 1_000_000n).toString().padStart(6, '0')}`;
}

/** An amount in minor units as it is written in sentences: `1234.50 EUR`; a minus where it is negative. */
export function amountWords(amount: bigint, currency: string, minorDigits: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(minorDigits + 1, '0');
  const whole = digits.slice(0, digits.length - minorDigits);
  const sign = amount < 0n ? '-' : '';
  const minor = minorDigits === 0 ? '' : `.${digits.slice(-minorDigits)}`;
  return `${sign}${whole}${minor} ${currency}`;
}

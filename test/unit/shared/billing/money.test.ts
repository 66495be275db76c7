import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inUnits, parseDecimal, roundHalfEven } from '#shared/billing/money.ts';

describe('parseDecimal', () => {
  it('is exact', () => {
    expect(parseDecimal('0.00315')).toEqual({ numerator: 315n, denominator: 100_000n });
    expect(parseDecimal('12')).toEqual({ numerator: 12n, denominator: 1n });
  });
});

describe('roundHalfEven', () => {
  it.each([
    [1n, 2n, 0n],
    [3n, 2n, 2n],
    [5n, 2n, 2n],
    [7n, 3n, 2n],
    [8n, 3n, 3n],
    [0n, 9n, 0n],
  ])('rounds %d/%d to %d', (numerator, denominator, rounded) => {
    expect(roundHalfEven({ numerator, denominator })).toBe(rounded);
  });

  it('is never further off than a half', () => {
    const positive = fc.bigInt({ min: 1n, max: 2n ** 80n });
    fc.assert(
      fc.property(positive, positive, (numerator, denominator) => {
        const off = numerator - roundHalfEven({ numerator, denominator }) * denominator;
        expect(2n * (off < 0n ? -off : off) <= denominator).toBe(true);
      }),
    );
  });
});

describe('inUnits', () => {
  it('shows six decimals, rounded down', () => {
    expect(inUnits(1_999_999_999n, 1_000_000_000n)).toBe('1.999999');
    expect(inUnits(0n, 1000n)).toBe('0.000000');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatExactBytes, fromWireInteger, toWireInteger } from '#shared/units.ts';

describe('integers that travel', () => {
  it('are numbers while exact and decimal strings beyond', () => {
    expect(toWireInteger(46_700_160n)).toBe(46_700_160);
    expect(toWireInteger(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(toWireInteger(2n ** 53n)).toBe('9007199254740992');
    expect(toWireInteger(-(2n ** 53n))).toBe('-9007199254740992');
  });

  it('come back exact, whatever they were, through JSON', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (value) => {
        const travelled = JSON.parse(JSON.stringify(toWireInteger(value)));
        expect(fromWireInteger(travelled)).toBe(value);
      }),
    );
  });
});

describe('formatBytes', () => {
  it.each([
    [0n, '0 bytes'],
    [1n, '1 byte'],
    [1023n, '1023 bytes'],
    [1024n, '1.00 KiB'],
    [46_700_160n, '44.5 MiB'],
    [1024n ** 3n * 9n, '9.00 GiB'],
    [2n ** 63n - 1n, '8.00 EiB'],
    [-2048n, '-2.00 KiB'],
  ])('%s is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('keeps every digit of the exact form', () => {
    expect(formatExactBytes(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993 bytes');
    expect(formatExactBytes(1n)).toBe('1 byte');
  });
});

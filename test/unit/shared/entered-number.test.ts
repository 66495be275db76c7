import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnteredNumber } from '#shared/entered-number.ts';

describe('a number as people type it', () => {
  it.each([
    ['1,5', { decimals: 2 }, '1.5'],
    ['1.5', { decimals: 2 }, '1.5'],
    [',5', { decimals: 2 }, '0.5'],
    ['0,005', { decimals: 4 }, '0.005'],
    ['1 234,5', { decimals: 2 }, '1234.5'],
    ['1\u202f234\u00a0567', {}, '1234567'],
    ['1.234.567', {}, '1234567'],
    ['1,234,567.25', { decimals: 2 }, '1234567.25'],
    ['1.234,50', { decimals: 2 }, '1234.5'],
    ["12'345", {}, '12345'],
    ['１２', {}, '12'],
    ['\u200e100\u200b', {}, '100'],
    ['+5', {}, '5'],
    ['0100', {}, '100'],
    ['1.234', { decimals: 6, pointIsDecimal: true }, '1.234'],
    ['5 TB', { unit: 'GB' }, '5000'],
    ['1,5 tb', { unit: 'GB' }, '1500'],
    ['100GB', { unit: 'GB' }, '100'],
    ['2 TiB', { unit: 'GiB' }, '2048'],
    ['1,5 GiB', { unit: 'GiB', decimals: 30 }, '1.5'],
    ['5 TB', { unit: 'GiB', decimals: 30 }, '4656.612873077392578125'],
    ['2 MB/s', { unit: 'kbs/s', decimals: 2 }, '2000'],
    ['5 kB/s', { unit: 'kbs/s', decimals: 2 }, '5'],
    ['1,5 kbs/s', { unit: 'kbs/s', decimals: 2 }, '1.5'],
    ['30 days', { unit: 'days' }, '30'],
    ['2 h', { unit: 'min' }, '120'],
    ['1,50 EUR', { unit: 'EUR', decimals: 2 }, '1.5'],
  ])('%j with %j is %s', (text, rules, value) => {
    expect(readEnteredNumber(text, rules)).toEqual({ value });
  });

  it.each([
    ['', {}, 'Enter a number.'],
    ['abc', {}, '"abc" is not a number.'],
    ['-5', {}, 'Enter a number without a minus: "-5" is negative.'],
    ['−5', {}, 'Enter a number without a minus: "-5" is negative.'],
    ['1,5', { unit: 'GB' }, 'Enter a whole number of GB.'],
    ['1.5', {}, 'Enter a whole number.'],
    ['1,234', {}, '"1,234" can mean 1234 or 1.2340: enter the one you mean.'],
    ['1.234', { decimals: 2 }, '"1.234" can mean 1234 or 1.2340: enter the one you mean.'],
    [
      '1,234',
      { decimals: 6, pointIsDecimal: true },
      '"1,234" can mean 1234 or 1.2340: enter the one you mean.',
    ],
    ['1 5', {}, '"1 5" is not a number: check its separators.'],
    ['12,34,567', {}, '"12,34,567" is not a number: check its separators.'],
    ['1.2.3', {}, '"1.2.3" is not a number: check its separators.'],
    ['5.', {}, 'A number does not end in "."'],
    ['1e5', {}, '"1e5" is not a number.'],
    ['0x10', {}, '"0x10" is not a number.'],
    [
      '1,5 GiB',
      { unit: 'GB' },
      '"GiB" can\'t be converted to GB: enter the number in GB (or MB, TB, PB, EB).',
    ],
    ['5 T', { unit: 'GiB' }, '"T" can\'t be converted to GiB'],
    ['5 Gb', { unit: 'GB' }, '"Gb" can\'t be converted to GB'],
    ['500 MB', { unit: 'GB' }, 'Enter a whole number of GB.'],
    ['5 kg', {}, 'Enter the number alone, without "kg".'],
    ['0', { least: 1, unit: 'GiB' }, 'Enter 1 GiB or more.'],
    ['65', { most: 64 }, 'Enter at most 64.'],
    ['1.005', { decimals: 2, pointIsDecimal: true }, 'Enter at most 2 decimals.'],
    ['9'.repeat(400), {}, 'The number is too long.'],
  ])('%j with %j is refused in words', (text, rules, error) => {
    const read = readEnteredNumber(text, rules);
    expect(read.value).toBeUndefined();
    expect(read.error).toContain(error);
  });

  it('never drops a character: what is taken is worth its digits', () => {
    const text = fc.string({ unit: fc.constantFrom(..."0123456789.,' -+eTGiB"), maxLength: 12 });
    fc.assert(
      fc.property(text, (entered) => {
        const { value } = readEnteredNumber(entered, { decimals: 30 });
        if (value === undefined) return;
        const digits = entered.replace(/\D/g, '').replace(/^0+|0+$/g, '');
        const meant = value.replace('.', '').replace(/^0+|0+$/g, '');
        expect(meant).toBe(digits);
      }),
      { numRuns: 3000 },
    );
  });
});

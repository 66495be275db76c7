import { describe, expect, it } from 'vitest';
import {
  readDecimal,
  readInstant,
  readInteger,
  readText,
} from '#core/gateway/model/read-fields.ts';

describe('readInteger', () => {
  it.each([
    [0, 0n],
    [12, 12n],
    ['12', 12n],
    ['18446744073709551615', 18446744073709551615n],
    ['-3', -3n],
    ['7.00', 7n],
    [' 7 ', 7n],
    [undefined, 0n],
    [null, 0n],
    ['', 0n],
  ])('reads %j', (value, expected) => {
    expect(readInteger(value, 'size')).toBe(expected);
  });

  it.each([['many'], [{}], [true], [Number.NaN]])('refuses %j and names the field', (value) => {
    expect(() => readInteger(value, 'size.current')).toThrow(/"size\.current"/);
  });
});

describe('readDecimal', () => {
  it.each(['0', '0.50', '3600.00', '3.33', '100'])('keeps "%s" as it is', (text) => {
    expect(readDecimal(text, 'ops:get')).toBe(text);
  });

  it('takes numbers', () => {
    expect(readDecimal(3.33, 'ops:get')).toBe('3.33');
  });

  it.each(['', 'unlimited', '1e9', null])('refuses %j', (value) => {
    expect(() => readDecimal(value, 'ops:get')).toThrow(
      expect.objectContaining({ code: 'ANSWER_FOREIGN' }),
    );
  });
});

describe('readInstant', () => {
  it('normalises to UTC, and gives null for what is no date', () => {
    expect(readInstant('2018-05-25T17:12:00.000Z')).toBe('2018-05-25T17:12:00.000Z');
    expect(readInstant('2018-05-25T19:12:00+02:00')).toBe('2018-05-25T17:12:00.000Z');
    expect(readInstant('yesterday')).toBeNull();
    expect(readInstant(undefined)).toBeNull();
  });
});

describe('readText', () => {
  it('takes numbers as digits and nothing as empty', () => {
    expect(readText(8000)).toBe('8000');
    expect(readText(undefined)).toBe('');
    expect(readText({})).toBe('');
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collationKey } from '#shared/collation-key.ts';

function sorted(names: string[]): string[] {
  return names.toSorted((left, right) => (collationKey(left) < collationKey(right) ? -1 : 1));
}

test('names are in the order people expect: numbers by value, Ä by A, capitals by small letters', () => {
  const expected = [
    ...['a-b', 'a.b', 'a1', 'a2', 'a9', 'a10', 'a99', 'a100', 'a12345678901234567890', 'ab'],
    ...['Ähre', 'Ahre2', 'Øre', 'straße', 'strassf', 'Zoë'],
  ];
  expect(sorted(expected.toReversed())).toEqual(expected);
  expect(sorted(['bucket-10', 'bucket-2'])).toEqual(['bucket-2', 'bucket-10']);
});

test('composed and decomposed letters make no difference; zeros before a number decide last', () => {
  expect(collationKey('Müller')).toBe(collationKey('mu\u0308ller'));
  expect(sorted(['log-08', 'log-007', 'log-8', 'log-7'])).toEqual([
    ...['log-7', 'log-007', 'log-8', 'log-08'],
  ]);
});

test('numbers of any length are compared by value', () => {
  const number = fc.bigInt({ min: 0n, max: 10n ** 40n });
  fc.assert(
    fc.property(number, number, (left, right) => {
      const [one, other] = [collationKey(`n${left}x`), collationKey(`n${right}x`)];
      expect(one < other).toBe(left < right);
    }),
  );
});

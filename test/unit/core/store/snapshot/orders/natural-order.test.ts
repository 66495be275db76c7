import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AllNames, naturalOrder } from '#core/store/snapshot/orders/natural-order.ts';
import { collationKey } from '#shared/collation-key.ts';

function packed(names: readonly string[]): AllNames {
  const parts = names.map((name) => Buffer.from(name));
  let length = 0;
  const ends = Uint32Array.from(parts, (part) => {
    length += part.length;
    return length;
  });
  return { text: new Uint8Array(Buffer.concat(parts)), ends };
}

function ordered(names: readonly string[]): string[] {
  const ids = names.map((_, index) => index + 1);
  const bytes = (id: number): Buffer => Buffer.from(names[id - 1] ?? '');
  ids.sort((left, right) => Buffer.compare(bytes(left), bytes(right)));
  const order = naturalOrder(Uint32Array.from(ids), packed(names));
  expect(Array.from(order).toSorted((one, other) => one - other)).toEqual(
    names.map((_, index) => index + 1),
  );
  return Array.from(order, (id) => names[id - 1] ?? '');
}

test('numbers in names are sorted by value, at any depth', () => {
  const names = ['b-10', 'b-2', 'b-1-20', 'b-1-3', 'b', 'b-', 'c1', 'b-2a', 'b-100', 'b-10-9'];
  expect(ordered(names)).toEqual([
    ...['b', 'b-', 'b-1-3', 'b-1-20', 'b-2', 'b-2a', 'b-10', 'b-10-9', 'b-100', 'c1'],
  ]);
});

test('capitals and other letters are where their plain ones would be', () => {
  expect(ordered(['Zebra', 'apple', 'Äpfel', 'banana', 'Banana-2', 'banana-10'])).toEqual([
    ...['Äpfel', 'apple', 'banana', 'Banana-2', 'banana-10', 'Zebra'],
  ]);
});

test('any names are in the order of their keys', () => {
  const part = fc.constantFrom(
    'a',
    'b',
    '-',
    '.',
    '0',
    '1',
    '2',
    '9',
    '10',
    '007',
    'A',
    'ä',
    'logs',
  );
  const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 60 }), (names) => {
      const keys = ordered(names).map(collationKey);
      expect(keys).toEqual(keys.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0)));
    }),
    { numRuns: 300 },
  );
});

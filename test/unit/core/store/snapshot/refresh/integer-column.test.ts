import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntegerColumn } from '#core/store/snapshot/refresh/bucket-order-builder.ts';

const integer = fc.oneof(
  fc.constantFrom(0, 1, -1, 2 ** 32, 2 ** 32 - 1, -(2 ** 32), Number.MAX_SAFE_INTEGER),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
  fc.integer({ min: 0, max: 3 }),
);

describe('IntegerColumn', () => {
  it('sorts as SQL does: null first, then by value, equal ones by number', () => {
    fc.assert(
      fc.property(fc.array(fc.option(integer), { maxLength: 200 }), (values) => {
        const column = new IntegerColumn();
        for (const value of values) column.add(value);
        const key = (id: number): bigint => {
          const value = values[id - 1];
          return value === null || value === undefined ? -(2n ** 63n) : BigInt(value);
        };
        const expected = values
          .map((_, index) => index + 1)
          .sort((left, right) => {
            const difference = key(left) - key(right);
            return difference < 0n ? -1 : difference > 0n ? 1 : left - right;
          });
        expect(Array.from(column.sortedIds())).toEqual(expected);
      }),
    );
  });

  it('takes more values than it began with room for', () => {
    const column = new IntegerColumn();
    for (let value = 5000; value > 0; value -= 1) column.add(value * 1e9);
    expect(column.sortedIds()).toEqual(Uint32Array.from({ length: 5000 }, (_, at) => 5000 - at));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSums } from '#core/store/snapshot/refresh/row-inserter.ts';

describe('ExactSums', () => {
  it('sums exactly, however large', () => {
    const value = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }));
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const sums = new ExactSums(2);
        for (const each of values) sums.add(1, each);
        expect(BigInt(sums.get(1))).toBe(
          values.reduce((sum: bigint, each) => sum + BigInt(each), 0n),
        );
        expect(sums.get(0)).toBe(0);
      }),
    );
  });
});

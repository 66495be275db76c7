import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areasUnder,
  areaUnder,
  growthPerDay,
  sampleDensity,
  sizeCurve,
  valuesAtLooks,
} from '#core/usage/size-history/size-curve.ts';

describe('sizeCurve', () => {
  it('stays the same between looks and joins a change to the look before it', () => {
    const looks = [0, 100, 200, 300, 400];
    const changes = [
      { at: 0, bytes: 10n },
      { at: 300, bytes: 30n },
    ];
    expect(sizeCurve({ looks, changes })).toEqual([
      { at: 0, bytes: 10n },
      { at: 200, bytes: 10n },
      { at: 300, bytes: 30n },
      { at: 400, bytes: 30n },
    ]);
  });

  it('begins at nothing where somebody looked before it was there', () => {
    const changes = [{ at: 200, bytes: 8n }];
    expect(sizeCurve({ looks: [0, 100, 200], changes })).toEqual([
      { at: 100, bytes: 0n },
      { at: 200, bytes: 8n },
    ]);
  });
});

describe('areaUnder', () => {
  const corners = [
    { at: 0, bytes: 10n },
    { at: 100, bytes: 30n },
  ];

  it('is the mean times the time, within the limits', () => {
    expect(areaUnder(corners, 0, 100)).toBe(2000n);
    expect(areaUnder(corners, 50, 100)).toBe(1250n);
    expect(areaUnder(corners, -50, 500)).toBe(2000n);
    expect(areaUnder(corners, 100, 500)).toBe(0n);
  });

  it('is exact where doubles are not', () => {
    const bytes = 2n ** 53n + 1n;
    expect(
      areaUnder(
        [
          { at: 0, bytes },
          { at: 10, bytes },
        ],
        0,
        10,
      ),
    ).toBe(bytes * 10n);
  });

  it('adds up over parts, but for the rounding of each piece', () => {
    const sizes = fc.array(fc.bigInt({ min: 0n, max: 2n ** 60n }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 700 }), (values, cut) => {
        const line = values.map((bytes, index) => ({ at: index * 100, bytes }));
        const parts = areaUnder(line, 0, cut) + areaUnder(line, cut, 700);
        const whole = areaUnder(line, 0, 700);
        expect(whole - parts).toBeGreaterThanOrEqual(-1n);
        expect(whole - parts).toBeLessThanOrEqual(2n);
      }),
    );
  });
});

describe('areasUnder', () => {
  it('adds up to the whole to the last unit, wherever the line is cut', () => {
    const sizes = fc.array(fc.bigInt({ min: 0n, max: 2n ** 60n }), { minLength: 0, maxLength: 8 });
    const cuts = fc.array(fc.integer({ min: -50, max: 1000 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(sizes, cuts, (values, unsorted) => {
        const line = values.map((bytes, index) => ({ at: index * 97, bytes }));
        const moments = unsorted.toSorted((one, other) => one - other);
        const areas = areasUnder(line, moments);
        expect(areas).toEqual(moments.map((to) => areaUnder(line, moments[0] ?? 0, to)));
        expect(areas).toEqual(areas.toSorted((one, other) => (one < other ? -1 : 1)));
      }),
    );
  });
});

describe('samples', () => {
  it('have the last known value at each look', () => {
    const changes = [
      { at: 100, bytes: 5n },
      { at: 300, bytes: 9n },
    ];
    expect(valuesAtLooks({ looks: [0, 100, 200, 300], changes }, 0, 300)).toEqual([
      { at: 100, bytes: 5n },
      { at: 200, bytes: 5n },
      { at: 300, bytes: 9n },
    ]);
  });

  it('say how dense they are, the ends of the period included', () => {
    expect(sampleDensity([100, 200, 600], 0, 1000)).toEqual({
      samples: 3,
      medianGap: 400,
      longestGap: 400,
      widestGap: 400,
      covered: 500,
    });
    expect(sampleDensity([], 0, 1000)).toMatchObject({ samples: 0, longestGap: null });
    // Looks before and after the period: no gap within it is longer than it is.
    expect(sampleDensity([-5000, 5000], 0, 1000)).toEqual({
      samples: 0,
      medianGap: 1000,
      longestGap: 1000,
      widestGap: 10_000,
      covered: 1000,
    });
  });

  it('say how fast they grow', () => {
    const day = 86_400_000;
    const samples = [0, 1, 2, 3].map((days) => ({ at: days * day, bytes: BigInt(100 + days * 7) }));
    expect(growthPerDay(samples)).toBeCloseTo(7);
    expect(growthPerDay(samples.slice(0, 1))).toBeNull();
    // of uneven growth it is the line that fits best, not the change a day, which is 10
    const late = [0, 0, 0, 30].map((bytes, days) => ({ at: days * day, bytes: BigInt(bytes) }));
    expect(growthPerDay(late)).toBeCloseTo(90 / 11);
    // an hour that was sampled a hundred times counts as an hour
    const minutes = Array.from({ length: 100 }, (_, index) => ({ at: index * 36_000, bytes: 0n }));
    const dense = [...minutes, ...late.slice(1)];
    expect(growthPerDay(dense)).toBeCloseTo(90 / 11, 0);
    expect(growthPerDay([late[0], late[0]].filter((one) => one !== undefined))).toBeNull();
  });
});

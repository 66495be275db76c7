import { expect, test } from 'vitest';
import { logarithmicTicks, outlierBound } from '#renderer/pages/usage/shared/chart-scale.tsx';
import { axisTicks } from '#renderer/pages/usage/shared/figures.ts';

test.each([
  [0, 1000],
  [1, 1000],
  [999, 1000],
  [3_456_789, 1000],
  [1023, 1024],
  [5 * 1024 ** 4, 1024],
  [9_007_199_254_740_992, 1024],
] as const)('marks for %d reach it in few round steps', (largest, base) => {
  const ticks = axisTicks(largest, base);
  expect(ticks[0]).toBe(0);
  expect(ticks.at(-1)).toBeGreaterThanOrEqual(largest);
  expect(ticks.length).toBeGreaterThanOrEqual(2);
  expect(ticks.length).toBeLessThanOrEqual(6);
});

test('bytes are marked in whole binary units', () => {
  expect(axisTicks(3.2 * 1024 ** 4, 1024)).toEqual([0, 1, 2, 3, 4].map((tib) => tib * 1024 ** 4));
});

test.each([
  [1, 1, 1000],
  [3, 8e9, 1000],
  [1000, 1000, 1024],
  [4096, 5 * 1024 ** 5, 1024],
] as const)('logarithmic marks enclose %d to %d at equal factors', (least, largest, base) => {
  const ticks = logarithmicTicks(least, largest, base);
  expect(ticks[0]).toBeLessThanOrEqual(least);
  expect(ticks.at(-1)).toBeGreaterThanOrEqual(largest);
  expect(ticks.length).toBeGreaterThanOrEqual(2);
  expect(ticks.length).toBeLessThanOrEqual(6);
  const factors = ticks.slice(1).map((tick, index) => tick / (ticks[index] ?? 1));
  for (const factor of factors) expect(factor).toBeCloseTo(factors[0] ?? 0, 6);
});

test('what dwarfs the rest is an outlier; days that differ as days do are none', () => {
  const usual = [40, 52, 47, 60, 38, 0, 55, 49, 44];
  expect(outlierBound(usual)).toBeNull();
  expect(outlierBound([...usual, 5000])).toBeLessThan(5000);
  expect(outlierBound([...usual, 5000])).toBeGreaterThan(60);
  // of a few values none is the rule
  expect(outlierBound([1, 2, 5000])).toBeNull();
});

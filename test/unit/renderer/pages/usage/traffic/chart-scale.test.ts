import { expect, test } from 'vitest';
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

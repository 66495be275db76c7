import { expect, it } from 'vitest';
import { printedPeriod } from '#core/platform/printed-time.ts';

it.each([
  ['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00Z', 'October 2026'],
  ['2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z', 'December 2026'],
  ['2026-10-02T00:00:00Z', '2026-11-01T00:00:00Z', '2026-10-02 00:00 UTC to 2026-11-01 00:00 UTC'],
  ['2026-10-01T00:00:00Z', '2026-12-01T00:00:00Z', '2026-10-01 00:00 UTC to 2026-12-01 00:00 UTC'],
])('a period from %s to %s is printed as %s', (from, to, words) => {
  expect(printedPeriod({ from, to })).toBe(words);
});

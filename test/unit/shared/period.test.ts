import { expect, it } from 'vitest';
import { monthName, periodFileName, periodWords } from '#shared/billing/period.ts';

it.each([
  ['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00Z', 'October 2026', '2026-10'],
  ['2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z', 'December 2026', '2026-12'],
  [
    '2026-10-02T00:00:00Z',
    '2026-11-01T00:00:00Z',
    '2026-10-02 00:00 to 2026-11-01 00:00 UTC',
    '20261002T0000Z-20261101T0000Z',
  ],
  [
    '2026-10-01T00:00:00Z',
    '2026-12-01T00:00:00Z',
    '2026-10-01 00:00 to 2026-12-01 00:00 UTC',
    '20261001T0000Z-20261201T0000Z',
  ],
])('a period from %s to %s is %s, in file names %s', (from, to, words, fileName) => {
  expect(periodWords({ from, to })).toBe(words);
  expect(periodFileName({ from, to })).toBe(fileName);
});

it('a month is named in the language of a document', () => {
  const month = { from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' };
  expect(monthName(month, 'de-DE')).toBe('Oktober 2026');
  expect(monthName({ ...month, to: '2026-11-01T01:00:00Z' })).toBeNull();
});

import { expect, test, vi } from 'vitest';
import {
  formatAge,
  formatClockTime,
  formatCounted,
  formatDateTime,
  formatExactBytes,
  formatNumber,
  formatUtc,
  formatWireBytes,
  shortenMiddle,
} from '#renderer/kit/components/format.ts';
import { day, hour, minute } from '#shared/durations.ts';

test.each([
  [0, 'just now'],
  [-5000, 'just now'],
  [59_999, 'just now'],
  [minute, '1 min'],
  [4 * minute + 30_000, '4 min'],
  [hour, '1 hour'],
  [47 * hour, '47 hours'],
  [48 * hour, '2 days'],
  [70 * day, '2 months'],
  [800 * day, '2 years'],
])('says an age of %i ms as %s', (age, words) => {
  expect(formatAge(age)).toBe(words);
});

test('writes times by the clock that was selected, and UTC in full', () => {
  expect(formatClockTime('2026-11-21T12:03:20Z', 'utc')).toBe('12:03:20');
  expect(formatDateTime('2026-11-21T00:03:20Z', 'utc')).toBe('21 Nov 2026, 00:03');
  expect(formatUtc('2026-01-02T03:04:05.678Z')).toBe('2026-01-02 03:04:05 UTC');
});

test('counts with its noun', () => {
  expect(formatCounted(1, 'bucket')).toBe('1 bucket');
  expect(formatCounted(12_300, 'bucket')).toBe('12,300 buckets');
  expect(formatCounted(0n, 'entry', 'entries')).toBe('0 entries');
});

test('keeps sizes past 2^53 exact', () => {
  expect(formatWireBytes('36893488147419103232')).toBe('32.0 EiB');
});

test('shortens an id in the middle, and only where that saves something', () => {
  expect(shortenMiddle('0123456789abcdef', 12)).toBe('01234567…cdef');
  expect(shortenMiddle('0123456789abc', 12)).toBe('0123456789abc');
});

test('makes no formatter again for a figure or time like one before', () => {
  const write = () => [
    formatDateTime('2026-11-21T12:03:20Z', 'local'),
    formatClockTime('2026-11-21T12:03:20Z', 'utc'),
    formatNumber(1234.56, 1),
    formatExactBytes(46_700_160n),
  ];
  const words = write();
  const [dates, numbers] = [vi.spyOn(Intl, 'DateTimeFormat'), vi.spyOn(Intl, 'NumberFormat')];
  try {
    expect(write()).toEqual(words);
    expect(dates).not.toHaveBeenCalled();
    expect(numbers).not.toHaveBeenCalled();
  } finally {
    dates.mockRestore();
    numbers.mockRestore();
  }
});

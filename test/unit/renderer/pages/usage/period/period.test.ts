import { expect, test } from 'vitest';
import {
  datesOf,
  presetSpan,
  spanOfDates,
  spanWords,
  timeZoneOf,
  wholeHours,
} from '#renderer/pages/usage/period/period.ts';

const now = Date.parse('2026-11-21T12:03:20.000Z');

test('last month is the whole month before, this month ends with the hour under way', () => {
  expect(presetSpan('last-month', now, 'utc')).toEqual({
    from: '2026-10-01T00:00:00.000Z',
    to: '2026-11-01T00:00:00.000Z',
  });
  expect(presetSpan('this-month', now, 'utc')).toEqual({
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-11-21T13:00:00.000Z',
  });
});

test('the month before January is December of the year before', () => {
  expect(presetSpan('last-month', Date.parse('2027-01-05T00:00:00Z'), 'utc').from).toBe(
    '2026-12-01T00:00:00.000Z',
  );
});

test('last 7 and 30 days are that many times 24 hours', () => {
  const length = ({ from, to }: { from: string; to: string }) => Date.parse(to) - Date.parse(from);
  expect(length(presetSpan('last-7-days', now, 'utc'))).toBe(7 * 86_400_000);
  expect(length(presetSpan('last-30-days', now, 'local'))).toBe(30 * 86_400_000);
});

test('dates are whole days, the last one included', () => {
  const span = spanOfDates('2026-10-01', '2026-10-03', 'utc');
  expect(span).toEqual({ from: '2026-10-01T00:00:00.000Z', to: '2026-10-04T00:00:00.000Z' });
  expect(span && datesOf(span, 'utc')).toEqual(['2026-10-01', '2026-10-03']);
  expect(spanOfDates('2026-10-03', '2026-10-01', 'utc')).toBeNull();
  expect(spanOfDates('soon', '2026-10-01', 'utc')).toBeNull();
});

test.each([
  ['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z', 'October 2026'],
  ['2026-10-01T00:00:00.000Z', '2026-10-02T00:00:00.000Z', '1 Oct 2026'],
  ['2026-10-01T00:00:00.000Z', '2026-10-04T00:00:00.000Z', '1–3 Oct 2026'],
])('%s to %s is %s', (from, to, words) => {
  // The dash of a range has thin spaces around it or none, as the platform has it.
  expect(spanWords({ from, to }, 'utc').replace(/\s–\s/, '–')).toBe(words);
});

test('a span within a day tells its hours', () => {
  const span = { from: '2026-10-01T06:00:00.000Z', to: '2026-10-01T12:00:00.000Z' };
  expect(spanWords(span, 'utc')).toMatch(/1 Oct 2026.*06:00.*12:00/);
});

test('whole hours cut nothing off', () => {
  expect(wholeHours({ from: '2026-10-01T06:59:59.000Z', to: '2026-10-01T12:00:01.000Z' })).toEqual({
    from: '2026-10-01T06:00:00.000Z',
    to: '2026-10-01T13:00:00.000Z',
  });
});

test('UTC needs no zone, the local clock names its own', () => {
  expect(timeZoneOf('utc')).toEqual({});
  expect(timeZoneOf('local').timeZone).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});

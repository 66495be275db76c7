import { expect, test } from 'vitest';
import { readLocale } from '#renderer/kit/components/locale.ts';

test('numbers and dates are in the person’s locale', () => {
  expect(readLocale(['de-CH', 'en'], 'Europe/Zurich')).toEqual({
    numbers: 'de-CH',
    dates: 'de-CH',
    timeZone: 'Europe/Zurich',
    notes: [],
  });
  expect(readLocale(['en-US'], 'UTC')).toMatchObject({ numbers: 'en-US', dates: 'en-GB' });
});

test.each([
  [[], undefined],
  [['C', 'en_US.UTF-8', ''], 'Etc/Unknown'],
  [['POSIX@'], 'Nowhere/Land'],
])('languages %j in the zone %j fall back, and say so', (languages, zone) => {
  const { numbers, dates, timeZone, notes } = readLocale(languages, zone);
  expect([numbers, dates, timeZone]).toEqual(['en-GB', 'en-GB', 'UTC']);
  expect(notes).toEqual([
    expect.stringContaining('names no language'),
    expect.stringContaining('names no time zone'),
  ]);
});

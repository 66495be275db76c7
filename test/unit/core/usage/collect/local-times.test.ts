import { expect, it } from 'vitest';
import { LocalTimes } from '#core/usage/export/export-report.ts';

it.each([
  ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25', '2026-10-25T02:30+02:00'],
  ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25', '2026-10-25T02:30+01:00'],
  ['Asia/Kolkata', '2026-10-18T20:00:00Z', '2026-10-19', '2026-10-19T01:30+05:30'],
  ['Atlantic/Reykjavik', '2026-10-18T20:00:00Z', '2026-10-18', '2026-10-18T20:00+00:00'],
])('tells %s of %s', (zone, moment, date, time) => {
  const local = new LocalTimes(zone);
  expect([local.date(moment), local.time(moment)]).toEqual([date, time]);
});

it('refuses a zone that there is not', () => {
  expect(() => new LocalTimes('Etc/Nowhere')).toThrow(/no time zone/);
});

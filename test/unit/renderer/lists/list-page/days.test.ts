import { afterEach, expect, test, vi } from 'vitest';
import { daysWords, momentsOf, readDays } from '#renderer/lists/list-page/days.ts';

afterEach(() => vi.useRealTimers());

const local = (...parts: [number, number, number]) => new Date(...parts).toISOString();
const before = (iso: string) => new Date(Date.parse(iso) - 1).toISOString();

test('days begin at midnight of the operator’s own time zone, the same all day', () => {
  for (const hour of [0, 23]) {
    vi.useFakeTimers({ now: new Date(2026, 10, 26, hour, 59), toFake: ['Date'] });
    expect(momentsOf('0')).toEqual({ from: local(2026, 10, 26) });
    expect(momentsOf('7')).toEqual({ from: local(2026, 10, 19) });
    expect(momentsOf('yesterday')).toEqual({
      from: local(2026, 10, 25),
      to: before(local(2026, 10, 26)),
    });
  }
});

test('a range holds its last day whole, over the end of a month too', () => {
  expect(momentsOf('2026-10-30..2026-10-31')).toEqual({
    from: local(2026, 9, 30),
    to: before(local(2026, 10, 1)),
  });
  expect(daysWords('2026-10-30..2026-10-31')).toBe('30 Oct 2026 to 31 Oct 2026');
  expect(daysWords('2026-10-30..2026-10-30')).toBe('30 Oct 2026');
});

test.each(['', 'tomorrow', '2026-10-31..2026-10-30', '2026-10-31', '-1', '1e3'])(
  'an address with the period %j matches nothing, rather than everything',
  (period) => {
    expect(readDays(period)).toBeNull();
    expect(momentsOf(period)).toEqual({ from: '9999-12-31T00:00:00.000Z' });
  },
);

import { afterEach, expect, test, vi } from 'vitest';
import { startOfDay } from '#renderer/lists/list-page/start-of-day.ts';

afterEach(() => vi.useRealTimers());

test('is midnight in UTC, the same all day', () => {
  for (const now of ['2026-11-21T00:00:00Z', '2026-11-21T23:59:59Z']) {
    vi.useFakeTimers({ now: new Date(now), toFake: ['Date'] });
    expect(startOfDay(0)).toBe('2026-11-21T00:00:00.000Z');
    expect(startOfDay(30)).toBe('2026-10-22T00:00:00.000Z');
  }
});

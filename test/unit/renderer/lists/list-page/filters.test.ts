import { afterEach, describe, expect, test, vi } from 'vitest';
import { filterWords } from '#renderer/lists/list-page/filters.ts';
import { minBytes, sizeFilter } from '#renderer/lists/list-page/size-filter.ts';
import { startOfDay } from '#renderer/lists/list-page/start-of-day.ts';

describe('size filter', () => {
  test('a size in GiB is so many bytes, exact up to the largest that may be entered', () => {
    expect(minBytes(undefined)).toEqual({});
    expect(minBytes('1')).toEqual({ minBytes: 1_073_741_824 });
    expect(minBytes('10240')).toEqual({ minBytes: 10_995_116_277_760 });
    const most = minBytes(String(sizeFilter.ownNumber?.most)).minBytes ?? Number.NaN;
    expect(Number.isSafeInteger(most)).toBe(true);
  });

  test('a size with decimals is so many bytes, and its words say which', () => {
    expect(minBytes('1.5')).toEqual({ minBytes: 1_610_612_736 });
    expect(minBytes('4656.612873077392578125')).toEqual({ minBytes: 5_000_000_000_000 });
    expect(filterWords(sizeFilter, '1.5')).toBe('Size: 1.5 GiB or more');
    expect(filterWords(sizeFilter, '4656.612873077392578125')).toBe(
      'Size: 5,000,000,000,000 bytes or more',
    );
  });

  test.each(['abc', '-5', '0', '1,234', '1e9', ' '])(
    'an address with the size %j matches nothing, rather than everything',
    (size) => {
      expect(minBytes(size)).toEqual({ minBytes: Number.MAX_SAFE_INTEGER });
    },
  );
});

describe('start of day', () => {
  afterEach(() => vi.useRealTimers());

  test('is midnight in UTC, the same all day', () => {
    for (const now of ['2026-11-21T00:00:00Z', '2026-11-21T23:59:59Z']) {
      vi.useFakeTimers({ now: new Date(now), toFake: ['Date'] });
      expect(startOfDay(0)).toBe('2026-11-21T00:00:00.000Z');
      expect(startOfDay(30)).toBe('2026-10-22T00:00:00.000Z');
    }
  });
});

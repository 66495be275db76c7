import { afterEach, expect, test, vi } from 'vitest';
import { filterWords } from '#renderer/lists/list-page/filters.ts';
import { filterInput, searchInput } from '#renderer/lists/list-page/list-view.tsx';
import {
  bucketFilters,
  sizeFilter,
  userFilters,
} from '#renderer/lists/list-page/target-filters.ts';
import { initialValues } from '#renderer/pages/changes/new-changes-page.tsx';

afterEach(() => vi.useRealTimers());

const bytes = (size: string) => filterInput([sizeFilter], { size }).filter?.minBytes;

test('a size in GiB is that many bytes, exact up to the largest that may be entered', () => {
  expect(filterInput([sizeFilter], {})).toEqual({});
  expect(bytes('1')).toBe(1_073_741_824);
  expect(bytes('10240')).toBe(10_995_116_277_760);
  expect(Number.isSafeInteger(bytes(String(sizeFilter.ownNumber.most)))).toBe(true);
});

test('a size with decimals is that many bytes, and its words say which', () => {
  expect(bytes('1.5')).toBe(1_610_612_736);
  expect(bytes('4656.612873077392578125')).toBe(5_000_000_000_000);
  expect(filterWords(sizeFilter, '1.5')).toBe('Size: 1.5 GiB or more');
  expect(filterWords(sizeFilter, '4656.612873077392578125')).toBe(
    'Size: 5,000,000,000,000 bytes or more',
  );
});

test.each(['abc', '-5', '0', '1,234', '1e9', ' '])(
  'an address with the size %j matches nothing, rather than everything',
  (size) => {
    expect(bytes(size)).toBe(Number.MAX_SAFE_INTEGER);
  },
);

test('all matching users begin as all tenants, and each filter narrows', () => {
  const all = initialValues(userFilters);
  expect(filterInput(userFilters, all)).toEqual({ filter: { system: false } });
  const narrowed = { state: 'disabled', buckets: 'none', size: '100', system: 'yes' };
  expect(filterInput(userFilters, narrowed)).toEqual({
    filter: { state: 'disabled', buckets: 'none', minBytes: 107_374_182_400, system: true },
  });
});

test('system users count only where they alone are selected, as a run takes them', () => {
  const kinds = userFilters.find(({ id }) => id === 'system');
  expect(kinds?.any).toBeUndefined();
  expect(kinds?.options.map(({ value }) => kinds.toInput?.(value))).toEqual([
    { filter: { system: false } },
    { filter: { system: true } },
  ]);
});

test('all matching buckets begin as all, and each filter narrows', () => {
  vi.useFakeTimers({ now: new Date(2026, 10, 21, 23, 59), toFake: ['Date'] });
  expect(filterInput(bucketFilters, initialValues(bucketFilters))).toEqual({});
  const narrowed = { content: 'filled', size: '1', created: '30', known: 'no' };
  expect(filterInput(bucketFilters, narrowed)).toEqual({
    filter: {
      size: 'filled',
      minBytes: 1_073_741_824,
      createdAfter: new Date(2026, 9, 22).toISOString(),
      ownerKnown: false,
    },
  });
});

test('blanks are no search', () => {
  expect(searchInput('  ')).toEqual({});
  expect(searchInput(' x ')).toEqual({ search: 'x' });
});

test('sizes, shares and growth are filtered between two numbers, or up to one', () => {
  const of = (set: Record<string, string>) => filterInput(bucketFilters, set).filter;
  expect(of({ size: '1..2' })).toEqual({ minBytes: 2 ** 30, maxBytes: 2 ** 31 });
  expect(of({ size: '..2' })).toEqual({ maxBytes: 2 ** 31 });
  expect(of({ used: '80..100' })).toEqual({ minUsed: 0.8, maxUsed: 1 });
  expect(of({ growth: 'shrank' })).toEqual({ maxGrowth: -1 });
  expect(of({ growth: '1' })).toEqual({ minGrowth: 2 ** 30 });
  expect(of({ quota: 'over', owner: '*anna' })).toEqual({ quota: 'over', owner: 'anna' });
  expect(filterInput(bucketFilters, { owner: 'aa01' })).toEqual({ ownerId: 'aa01' });
  expect(filterWords(sizeFilter, '1..2')).toBe('Size: 1 to 2 GiB');
  expect(filterWords(sizeFilter, '..2')).toBe('Size: 2 GiB or less');
});

test.each(['a..2', '1..b', '..', '1..2..3'])('a range of %j matches nothing', (size) => {
  expect(filterInput(bucketFilters, { size, used: size }).filter).toEqual({
    ...{ minBytes: Number.MAX_SAFE_INTEGER, minUsed: Number.MAX_SAFE_INTEGER },
  });
});

test('users are filtered by traffic, keys, customer and plan', () => {
  const of = (set: Record<string, string>) => filterInput(userFilters, set).filter;
  expect(of({ traffic: 'none', keys: '2', customer: '*Acme', plan: 'none' })).toEqual({
    ...{ maxTraffic: 0, keys: 2, customer: 'Acme', plans: 'none' },
  });
  expect(of({ customer: 'none', plan: '=Silver 2' })).toEqual({
    ...{ customers: 'none', plan: 'Silver 2' },
  });
});

test('days are those of the operator’s own time zone; ages count whole ones', () => {
  const zone = process.env.TZ;
  process.env.TZ = 'America/New_York';
  try {
    vi.useFakeTimers({ now: new Date('2026-11-26T03:00:00Z'), toFake: ['Date'] });
    const of = (created: string) => filterInput(bucketFilters, { created }).filter;
    // it is the evening of the 25th there
    expect(of('0')).toEqual({ createdAfter: '2026-11-25T05:00:00.000Z' });
    expect(of('yesterday')).toEqual({
      ...{ createdAfter: '2026-11-24T05:00:00.000Z', createdBefore: '2026-11-25T05:00:00.000Z' },
    });
    expect(of('7')).toEqual({ createdAfter: '2026-11-18T05:00:00.000Z' });
    expect(of('older-90')).toEqual({ createdBefore: '2026-08-27T04:00:00.000Z' });
    expect(of('2026-11-01..2026-11-02')).toEqual({
      ...{ createdAfter: '2026-11-01T04:00:00.000Z', createdBefore: '2026-11-03T05:00:00.000Z' },
    });
    expect(of('older-x')).toEqual({ createdBefore: '0001-01-01T00:00:00.000Z' });
    expect(of('x')).toEqual({ createdAfter: '9999-12-31T00:00:00.000Z' });
  } finally {
    vi.useRealTimers();
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

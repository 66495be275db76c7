import fc from 'fast-check';
import { expect, it } from 'vitest';
import { divideHours, type Turn, turnsIn, turnsOf } from '#core/customers/store/turns.ts';
import { hour } from '#shared/durations.ts';

const period = { fromHour: 1000, toHour: 1744 };
const ended = (customerId: string, sinceHour: number | null, untilHour: number): Turn => ({
  ...{ customerId, sinceHour, mappedAt: 1, until: untilHour * hour },
});
const having = (customerId: string, sinceHour: number | null): Turn => ({
  ...{ customerId, sinceHour, mappedAt: 1, until: null },
});

it('a user that was handed over within a period belongs to each customer for its own hours', () => {
  expect(divideHours([ended('a', null, 1400), having('b', 1336)], period)).toEqual([
    { customerId: 'a', fromHour: 1000, toHour: 1336 },
    { customerId: 'b', fromHour: 1336, toHour: 1744 },
  ]);
});

it('a user that comes back has two stretches of hours', () => {
  const turns = [ended('a', null, 1300), ended('b', 1200, 1500), having('a', 1400)];
  expect(
    divideHours(turns, period)?.map(({ customerId, fromHour }) => [customerId, fromHour]),
  ).toEqual([
    ['a', 1000],
    ['b', 1200],
    ['a', 1400],
  ]);
});

it('who takes a user over from before another had it leaves nothing to the other', () => {
  const turns = [ended('a', null, 1300), ended('b', 1200, 1500), having('c', 900)];
  expect(divideHours(turns, period)).toEqual([{ customerId: 'c', ...period }]);
});

it.each([
  ['two customers have the user', [having('a', null), having('b', 1200)]],
  ['nobody said from when', [ended('a', null, 1300), having('b', null)]],
  ['nobody said from when, after the period', [ended('a', null, 1900), having('b', null)]],
  ['another had it meanwhile', [having('a', null), ended('b', 1100, 1200)]],
])('hours are nobody’s to bill where %s', (_why, turns) => {
  expect(divideHours(turns, period)).toBeNull();
});

it('what was handed over before the period is the later customer’s, whatever was said', () => {
  const whole = [{ customerId: 'b', ...period }];
  expect(divideHours([ended('a', null, 1000), having('b', null)], period)).toEqual(whole);
  expect(divideHours([having('b', null), ended('a', 5, 900)], period)).toEqual(whole);
});

it('a customer that had the user since before the period leaves nothing open', () => {
  const turns = [ended('a', null, 1300), ended('b', null, 1500), having('a', 1000)];
  expect(divideHours(turns, period)).toEqual([{ customerId: 'a', ...period }]);
  expect(divideHours([...turns.slice(0, 2), having('a', 1001)], period)).toBeNull();
});

it('once nobody has the user, the hours of the last customer are nobody’s', () => {
  const turns = [ended('a', null, 1300), ended('b', 1200, 1500)];
  expect(divideHours(turns, period)?.map(({ customerId }) => customerId)).toEqual(['a', null]);
});

it('hours between two customers are nobody’s where the second got the user later', () => {
  const later: Turn = { ...having('b', 1600), mappedAt: 1650 * hour };
  expect(divideHours([ended('a', null, 900), later], period)).toEqual([
    { customerId: null, fromHour: 1000, toHour: 1600 },
    { customerId: 'b', fromHour: 1600, toHour: 1744 },
  ]);
  expect(divideHours([ended('a', null, 1200), later], period)?.[1]).toEqual({
    ...{ customerId: null, fromHour: 1200, toHour: 1600 },
  });
  // handed over at once, the first has the user up to the hour that was said
  const atOnce: Turn = { ...having('b', 1600), mappedAt: 1200 * hour };
  expect(divideHours([ended('a', null, 1200), atOnce], period)?.[0]).toEqual({
    ...{ customerId: 'a', fromHour: 1000, toHour: 1600 },
  });
});

it('who had the user meanwhile, and no longer when another lost it, got it later', () => {
  const row = (customerId: string, mappedAt: number, unmappedAt: number | null) => ({
    ...{ customerId, sinceHour: null, mappedAt, unmappedAt },
  });
  const first = [row('a', 1, 15), row('b', 10, 12)];
  expect(turnsOf([...first, row('b', 20, null)])[1]?.mappedAt).toBe(20);
  expect(turnsOf([row('a', 1, 15), row('b', 10, null), row('b', 20, null)])[1]?.mappedAt).toBe(10);
  expect(turnsOf([row('a', 1, 15), row('b', 15, 18), row('b', 20, null)])[1]?.mappedAt).toBe(15);
});

it('mappings by several services are one turn, and the last word on its beginning counts', () => {
  const row = (customerId: string, sinceHour: number | null, unmappedAt: number | null) => ({
    ...{ customerId, sinceHour, mappedAt: 1, unmappedAt },
  });
  expect(
    turnsOf([row('a', null, 7), row('b', 3, 8), row('b', 4, 9), row('b', null, null)]),
  ).toEqual([ended('a', null, 7 / hour), having('b', 4)]);
});

it('what began after a period and is over says nothing of it', () => {
  const row = (customerId: string, mapped: number, unmapped: number | null) => ({
    ...{ customerId, sinceHour: null, mappedAt: mapped * hour },
    unmappedAt: unmapped === null ? null : unmapped * hour,
  });
  const rows = [row('a', 900, 1800), row('b', 1800, 1801), row('a', 1801, null)];
  expect(divideHours(turnsIn(rows, period), period)).toEqual([{ customerId: 'a', ...period }]);
  const within = { fromHour: 1000, toHour: 1900 };
  expect(divideHours(turnsIn(rows, within), within)).toBeNull();
});

const anyTurns = fc
  .array(
    fc.record({
      customerId: fc.constantFrom('a', 'b', 'c'),
      sinceHour: fc.option(fc.integer({ min: 900, max: 1800 })),
      mappedAt: fc.integer({ min: 900 * hour, max: 1800 * hour }),
      unmappedAt: fc.option(fc.integer({ min: 900 * hour, max: 1800 * hour }), { freq: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((rows) => turnsIn(rows, period));

it('every hour of a period is in one stretch, whatever was mapped and when', () => {
  fc.assert(
    fc.property(anyTurns, (turns) => {
      const parts = divideHours(turns, period);
      if (parts === null) return;
      expect(parts[0]?.fromHour).toBe(period.fromHour);
      expect(parts.at(-1)?.toHour).toBe(period.toHour);
      parts.slice(1).forEach((part, at) => {
        expect(part.fromHour).toBe(parts[at]?.toHour);
        expect(part.toHour).toBeGreaterThan(part.fromHour);
      });
    }),
  );
});

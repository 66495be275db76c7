import { expect, test } from 'vitest';
import { missingHours, missingRuns } from '#renderer/pages/usage/traffic/missing-runs.ts';
import { fakeCounters } from '#test/fakes/fake-usage.ts';

const at = (day: number, hour = 0): string => new Date(Date.UTC(2026, 9, day, hour)).toISOString();
const points = [1, 2, 3, 4, 5].map((day) => ({ at: at(day), ...fakeCounters }));

test('bars that lack statistics are marked, neighbours as one', () => {
  const missing = [
    { from: at(1, 23), to: at(2, 1) },
    { from: at(4, 5), to: at(4, 6) },
  ];
  expect(missingRuns({ points, missing, step: 'day' })).toEqual([
    { from: at(1), to: at(2), whole: false },
    { from: at(4), to: at(4), whole: false },
  ]);
});

test('a bar that lacks every hour is told from one that lacks some, and how many', () => {
  const missing = [
    { from: at(1, 22), to: at(3) },
    { from: at(3, 4), to: at(3, 5) },
    { from: at(3, 7), to: at(3, 9) },
  ];
  const series = { points, missing, step: 'day' } as const;
  expect(missingRuns(series)).toEqual([
    { from: at(1), to: at(1), whole: false },
    { from: at(2), to: at(2), whole: true },
    { from: at(3), to: at(3), whole: false },
  ]);
  expect([...missingHours(series)]).toEqual([
    [at(1), 2],
    [at(2), 24],
    [at(3), 3],
  ]);
});

test('what is missing after the last bar has begun marks it, what ends where a bar begins does not', () => {
  const missing = [
    { from: at(2), to: at(3) },
    { from: at(5, 12), to: at(5, 13) },
  ];
  expect(missingRuns({ points, missing, step: 'day' })).toEqual([
    { from: at(2), to: at(2), whole: true },
    { from: at(5), to: at(5), whole: false },
  ]);
  expect(missingRuns({ points, missing: [], step: 'day' })).toEqual([]);
});

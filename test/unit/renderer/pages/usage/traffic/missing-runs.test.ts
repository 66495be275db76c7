import { expect, test } from 'vitest';
import { fakeCounters } from '#test/fakes/fake-usage.ts';
import { missingRuns } from '../../../../../../src/renderer/pages/usage/traffic/missing-runs.ts';

const at = (day: number, hour = 0): string => new Date(Date.UTC(2026, 9, day, hour)).toISOString();
const points = [1, 2, 3, 4, 5].map((day) => ({ at: at(day), ...fakeCounters }));

test('bars that lack statistics are marked, neighbours as one', () => {
  const missing = [
    { from: at(1, 23), to: at(2, 1) },
    { from: at(4, 5), to: at(4, 6) },
  ];
  expect(missingRuns({ points, missing, step: 'day' })).toEqual([
    { from: at(1), to: at(2) },
    { from: at(4), to: at(4) },
  ]);
});

test('what is missing after the last bar has begun marks it, what ends where a bar begins does not', () => {
  const missing = [
    { from: at(2), to: at(3) },
    { from: at(5, 12), to: at(5, 13) },
  ];
  expect(missingRuns({ points, missing, step: 'day' })).toEqual([
    { from: at(2), to: at(2) },
    { from: at(5), to: at(5) },
  ]);
  expect(missingRuns({ points, missing: [], step: 'day' })).toEqual([]);
});

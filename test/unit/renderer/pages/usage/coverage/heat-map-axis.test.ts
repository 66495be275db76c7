import { expect, test } from 'vitest';
import { axisMarks } from '#renderer/pages/usage/coverage/heat-map.tsx';

test('marks midnights by their day, no more than fit', () => {
  expect(axisMarks('2026-11-24T12:00:00Z', 96, 10, 'utc')).toEqual([
    { at: 12, label: '25 Nov' },
    { at: 36, label: '26 Nov' },
    { at: 60, label: '27 Nov' },
    { at: 84, label: '28 Nov' },
  ]);
  expect(axisMarks('2026-11-24T12:00:00Z', 96, 2, 'utc').map(({ at }) => at)).toEqual([12, 60]);
});

test('marks hours where the period is short', () => {
  expect(axisMarks('2026-11-24T12:00:00Z', 24, 3, 'utc')).toEqual([
    { at: 0, label: '12:00' },
    { at: 12, label: '25 Nov' },
  ]);
});

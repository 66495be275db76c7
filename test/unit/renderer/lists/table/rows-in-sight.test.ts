import { expect, test } from 'vitest';
import { rowsInSight } from '#renderer/lists/table/data-table.tsx';

test.each([
  ['27 whole rows under the heading, one cut', 0, { clientHeight: 32 + 27 * 32 + 20 }, 0, 26],
  ['scrolled by half a row', 16, { clientHeight: 32 + 10 * 32 }, 1, 9],
  ['scrolled to the end', 32 * 990, { clientHeight: 32 + 10 * 32 }, 990, 999],
  ['lower than one row', 64, { clientHeight: 40 }, 2, 2],
] as const)('counts only whole rows: %s', (_, offset, scroller, first, last) => {
  expect(rowsInSight(offset, scroller, 32, 1000)).toEqual({ first, last });
});

test('counts no more rows than there are', () => {
  expect(rowsInSight(0, { clientHeight: 900 }, 32, 1)).toEqual({ first: 0, last: 0 });
  expect(rowsInSight(0, { clientHeight: 900 }, 32, 2)).toEqual({ first: 0, last: 1 });
  expect(rowsInSight(0, null, 32, 0)).toEqual({ first: 0, last: 0 });
});

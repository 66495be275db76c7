import { expect, test } from 'vitest';
import {
  cellWords,
  hoursPerCell,
  legendOf,
  toCells,
  toRuns,
} from '#renderer/pages/usage/coverage/cells.ts';

test('a cell is one hour while all of them fit, more where they do not', () => {
  expect(hoursPerCell(96, 200)).toBe(1);
  expect(hoursPerCell(744, 250)).toBe(3);
  expect(hoursPerCell(744, 250) * 250).toBeGreaterThanOrEqual(744);
  expect(hoursPerCell(1_000_000, 1)).toBe(1_000_000);
});

test('a cell of several hours shows the gravest, so that no gap is hidden', () => {
  expect(
    toCells(['collected', 'missing', 'collected', 'collected', 'late', 'idle', 'open'], 2),
  ).toEqual(['missing', 'collected', 'late', 'open']);
});

test('neighbours of one state are drawn as one', () => {
  expect(toRuns(['collected', 'collected', 'missing', 'collected'])).toEqual([
    { begin: 0, length: 2, state: 'collected' },
    { begin: 2, length: 1, state: 'missing' },
    { begin: 3, length: 1, state: 'collected' },
  ]);
});

test('a cell in words names the gravest first', () => {
  expect(cellWords(['collected', 'missing', 'collected'])).toBe('1 h missing, 2 h collected');
  expect(cellWords(['conflicting'])).toBe('conflicting');
});

test.each([
  [1, 'Each cell is 1 hour.'],
  [2, 'Each cell is 2 hours and shows the worst of them; select one to zoom in.'],
  [720, 'Each cell is 720 hours and shows the worst of them; select one to zoom in.'],
])('the legend says how long a cell of %d h is', (hours, words) => {
  expect(legendOf(hours)).toBe(words);
});

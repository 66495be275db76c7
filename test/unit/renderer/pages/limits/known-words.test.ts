import { expect, test } from 'vitest';
import { knownWords } from '#renderer/changes/limits/inventory-strip.tsx';

test.each([
  [0, 3001, '0 of 3,001 users'],
  [1, 3001, '1 of 3,001 users'],
  [3001, 3001, 'all 3,001 users'],
  [1, 1, '1 of 1 user'],
  [2, 2, 'all 2 users'],
] as const)('says that %i of %i are known', (known, all, words) => {
  expect(knownWords(known, all, 'user')).toBe(words);
});

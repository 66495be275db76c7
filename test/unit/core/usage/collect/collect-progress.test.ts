import { describe, expect, it } from 'vitest';
import { rateWords } from '#core/usage/collect/collect-progress.ts';

describe('the rate of a collection', () => {
  it.each([
    [0, '0 objects/s'],
    [0.4, '0.4 objects/s'],
    [1, '1 object/s'],
    [2, '2 objects/s'],
    [9.96, '10 objects/s'],
    [1234.4, '1,234 objects/s'],
  ])('of %d is said as %s', (rate, words) => {
    expect(rateWords(rate)).toBe(words);
  });
});

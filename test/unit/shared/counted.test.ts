import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agreeing, formatCount, formatCounted, formatShare } from '#shared/counted.ts';

describe('counted words', () => {
  it.each([
    ['bucket', '0 buckets', '1 bucket', '2 buckets', '12,300 buckets'],
    ['entry', '0 entries', '1 entry', '2 entries', '12,300 entries'],
    ['day', '0 days', '1 day', '2 days', '12,300 days'],
    ['access key', '0 access keys', '1 access key', '2 access keys', '12,300 access keys'],
    ['box', '0 boxes', '1 box', '2 boxes', '12,300 boxes'],
  ])('%s: 0, 1, 2 and many', (noun, ...words) => {
    expect([0, 1, 2, 12_300].map((count) => formatCounted(count, noun))).toEqual(words);
    expect([0n, 1n, 2n, 12_300n].map((count) => formatCounted(count, noun))).toEqual(words);
  });

  it('takes a plural that no rule makes, and counts past 2^53', () => {
    expect(formatCounted(1, 'row is', 'rows are')).toBe('1 row is');
    expect(formatCounted(0, 'row is', 'rows are')).toBe('0 rows are');
    expect(formatCounted(2n ** 60n, 'byte')).toBe('1,152,921,504,606,846,976 bytes');
    expect(formatCount(3001)).toBe('3,001');
    expect([0, 1, 2].map((count) => agreeing(count, 'is', 'are'))).toEqual(['are', 'is', 'are']);
  });

  it('a share is never 0 % of something nor 100 % of less than all', () => {
    const said = [0, 0.000_1, 0.01, 0.5, 0.999, 1].map(formatShare);
    expect(said).toEqual(['none', 'less than 1 %', '1 %', '50 %', '99 %', '100 %']);
  });

  it('no part of the console makes a plural by hand', () => {
    const byHand = /=== 1n? \? (?:''|'s'|'[a-z ]+') : '[a-z ]*'|\bentrys\b|\}\$?s`/;
    const found = globSync('src/{core,collect,renderer,shared,main,web}/**/*.{ts,tsx}')
      .flatMap((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .flatMap((line, index) =>
            byHand.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [],
          ),
      )
      .filter((line) => !line.startsWith('src/shared/counted.ts'));
    expect(found).toEqual([]);
  });
});

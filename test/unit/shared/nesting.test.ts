import { describe, expect, it } from 'vitest';
import { nestsTooDeep, valueNestsTooDeep } from '#shared/nesting.ts';

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('nestsTooDeep', () => {
  it('takes what is within the bound and refuses what is beyond', () => {
    expect(nestsTooDeep(nested(100))).toBe(false);
    expect(nestsTooDeep(nested(101))).toBe(true);
    expect(nestsTooDeep(`[${nested(99)},${nested(99)}]`)).toBe(false);
  });

  it('does not count brackets within strings', () => {
    expect(nestsTooDeep(JSON.stringify({ a: '['.repeat(500) }))).toBe(false);
    expect(nestsTooDeep(JSON.stringify([`\\"${'{'.repeat(500)}\\`, '{'.repeat(500)]))).toBe(false);
  });
});

describe('valueNestsTooDeep', () => {
  it('judges a value as it judges its text', () => {
    expect(valueNestsTooDeep(JSON.parse(nested(100)))).toBe(false);
    expect(valueNestsTooDeep(JSON.parse(nested(10_000)))).toBe(true);
    expect(valueNestsTooDeep('text')).toBe(false);
  });
});

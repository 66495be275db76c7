import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const sources = globSync('src/**/*.{ts,tsx}', { cwd: root });
describe('the house', () => {
  it('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(20);
  });

  it('names files in kebab-case', () => {
    const odd = sources.filter((file) => !/\/[a-z0-9]+(?:-[a-z0-9]+)*(?:\.\w+)+$/.test(file));
    expect(odd).toEqual([]);
  });
});

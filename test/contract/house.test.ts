import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const sources = globSync('src/**/*.{ts,tsx}', { cwd: root });
const exported =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|class|const|let|interface|type) (\w+)/;

/** Names that a file exports without a comment right above them. */
function undocumented(file: string): string[] {
  const lines = readFileSync(resolve(root, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const name = exported.exec(line)?.[1];
    if (!name) return [];
    const above = lines[index - 1]?.trim() ?? '';
    return above.endsWith('*/') ? [] : [`${file}: ${name}`];
  });
}

describe('the house', () => {
  it('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(20);
  });

  it('says of every export what it is', () => {
    expect(sources.flatMap(undocumented)).toEqual([]);
  });

  it('names files in kebab-case', () => {
    const odd = sources.filter((file) => !/\/[a-z0-9]+(?:-[a-z0-9]+)*(?:\.\w+)+$/.test(file));
    expect(odd).toEqual([]);
  });
});

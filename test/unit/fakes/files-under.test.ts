import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesUnder, foundUnder } from '#test/fakes/files-under.ts';

it('finds a secret in any file, and leaves out what goes away meanwhile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ostor-files-under-'));
  try {
    expect(() => foundUnder(folder, ['a secret'])).toThrow('no file');
    mkdirSync(join(folder, 'b', 'c'), { recursive: true });
    for (const name of ['a', 'd', 'b/c/e', 'f']) writeFileSync(join(folder, name), 'a secret');
    expect(foundUnder(folder, ['a secret', 'another'])).toHaveLength(4);
    expect(() => foundUnder(folder, [undefined])).toThrow('not known');
    const files = filesUnder(folder);
    expect(files.next().value?.bytes.toString()).toBe('a secret');
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    expect([...files]).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

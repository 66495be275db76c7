import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomically } from '#core/platform/files/write-file-atomically.ts';

describe('writeFileAtomically', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ostor-console-test-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('replaces the content, for its owner alone, and leaves nothing next to it', async () => {
    const path = join(directory, 'a.json');
    await writeFile(path, 'old', { mode: 0o644 });
    await writeFileAtomically(path, 'new – ä');
    expect(await readFile(path, 'utf8')).toBe('new – ä');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['a.json']);
  });

  it('leaves the old content, and no temporary file, when it fails', async () => {
    const path = join(directory, 'a-directory');
    await mkdir(join(path, 'not-empty'), { recursive: true });
    await expect(writeFileAtomically(path, 'new')).rejects.toThrow();
    expect(await readdir(directory)).toEqual(['a-directory']);
    expect(await readdir(path)).toEqual(['not-empty']);
  });

  it('ends with one whole content when many write at once', async () => {
    const path = join(directory, 'a.json');
    const contents = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(10_000));
    await Promise.all(contents.map((content) => writeFileAtomically(path, content)));
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(directory)).toEqual(['a.json']);
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript without declarations: it runs before anything is installed
import * as quickFolder from '../../../scripts/lib/quick-folder.js';

const { withQuickFolder } = quickFolder;

describe('the folder of temporary files in memory', () => {
  const usual = process.env.TMPDIR;
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'quick-folder-'));
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it('is where the work has its temporary files, and gone after it, also where that fails', async () => {
    let during = '';
    const work = async () => {
      during = tmpdir();
      writeFileSync(join(during, 'left'), '');
      throw new Error('broken');
    };
    await expect(withQuickFolder(work, { parent, wanted: 1 })).rejects.toThrow('broken');
    expect(during.startsWith(join(parent, 'ostor-console-tests-'))).toBe(true);
    expect(process.env.TMPDIR).toBe(usual);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is not made where there is no such file system', async () => {
    const missing = join(parent, 'missing');
    expect(await withQuickFolder(async () => tmpdir(), { parent: missing })).toBe(tmpdir());
    expect(existsSync(missing)).toBe(false);
  });

  it('is not used where it is small', async () => {
    const wanted = Number.POSITIVE_INFINITY;
    expect(await withQuickFolder(async () => tmpdir(), { parent, wanted })).toBe(tmpdir());
  });

  it('takes away what a killed run left, and nothing of one at work', async () => {
    const { pid: gone } = spawnSync(process.execPath, ['--version']);
    const [killed, atWork] = [gone, process.pid].map((processId) => {
      const folder = join(parent, `ostor-console-tests-${processId}-abcdef`);
      mkdirSync(join(folder, 'data'), { recursive: true });
      return folder;
    }) as [string, string];
    await withQuickFolder(async () => undefined, { parent });
    expect([existsSync(killed), existsSync(atWork)]).toEqual([false, true]);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDirectory } from '#core/platform/files/data-directory.ts';

describe('openDataDirectory', () => {
  let parent: string;
  let path: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'ostor-console-test-'));
    path = join(parent, 'a', 'b');
  });

  afterEach(() => rm(parent, { recursive: true }));

  const modeOf = async (folder: string): Promise<number> => (await stat(folder)).mode & 0o777;

  it('creates it for its owner alone, and takes rights away that others got since', async () => {
    (await openDataDirectory(path)).release();
    expect(await modeOf(path)).toBe(0o700);
    await chmod(path, 0o755);
    (await openDataDirectory(path)).release();
    expect(await modeOf(path)).toBe(0o700);
  });

  it('leaves the rights of a directory that it did not make', async () => {
    await mkdir(path, { recursive: true });
    await chmod(path, 0o755);
    (await openDataDirectory(path)).release();
    expect(await modeOf(path)).toBe(0o755);
  });

  it('refuses a directory of another user, and one that everybody may write to', async () => {
    await mkdir(path, { recursive: true });
    await chmod(path, 0o777);
    await expect(openDataDirectory(path)).rejects.toMatchObject({
      code: 'DISK_FAILED',
      message: expect.stringContaining('Everybody may write'),
    });
    let foreign = '/usr';
    if (process.geteuid?.() === 0) {
      await chmod(path, 0o700);
      await chown(path, 12_345, 12_345);
      foreign = path;
    }
    await expect(openDataDirectory(foreign)).rejects.toMatchObject({
      code: 'DISK_FAILED',
      message: expect.stringContaining('belongs to another user'),
    });
  });

  it.runIf(process.platform === 'linux')('refuses a place that takes no folders', async () => {
    await expect(openDataDirectory('/proc/ostor/console')).rejects.toMatchObject({
      code: 'DISK_FAILED',
      message: expect.stringContaining('/proc/ostor/console'),
    });
  });

  it('refuses a second console until the first lets go', async () => {
    const first = await openDataDirectory(path);
    await expect(openDataDirectory(path)).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_IN_USE',
      message: expect.stringContaining(path),
    });
    first.release();
    (await openDataDirectory(path)).release();
  });

  it('lets a short-lived command in next to a console', async () => {
    const first = await openDataDirectory(path);
    const shared = await openDataDirectory(path, true);
    shared.release();
    await expect(openDataDirectory(path)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' });
    first.release();
  });

  it('is free again when the console that held it was killed', async () => {
    const module = new URL(
      '../../../../../src/core/platform/files/data-directory.ts',
      import.meta.url,
    );
    const script = `
      import { openDataDirectory } from ${JSON.stringify(module.href)};
      await openDataDirectory(${JSON.stringify(path)});
      console.log('held');
      setInterval(() => undefined, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await expect(openDataDirectory(path)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    (await openDataDirectory(path)).release();
  });

  it('says so when the place cannot be used', async () => {
    await writeFile(join(parent, 'file'), '');
    await expect(openDataDirectory(join(parent, 'file', 'below'))).rejects.toMatchObject({
      code: 'DISK_FAILED',
      message: expect.stringContaining('ENOTDIR'),
    });
  });
});

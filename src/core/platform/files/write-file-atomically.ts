import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file whole: a reader, or a console that starts after a crash, sees the old content or
 * the new, never a part. Returns when the content is on disk. (`write-file-atomic` opens its temporary
 * file through whatever link is there, and leaves the rename to the next sync of the directory.)
 * @param path the file, in a directory that exists
 * @param content text, written as UTF-8
 */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
  await syncDirectory(dirname(path));
}

/** Makes the rename itself durable; Windows cannot open a directory and needs no such step. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Hidden, so that readers of a folder of data files skip it. */
const pattern = /^\..+\.(\d+)-[0-9a-f]{16}\.partial$/;

/**
 * The name of a file until it is whole. It tells which process writes it, so that what a killed one
 * left behind is known as such.
 */
export function partialName(name: string): string {
  return `.${name}.${process.pid}-${randomBytes(8).toString('hex')}.partial`;
}

/** Returns whether a name is that of a partial file whose writer has ended. */
export function isLeftPartial(name: string): boolean {
  const writer = pattern.exec(name)?.[1];
  return writer !== undefined && !isProcessRunning(Number(writer));
}

/** Returns whether a process is running. A later process with the same number only delays the cleanup. */
export function isProcessRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

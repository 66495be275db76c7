import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder with what is missing above it, for its owner alone, and returns the first one that was
 * made; undefined where all are there. A recursive `mkdir` of Node never ends where a parent, as /proc,
 * takes no folders.
 * @throws Error of the file system, `ENOTDIR` where something else has the name
 */
export function makeFolder(path: string): string | undefined {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
  }
  if (statSync(path).isDirectory()) return missing[0];
  throw Object.assign(new Error(`ENOTDIR: ${path} is no folder`), { code: 'ENOTDIR' });
}

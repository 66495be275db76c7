import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files and folders below a folder that somebody beside their owner may read or write. */
export function openToOthers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0);
}

import { statSync } from 'node:fs';
import { entriesUnder } from './files-under.ts';

/** The files and folders below a folder that somebody besides their owner may read or write. */
export function openToOthers(folder: string): string[] {
  const paths = [...entriesUnder(folder)].map(({ path }) => path);
  if (paths.length === 0) throw new Error(`There is nothing below ${folder}.`);
  return paths.filter(
    (path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0,
  );
}

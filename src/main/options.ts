import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFolder } from '#core/platform/files/make-folder.ts';
import { AppError } from '#shared/errors.ts';

export interface DesktopOptions {
  /** Omitted: Electron's `userData`. Absolute. */
  dataDir?: string;
  /** Files to open, absolute. */
  files: string[];
  /** Whether the demo cluster is shown while no connection is saved. */
  demo: boolean;
}

/** Endings of the files that the console opens: change plans. */
const openable = /\.ostorplan$/i;

/**
 * Reads `--data-dir D`, `--no-demo` and the files to open from the command line. Everything else is skipped:
 * Chromium's own switches and what the operating system adds are there too.
 * @param args the arguments after the program's own
 * @param directory what relative paths start from
 */
export function readDesktopOptions(
  args: readonly string[],
  directory: string = process.cwd(),
): DesktopOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { 'data-dir': { type: 'string' }, 'no-demo': { type: 'boolean' } },
    strict: false,
    allowPositionals: true,
  });
  const files = positionals
    .filter((path) => openable.test(path))
    .map((path) => resolve(directory, path));
  const { 'data-dir': dataDir, 'no-demo': noDemo } = values;
  const rest = { files, demo: !noDemo };
  if (typeof dataDir !== 'string' || dataDir === '') return rest;
  return { dataDir: resolve(directory, dataDir), ...rest };
}

/**
 * Makes a data folder where it is missing: Electron takes only one that is there.
 * @throws AppError `DISK_FAILED`
 */
export function makeDataDir(path: string): void {
  try {
    makeFolder(path);
  } catch (cause) {
    throw new AppError({
      code: 'DISK_FAILED',
      message: `The data directory ${path} cannot be created.`,
      hint: 'Check that its disk is not full and that you may write there, or name another with --data-dir.',
      cause,
    });
  }
}

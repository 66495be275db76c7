import { parseArgs } from 'node:util';

/** What the desktop shell is started with. */
export interface DesktopOptions {
  /** Left out: Electron's `userData`. */
  dataDir?: string;
}

/**
 * Reads `--data-dir D` from the command line. Everything else is left alone: Chromium's own switches
 * and what the operating system adds stand there too.
 * @param args the arguments after the program's own
 */
export function readDesktopOptions(args: readonly string[]): DesktopOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { 'data-dir': { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  const dataDir = values['data-dir'];
  return typeof dataDir === 'string' && dataDir !== '' ? { dataDir } : {};
}

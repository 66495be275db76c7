import { parseArgs } from 'node:util';
import { defaultDataDir } from '#core/platform/files/default-data-dir.ts';

/** What the web shell is started with. */
export interface WebOptions {
  /** 0 picks a free one. */
  port: number;
  dataDir: string;
}

/**
 * Reads the command line: `--port N` (left out: a free one) and `--data-dir D`.
 * Throws an `Error` whose message is for the person at the terminal.
 */
export function readWebOptions(args: readonly string[]): WebOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, 'data-dir': { type: 'string' } },
  });
  const port = values.port ?? '0';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not "${port}".`);
  }
  return { port: Number(port), dataDir: values['data-dir'] ?? defaultDataDir() };
}

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDir } from '#core/platform/files/data-directory.ts';

export interface WebOptions {
  /** 0 picks a free one. */
  port: number;
  dataDir: string;
  /** Path of a Unix socket to listen on instead of a port. */
  socket: string | null;
  /** File that a token for scripts is written to. */
  tokenFile: string | null;
  /** Minutes after which a browser that nobody uses is signed out. */
  idleMinutes: number;
  /** Browsers that may be signed in at once. */
  browsers: number;
  /** Whether the demo cluster is shown while no connection is saved. */
  demo: boolean;
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`--${name} takes a number from ${least} to ${most}, not "${text}".`);
}

/**
 * Reads the command line: `--port N` (omitted: a free one), `--socket PATH`, `--data-dir D`,
 * `--token-file F`, `--idle MINUTES` (60), `--browsers N` (1) and `--no-demo`.
 * Throws an `Error` whose message is for the person at the terminal.
 */
export function readWebOptions(args: readonly string[]): WebOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ port: text, socket: text, idle: text, browsers: text },
      ...{ 'data-dir': text, 'token-file': text, 'no-demo': { type: 'boolean' } },
    },
  });
  const { socket, 'token-file': tokenFile } = values;
  if (socket !== undefined && process.platform === 'win32') {
    throw new Error('--socket needs a system with Unix sockets; use --port.');
  }
  return {
    port: numberOf('port', values.port ?? '0', 0, 65_535),
    dataDir: resolve(values['data-dir'] ?? defaultDataDir()),
    socket: socket === undefined ? null : resolve(socket),
    tokenFile: tokenFile === undefined ? null : resolve(tokenFile),
    idleMinutes: numberOf('idle', values.idle ?? '60', 1, 1440),
    browsers: numberOf('browsers', values.browsers ?? '1', 1, 16),
    demo: !values['no-demo'],
  };
}

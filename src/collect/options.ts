import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDir } from '#core/data-dir.ts';
import { AppError } from '#shared/errors.ts';

/** What the collector was started with. */
export interface CollectorOptions {
  /** Name or id of a saved connection. */
  connection: string;
  /** Delete on the gateway what is archived. */
  remove: boolean;
  dataDir: string;
  secretFile: string | null;
}

/** How the collector is called, one line. */
export const usage =
  'npm run collect -- --connection NAME [--remove] [--data-dir D] [--secret-file F]';

/**
 * Reads the command line.
 * @throws `INPUT_INVALID`
 */
export function readCollectorOptions(args: readonly string[]): CollectorOptions {
  const { connection, remove, ...values } = parse(args);
  if (!connection) {
    throw new AppError({
      code: 'INPUT_INVALID',
      message: 'No connection is named.',
      hint: `Call it so: ${usage}`,
    });
  }
  return {
    connection,
    remove,
    dataDir: resolve(values['data-dir'] ?? defaultDataDir()),
    secretFile: values['secret-file'] ? resolve(values['secret-file']) : null,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        connection: { type: 'string' },
        remove: { type: 'boolean', default: false },
        'data-dir': { type: 'string' },
        'secret-file': { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new AppError({
      code: 'INPUT_INVALID',
      message: cause instanceof Error ? cause.message : 'The command line could not be read.',
      hint: `Call it so: ${usage}`,
      cause,
    });
  }
}

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDir } from '#core/platform/files/default-data-dir.ts';
import { AppError } from '#shared/errors.ts';

/** What every headless command is started with. */
export interface HeadlessOptions {
  /** Name or id of a saved connection. */
  connection: string;
  dataDir: string;
  secretFile: string | null;
}

/** What the collector was started with. */
export interface CollectorOptions extends HeadlessOptions {
  /** Delete on the gateway what is archived. */
  remove: boolean;
}

/** How the collector is called, one line. */
export const usage =
  'npm run collect -- --connection NAME [--remove] [--data-dir D] [--secret-file F]';

/** How the refresh is called, one line. */
export const refreshUsage = 'npm run refresh -- --connection NAME [--data-dir D] [--secret-file F]';

const common = {
  connection: { type: 'string' },
  'data-dir': { type: 'string' },
  'secret-file': { type: 'string' },
} as const;

/**
 * Reads the command line of a collection.
 * @throws `INPUT_INVALID`
 */
export function readCollectorOptions(args: readonly string[]): CollectorOptions {
  const options = { ...common, remove: { type: 'boolean', default: false } } as const;
  const values = reading(usage, () => parseArgs({ args: [...args], options }).values);
  return { ...toHeadless(usage, values), remove: values.remove };
}

/**
 * Reads the command line of a refresh.
 * @throws `INPUT_INVALID`
 */
export function readRefreshOptions(args: readonly string[]): HeadlessOptions {
  const read = () => parseArgs({ args: [...args], options: common }).values;
  return toHeadless(refreshUsage, reading(refreshUsage, read));
}

function toHeadless(
  line: string,
  values: { [Name in keyof typeof common]?: string | undefined },
): HeadlessOptions {
  const { connection } = values;
  if (!connection) {
    throw new AppError({
      code: 'INPUT_INVALID',
      message: 'No connection is named.',
      hint: `Call it so: ${line}`,
    });
  }
  return {
    connection,
    dataDir: resolve(values['data-dir'] ?? defaultDataDir()),
    secretFile: values['secret-file'] ? resolve(values['secret-file']) : null,
  };
}

function reading<Values>(line: string, read: () => Values): Values {
  try {
    return read();
  } catch (cause) {
    throw new AppError({
      code: 'INPUT_INVALID',
      message: cause instanceof Error ? cause.message : 'The command line could not be read.',
      hint: `Call it so: ${line}`,
      cause,
    });
  }
}

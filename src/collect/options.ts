import { resolve } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { defaultDataDir } from '#core/platform/files/data-directory.ts';
import { AppError } from '#shared/errors.ts';

export interface HeadlessOptions {
  /** Name or id of a saved connection. */
  connection: string;
  dataDir: string;
  secretFile: string | null;
}

export interface CollectorOptions extends HeadlessOptions {
  /** Delete on the gateway what is archived. */
  remove: boolean;
}

export const usage =
  'npm run collect -- --connection NAME [--remove] [--data-dir D] [--secret-file F]';

const refreshUsage = 'npm run refresh -- --connection NAME [--data-dir D] [--secret-file F]';

export interface BillOptions extends HeadlessOptions {
  /** `2026-10`. */
  period: string;
  draftInvoices: boolean;
  /** Where statements are written to; null: nowhere. */
  out: string | null;
}

const billUsage =
  'npm run bill -- --connection NAME --period 2026-10 [--draft-invoices] [--out DIR] [--data-dir D] [--secret-file F]';

export interface CheckOptions extends Omit<HeadlessOptions, 'connection'> {
  /** Null: all saved connections. */
  connection: string | null;
  /** Send the digest too. */
  digest: boolean;
  /** Holds the digest's token or password, where no keychain does. */
  digestSecretFile: string | null;
}

const checkUsage =
  'npm run check -- [--connection NAME] [--digest] [--digest-secret-file F] [--data-dir D]';

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
  const values = read(usage, args, { remove: { type: 'boolean', default: false } });
  return { ...toHeadless(usage, values), remove: values.remove === true };
}

/**
 * Reads the command line of a refresh.
 * @throws `INPUT_INVALID`
 */
export function readRefreshOptions(args: readonly string[]): HeadlessOptions {
  return toHeadless(refreshUsage, read(refreshUsage, args));
}

/**
 * Reads the command line of billing.
 * @throws `INPUT_INVALID`
 */
export function readBillOptions(args: readonly string[]): BillOptions {
  const values = read(billUsage, args, {
    period: { type: 'string' },
    out: { type: 'string' },
    'draft-invoices': { type: 'boolean', default: false },
  });
  return {
    ...toHeadless(billUsage, values),
    period: assertMonth(values.period, billUsage),
    draftInvoices: values['draft-invoices'] === true,
    out: typeof values.out === 'string' && values.out !== '' ? resolve(values.out) : null,
  };
}

/**
 * Reads the command line of a check.
 * @throws `INPUT_INVALID`
 */
export function readCheckOptions(args: readonly string[]): CheckOptions {
  const values = read(checkUsage, args, {
    digest: { type: 'boolean', default: false },
    'digest-secret-file': { type: 'string' },
  });
  const { connection, 'digest-secret-file': digestSecretFile } = values;
  if (connection === '') throw invalid('No connection is named.', checkUsage);
  return {
    ...filesOf(values),
    connection: typeof connection === 'string' ? connection : null,
    digest: values.digest === true,
    digestSecretFile: fileOf(digestSecretFile),
  };
}

type Values = Record<string, unknown>;

function read(line: string, args: readonly string[], own: ParseArgsOptionsConfig = {}): Values {
  try {
    return parseArgs({ args: [...args], options: { ...common, ...own } }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'The command line could not be read.';
    throw invalid(message, line, cause);
  }
}

function assertMonth(text: unknown, line: string): string {
  if (typeof text === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw invalid('No month is named, as 2026-10.', line);
}

function toHeadless(line: string, values: Values): HeadlessOptions {
  const { connection } = values;
  if (typeof connection !== 'string' || connection === '') {
    throw invalid('No connection is named.', line);
  }
  return { connection, ...filesOf(values) };
}

function filesOf(values: Values): Omit<HeadlessOptions, 'connection'> {
  const { 'data-dir': dataDir, 'secret-file': secretFile } = values;
  return {
    dataDir: resolve(typeof dataDir === 'string' ? dataDir : defaultDataDir()),
    secretFile: fileOf(secretFile),
  };
}

const fileOf = (path: unknown): string | null =>
  typeof path === 'string' && path !== '' ? resolve(path) : null;

function invalid(message: string, line: string, cause?: unknown): AppError {
  return new AppError({ code: 'INPUT_INVALID', message, hint: `Usage: ${line}`, cause });
}

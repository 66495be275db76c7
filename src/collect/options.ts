import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
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

/**
 * Reads the command line of billing.
 * @throws `INPUT_INVALID`
 */
export function readBillOptions(args: readonly string[]): BillOptions {
  const options = {
    ...common,
    period: { type: 'string' },
    out: { type: 'string' },
    'draft-invoices': { type: 'boolean', default: false },
  } as const;
  const values = reading(billUsage, () => parseArgs({ args: [...args], options }).values);
  return {
    ...toHeadless(billUsage, values),
    period: assertMonth(values.period, `Call it so: ${billUsage}`),
    draftInvoices: values['draft-invoices'],
    out: values.out ? resolve(values.out) : null,
  };
}

function assertMonth(text: string | undefined, hint: string): string {
  if (text !== undefined && /^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new AppError({ code: 'INPUT_INVALID', message: 'No month is named, as 2026-10.', hint });
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

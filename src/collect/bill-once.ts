import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Core } from '#core/core.ts';
import { makeFolder } from '#core/platform/files/make-folder.ts';
import type { DraftResult } from '#shared/contract/invoices.ts';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { type AppErrorData, toAppError } from '#shared/errors.ts';
import { type Call, callsOf, findConnection, taskResult, unlockMinutes } from './headless-calls.ts';
import type { BillOptions } from './options.ts';

type Statement = IssueAllResult['items'][number] & { statementId: string };

/** Results of the drafts; of each failure, the customer and the reason. */
interface Invoices {
  created: number;
  existing: number;
  failed: number;
  failures: {
    statementId: string;
    customerId: string;
    name: string;
    message: string;
    hint: string;
  }[];
}

/** What `npm run bill` prints, besides `ok`. */
export interface BillReport {
  connection: string;
  period: { from: string; to: string };
  customers: number;
  /** Statements in the register, issued now or before. */
  issued: number;
  /** Customers without a user in the month: no statement. */
  withoutUser: number;
  /** Customers without a final statement, with the reason. */
  refused: { customerId: string; name: string; error: AppErrorData }[];
  files: number;
  invoices: Invoices | null;
}

/**
 * Issues the final statement of every customer with users for a month; writes them and drafts their
 * invoices where asked. Doing it again issues and drafts nothing twice.
 * @throws AppError `CONNECTION_NOT_FOUND` and whatever kept it from beginning
 */
export async function billOnce(
  core: Core,
  options: Pick<BillOptions, 'connection' | 'period' | 'draftInvoices' | 'out'>,
  signal: AbortSignal,
): Promise<BillReport> {
  const call = callsOf(core, signal);
  const period = monthOf(options.period);
  const { name, ...whose } = await findCustomers(call, options.connection);
  const { taskId } = await call('statements.issueAll', { ...period, ...whose });
  const { customers, withoutUser, items } = (await taskResult(
    call,
    taskId,
    signal,
  )) as IssueAllResult;
  const statements = items.flatMap((item) =>
    item.statementId === null ? [] : [{ ...item, statementId: item.statementId }],
  );
  const refused = items.flatMap(({ customerId, name: customer, error }) =>
    error === null ? [] : [{ customerId, name: customer, error: error as AppErrorData }],
  );
  const { out, draftInvoices } = options;
  const files = out === null ? 0 : await writeAll(call, statements, period, out);
  const invoices = draftInvoices ? await draftAll(call, statements, signal) : null;
  const counts = { customers, issued: statements.length, withoutUser };
  return { connection: name, period, ...counts, refused, files, invoices };
}

/** Returns whether everything was done. */
export function isWholeBill({ refused, invoices }: BillReport): boolean {
  return refused.length === 0 && (invoices === null || invoices.failed === 0);
}

/** The month `2026-10` in UTC. */
function monthOf(month: string): { from: string; to: string } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const at = (index: number): string => new Date(Date.UTC(year, index)).toISOString();
  return { from: at(number - 1), to: at(number) };
}

/** Finds customers by the name of a billing connection, else of a cluster. */
async function findCustomers(
  call: Call,
  nameOrId: string,
): Promise<{ name: string; billingId?: string; clusterId?: string }> {
  const systems = await call('billing.list', {});
  const system = systems.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (system) return { name: system.name, billingId: system.id };
  const { id, name } = await findConnection(call, nameOrId);
  return { name, clusterId: id };
}

async function writeAll(
  call: Call,
  statements: readonly Statement[],
  period: BillReport['period'],
  directory: string,
): Promise<number> {
  makeFolder(directory);
  const formats = ['pdf', 'csv', 'json'] as const;
  for (const { statementId } of statements) {
    for (const format of formats) {
      const file = await call('statements.exportIssued', { statementId, format });
      const content = file.text ?? Buffer.from(file.base64 ?? '', 'base64');
      await writeFile(join(directory, file.fileName), content, { mode: 0o600 });
    }
  }
  const billings = new Set(statements.map(({ billingId }) => billingId));
  for (const billingId of billings) {
    const destination = { to: 'folder' as const, path: directory };
    await call('statements.exportAll', { ...period, billingId, destination });
  }
  return formats.length * statements.length + billings.size;
}

/** Drafts at one billing system after the other: what one of them refuses stops no other. */
async function draftAll(
  call: Call,
  statements: readonly Statement[],
  signal: AbortSignal,
): Promise<Invoices> {
  const sums: Invoices = { created: 0, existing: 0, failed: 0, failures: [] };
  const billed = statements.filter(({ total }) => BigInt(total ?? 0) > 0n);
  for (const [billingId, ofSystem] of Map.groupBy(billed, (one) => one.billingId)) {
    const result = await draftAt(call, billingId, ofSystem, signal);
    for (const name of ['created', 'existing', 'failed'] as const) sums[name] += result[name];
    for (const { statementId, message, hint } of result.failures) {
      const { customerId = '', name = '' } =
        ofSystem.find((one) => one.statementId === statementId) ?? {};
      sums.failures.push({ statementId, customerId, name, message, hint });
    }
  }
  return sums;
}

type Drafted = Pick<DraftResult, 'created' | 'existing' | 'failed' | 'failures'>;

/** Drafts at one billing system; one that refuses fails each of its statements. */
async function draftAt(
  call: Call,
  billingId: string,
  statements: readonly Statement[],
  signal: AbortSignal,
): Promise<Drafted> {
  const statementIds = statements.map(({ statementId }) => statementId);
  try {
    const systems = await call('billing.list', {});
    // `--draft-invoices` is the operator's word for this one process, as unlocking is in the window.
    if (systems.some(({ id, environment }) => id === billingId && environment === 'production')) {
      await call('billing.unlock', { id: billingId, minutes: unlockMinutes });
    }
    const { taskId } = await call('invoices.draft', { billingId, statementIds });
    return (await taskResult(call, taskId, signal)) as DraftResult;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const { message, hint } = toAppError(thrown);
    const failures = statementIds.map((statementId) => ({ statementId, message, hint }));
    return { created: 0, existing: 0, failed: failures.length, failures };
  }
}

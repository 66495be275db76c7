import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Core } from '#core/create-core.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppErrorData, toAppError } from '#shared/errors.ts';
import { type Call, callsOf, findConnection, taskResult } from './headless-calls.ts';
import type { BillOptions } from './options.ts';

type Issued = CallOutput<'statements.issue'>;
type Customer = CallOutput<'customers.list'>['rows'][number];

/** What `npm run bill` prints, beside `ok`. */
export interface BillReport {
  connection: string;
  period: { from: string; to: string };
  customers: number;
  /** Statements in the register, issued now or before. */
  issued: number;
  /** Customers without a final statement, with the reason. */
  refused: { customerId: string; name: string; error: AppErrorData }[];
  files: number;
  invoices: { created: number; existing: number; failed: number } | null;
}

const atOnce = 50;
const customersAtOnce = 1000;

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
  const { name, customers } = await findCustomers(call, options.connection);
  const statements: { issued: Issued; billingId: string }[] = [];
  const refused: BillReport['refused'] = [];
  for (let start = 0; start < customers.length; start += atOnce) {
    signal.throwIfAborted();
    const batch = customers.slice(start, start + atOnce);
    const settled = await Promise.all(batch.map((customer) => issue(call, customer, period)));
    for (const one of settled) {
      if (one.issued) statements.push(one);
      else refused.push({ customerId: one.customerId, name: one.name, error: one.error });
    }
  }
  const { out, draftInvoices } = options;
  const files = out === null ? 0 : await writeAll(call, statements, period, out);
  const invoices = draftInvoices ? await draftAll(call, statements, signal) : null;
  const counts = { customers: customers.length, issued: statements.length };
  return { connection: name, period, ...counts, refused, files, invoices };
}

/** Whether nothing was left undone. */
export function isWholeBill({ refused, invoices }: BillReport): boolean {
  return refused.length === 0 && (invoices === null || invoices.failed === 0);
}

/** The month `2026-10` in UTC. */
function monthOf(month: string): { from: string; to: string } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const at = (index: number): string => new Date(Date.UTC(year, index)).toISOString();
  return { from: at(number - 1), to: at(number) };
}

/** Customers with users: of the billing connection of that name, else those on a cluster of it. */
async function findCustomers(call: Call, nameOrId: string) {
  const systems = await call('billing.list', {});
  const system = systems.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (system) {
    const all = await listCustomers(call, { billingId: system.id, users: 'some' });
    return { name: system.name, customers: all };
  }
  const { id, name } = await findConnection(call, nameOrId);
  const all = await listCustomers(call, { users: 'some' });
  return {
    name,
    customers: all.filter(({ users }) => users.some(({ connectionId }) => connectionId === id)),
  };
}

async function listCustomers(
  call: Call,
  filter: { billingId?: string; users: 'some' },
): Promise<Customer[]> {
  const customers: Customer[] = [];
  for (;;) {
    const page = { offset: customers.length, limit: customersAtOnce };
    const { rows } = await call('customers.list', { filter, ...page });
    customers.push(...rows);
    if (rows.length < customersAtOnce) return customers;
  }
}

async function issue(
  call: Call,
  customer: Customer,
  period: { from: string; to: string },
): Promise<
  { issued: Issued; billingId: string } | ({ issued: null } & BillReport['refused'][number])
> {
  const { customerId, billingId, company, name } = customer;
  try {
    const input = { customerId, ...period, requireFinal: true };
    return { issued: await call('statements.issue', input), billingId };
  } catch (thrown) {
    return { issued: null, customerId, name: company || name, error: toAppError(thrown).toData() };
  }
}

async function writeAll(
  call: Call,
  statements: readonly { issued: Issued; billingId: string }[],
  period: BillReport['period'],
  directory: string,
): Promise<number> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const formats = ['pdf', 'csv', 'json'] as const;
  for (const { issued } of statements) {
    for (const format of formats) {
      const { statementId } = issued;
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

async function draftAll(
  call: Call,
  statements: readonly { issued: Issued; billingId: string }[],
  signal: AbortSignal,
): Promise<{ created: number; existing: number; failed: number }> {
  const sums = { created: 0, existing: 0, failed: 0 };
  const billed = statements.filter(({ issued }) => BigInt(issued.total) > 0n);
  for (const billingId of new Set(billed.map((one) => one.billingId))) {
    const statementIds = billed
      .filter((one) => one.billingId === billingId)
      .map(({ issued }) => issued.statementId);
    const { taskId } = await call('invoices.draft', { billingId, statementIds });
    const result = (await taskResult(call, taskId, signal)) as typeof sums;
    for (const name of ['created', 'existing', 'failed'] as const) sums[name] += result[name];
  }
  return sums;
}

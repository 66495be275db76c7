import { formatCounted } from '#shared/counted.ts';
import { AppError } from '#shared/errors.ts';
import { parseCsv } from '../../changes/bulk/csv.ts';
import type {
  BillingCapability,
  BillingStep,
  BillingSystem,
  BillingTest,
} from '../port/billing-system.ts';
import { type CustomerTable, readCustomerTable } from './read-customers.ts';

/**
 * Reads the text of a table of customers.
 * @throws AppError `FILE_INVALID`
 */
export function parseCustomerTable(text: string): CustomerTable {
  const records = parseCsv(text);
  if (Array.isArray(records)) return readCustomerTable(records.map(({ cells }) => cells));
  throw new AppError({
    code: 'FILE_INVALID',
    message: `The table cannot be read: line ${records.line}, cell ${records.column}. ${records.message}`,
    hint: 'Save it again as CSV and select the file once more.',
  });
}

function unsupported(): AppError {
  return new AppError({
    code: 'BILLING_UNSUPPORTED',
    message: 'A table of customers cannot do this: there is no billing system behind it.',
    hint: 'Export the statements, or connect WHMCS.',
  });
}

/** A table of customers and services, for those who have another billing system or none. */
export class FileSystem implements BillingSystem {
  readonly capabilities: ReadonlySet<BillingCapability> = new Set();
  readonly #table: CustomerTable;

  constructor(text: string) {
    this.#table = parseCustomerTable(text);
  }

  async test(): Promise<BillingTest> {
    const { customers, services, problems } = this.#table;
    const counted = `${formatCounted(customers.length, 'customer')} and ${formatCounted(services.length, 'service')}`;
    const [first] = problems;
    const step: BillingStep =
      first === undefined
        ? { name: 'table', state: 'passed', detail: `The table holds ${counted}.` }
        : {
            name: 'table',
            state: 'caution',
            detail: `The table holds ${counted}; line ${first.line} was skipped: ${first.reason}`,
            hint: 'Correct the rows that were skipped and select the table again.',
          };
    return { steps: [step] };
  }

  async *customers() {
    yield this.#table.customers;
  }

  async *services() {
    yield this.#table.services;
  }

  async products() {
    const names = new Map(
      this.#table.services.map(({ productId, productName }) => [productId, productName]),
    );
    return [...names].map(([productId, name]) => ({
      productId,
      name,
      group: '',
      billsOverages: false,
    }));
  }

  async pendingOrders(): Promise<never> {
    throw unsupported();
  }

  async customerDetails(id: string) {
    const found = this.#table.customers.find(({ externalId }) => externalId === id);
    return { currency: found?.currency ?? null, ownerEmail: null };
  }

  async findDrafts(): Promise<never> {
    throw unsupported();
  }

  async createDraft(): Promise<never> {
    throw unsupported();
  }

  async readInvoice(): Promise<never> {
    throw unsupported();
  }

  async addNote(): Promise<never> {
    throw unsupported();
  }

  async service(id: string) {
    return this.#table.services.find(({ externalId }) => externalId === id) ?? null;
  }

  async setServiceUser(): Promise<never> {
    throw unsupported();
  }

  async setUsage(): Promise<never> {
    throw unsupported();
  }

  async usageOf(): Promise<never> {
    throw unsupported();
  }

  async addItem(): Promise<never> {
    throw unsupported();
  }

  async close(): Promise<void> {}
}

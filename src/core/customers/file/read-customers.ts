import { AppError } from '#shared/errors.ts';
import type { BillingCustomer, BillingService } from '../port/billing-system.ts';
import { readDay } from '../port/read-day.ts';

/** Columns of a table of customers, by the names people give them. */
const columnNames = {
  customerId: ['customer id', 'customer', 'client id', 'id'],
  name: ['name', 'customer name', 'contact'],
  company: ['company', 'company name'],
  email: ['email', 'e mail', 'mail'],
  status: ['status', 'state'],
  currency: ['currency'],
  serviceId: ['service id', 'service', 'subscription'],
  productId: ['product id', 'product', 'plan'],
  productName: ['product name', 'plan name'],
  serviceStatus: ['service status', 'service state'],
  registeredOn: ['registered', 'registered on', 'registration date', 'start date'],
} as const;

type Column = keyof typeof columnNames;

function columnsOf(header: readonly string[]): Partial<Record<Column, number>> {
  const names = header.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[_\s-]+/g, ' '),
  );
  const found = Object.entries(columnNames).flatMap(([column, known]) => {
    const index = names.findIndex((name) => (known as readonly string[]).includes(name));
    return index < 0 ? [] : [[column, index] as const];
  });
  return Object.fromEntries(found);
}

function invalid(message: string): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message,
    hint: 'Give one row a service, with the columns customer id, name, company, email, status, service id, product id, product name, service status.',
  });
}

/** What a table of customers and services holds. */
export interface CustomerTable {
  customers: BillingCustomer[];
  services: BillingService[];
  /** Rows that were passed over, with the reason. */
  problems: { line: number; reason: string }[];
}

/**
 * Reads a table: one row a service, or a customer without one. A customer is in as many rows as it
 * has services; its first row counts.
 * @param rows the header first
 * @throws AppError `FILE_INVALID` where the header names neither an id nor an e-mail
 */
export function readCustomerTable(rows: readonly (readonly string[])[]): CustomerTable {
  const [header, ...body] = rows;
  const columns = columnsOf(header ?? []);
  if (columns.customerId === undefined && columns.email === undefined) {
    throw invalid('The table has no column for the customer id or the e-mail.');
  }
  const customers = new Map<string, BillingCustomer>();
  const services = new Map<string, BillingService>();
  const problems: CustomerTable['problems'] = [];
  body.forEach((row, index) => {
    const value = (column: Column): string => row[columns[column] ?? -1]?.trim() ?? '';
    const externalId = value('customerId') || value('email').toLowerCase();
    if (externalId === '') {
      problems.push({ line: index + 2, reason: 'It has neither a customer id nor an e-mail.' });
      return;
    }
    if (!customers.has(externalId)) customers.set(externalId, customerOf(externalId, value));
    const service = serviceOf(externalId, value);
    if (service) services.set(service.externalId, service);
  });
  return { customers: [...customers.values()], services: [...services.values()], problems };
}

function customerOf(externalId: string, value: (column: Column) => string): BillingCustomer {
  const company = value('company');
  return {
    externalId,
    name: value('name') || company || value('email') || externalId,
    company,
    email: value('email'),
    ownerEmail: null,
    status: value('status') || 'Active',
    currency: value('currency').toUpperCase() || null,
  };
}

function serviceOf(
  customerExternalId: string,
  value: (column: Column) => string,
): BillingService | null {
  const product = value('productId') || value('productName');
  const externalId = value('serviceId') || (product && `${customerExternalId}/${product}`);
  if (!externalId) return null;
  return {
    externalId,
    customerExternalId,
    productId: product || 'service',
    productName: value('productName') || product || 'Service',
    status: value('serviceStatus') || 'Active',
    username: null,
    registeredOn: readDay(value('registeredOn')),
    nextDueDate: null,
    recurringAmount: null,
    suspensionReason: null,
    customFields: [],
  };
}

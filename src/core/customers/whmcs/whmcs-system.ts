import { AppError } from '#shared/errors.ts';
import type {
  BillableItem,
  BillingCustomer,
  BillingInvoice,
  BillingOptions,
  BillingOrder,
  BillingProduct,
  BillingService,
  BillingSystem,
  DraftInvoice,
  ServiceUsage,
} from '../port/billing-system.ts';
import { readDay } from '../port/read-day.ts';
import type { WhmcsClient } from './client.ts';
import { encodeCustomFields } from './encode-fields.ts';
import { noMatch, pagesOf } from './pages.ts';
import { probeWhmcs, type WhmcsProbe } from './probe.ts';
import { rowsOf, textOf, textOrNull, type WhmcsAnswer } from './read-answer.ts';

function readCustomer(row: WhmcsAnswer): BillingCustomer {
  const person = `${textOf(row.firstname)} ${textOf(row.lastname)}`.trim();
  const company = textOf(row.companyname);
  return {
    externalId: textOf(row.id),
    name: person || company || textOf(row.email),
    company,
    email: textOf(row.email),
    ownerEmail: null,
    status: textOf(row.status),
    currency: textOrNull(row.currency_code),
  };
}

/** Returns the day of a date without its time; one in the installation's own format as it is written. */
function dayOf(value: unknown): string | null {
  const text = textOrNull(value);
  return (
    text && (/^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? text.replace(/ \d{2}:\d{2}(:\d{2})?$/, ''))
  );
}

function readService(row: WhmcsAnswer): BillingService {
  return {
    externalId: textOf(row.id),
    customerExternalId: textOf(row.clientid),
    productId: textOf(row.pid),
    productName: textOf(row.name),
    status: textOf(row.status),
    username: textOrNull(row.username),
    registeredOn: readDay(textOf(row.regdate)),
    nextDueDate: dayOf(row.nextduedate),
    recurringAmount: textOrNull(row.recurringamount),
    suspensionReason: textOrNull(row.suspensionreason),
    customFields: rowsOf(row.customfields, 'customfield').map((field) => ({
      id: textOf(field.id),
      name: textOf(field.name),
      value: textOf(field.value),
    })),
  };
}

function readOrder(row: WhmcsAnswer): BillingOrder {
  return {
    externalId: textOf(row.id),
    customerExternalId: textOf(row.userid),
    number: textOf(row.ordernum) || textOf(row.id),
    payment: textOrNull(row.paymentstatus),
    serviceIds: rowsOf(row.lineitems, 'lineitem')
      .filter(({ type }) => textOf(type) === 'product')
      .map(({ relid }) => textOf(relid)),
  };
}

const isOn = (value: unknown): boolean => ['1', 'true', 'on'].includes(String(value).toLowerCase());

function readProduct(row: WhmcsAnswer): BillingProduct {
  return {
    productId: textOf(row.pid),
    name: textOf(row.name),
    group: textOf(row.groupname) || textOf(row.gid),
    billsOverages: isOn(row.overagesenabled),
  };
}

/** A column of usage; one that was never set is empty. */
function wholeOf(value: unknown): bigint {
  return BigInt(/^\d+/.exec(textOf(value))?.[0] ?? '0');
}

/** Writes minor units as WHMCS takes them: plain, with two decimals. */
function amountText(minor: bigint, minorDigits: number): string {
  const scale = 10n ** BigInt(minorDigits);
  const [sign, value] = minor < 0n ? ['-', -minor] : ['', minor];
  const fraction = minorDigits === 0 ? '00' : String(value % scale).padStart(minorDigits, '0');
  return `${sign}${value / scale}.${fraction.padEnd(2, '0')}`;
}

function draftFields(draft: DraftInvoice): Record<string, string | boolean> {
  const lines = draft.lines.flatMap(({ description, amount, taxed }, index) => [
    [`itemdescription${index + 1}`, description],
    [`itemamount${index + 1}`, amountText(amount, draft.minorDigits)],
    [`itemtaxed${index + 1}`, taxed],
  ]);
  return {
    userid: draft.customerExternalId,
    draft: true,
    notes: draft.notes,
    ...Object.fromEntries(lines),
  };
}

/** WHMCS keeps two decimals: what has more can't be billed there to the last digit. */
function refuseDecimals({
  minorDigits,
  currency = 'the currency',
}: {
  minorDigits: number;
  currency?: string;
}): void {
  if (minorDigits <= 2) return;
  throw new AppError({
    code: 'BILLING_UNSUPPORTED',
    message: `WHMCS keeps two decimals, ${currency} has ${minorDigits}.`,
    hint: 'Export the statement and bill this customer outside WHMCS, or in a currency of two decimals.',
  });
}

/** Newest open invoices without a reference in their notes whose lines are looked at. */
const mostBare = 20;

/** A draft may have been published before its answer was missed. */
const isOpen = (status: string): boolean => status === 'Draft' || status === 'Unpaid';

/** WHMCS behind the port: what it documents, in the shapes its versions answer in. */
export class WhmcsSystem implements BillingSystem {
  readonly capabilities = new Set([
    'orders',
    'drafts',
    'items',
    'notes',
    'service-fields',
    'usage',
  ] as const);
  readonly #client: WhmcsClient;

  readonly #probe: WhmcsProbe;

  constructor(client: WhmcsClient, probe: WhmcsProbe = { hold: null, inClear: false }) {
    this.#client = client;
    this.#probe = probe;
  }

  test({ signal }: BillingOptions = {}) {
    return probeWhmcs(this.#client, this.#probe, signal);
  }

  async *customers({ signal }: BillingOptions = {}): AsyncGenerator<BillingCustomer[]> {
    const fields = { orderby: 'id', sorting: 'ASC' };
    const list = { action: 'GetClients', plural: 'clients', singular: 'client', fields };
    for await (const rows of pagesOf(this.#client, list, signal)) yield rows.map(readCustomer);
  }

  async *services({ signal }: BillingOptions = {}): AsyncGenerator<BillingService[]> {
    const list = { action: 'GetClientsProducts', plural: 'products', singular: 'product' };
    for await (const rows of pagesOf(this.#client, list, signal)) yield rows.map(readService);
  }

  async products({ signal }: BillingOptions = {}): Promise<BillingProduct[]> {
    const reading = this.#client.read('GetProducts', {}, { signal });
    const answer = await reading.catch(noMatch);
    return rowsOf(answer.products, 'product').map(readProduct);
  }

  async pendingOrders({ signal }: BillingOptions = {}): Promise<BillingOrder[]> {
    const list = {
      action: 'GetOrders',
      plural: 'orders',
      singular: 'order',
      fields: { status: 'Pending' },
    };
    const orders: BillingOrder[] = [];
    for await (const rows of pagesOf(this.#client, list, signal)) {
      orders.push(...rows.map(readOrder));
    }
    return orders;
  }

  async customerDetails(customerExternalId: string, { signal }: BillingOptions = {}) {
    const fields = { clientid: customerExternalId };
    const answer = await this.#client.read('GetClientsDetails', fields, { signal });
    const [client = answer] = rowsOf(answer.client, 'client');
    const users = rowsOf(client.users, 'user');
    const owner = users.find(({ is_owner: isOwner }) => isOn(isOwner));
    return {
      currency: textOrNull(client.currency_code ?? answer.currency_code),
      ownerEmail: textOrNull(owner?.email),
    };
  }

  async findDrafts(
    customerExternalId: string,
    reference: string,
    { signal }: BillingOptions = {},
  ): Promise<string[]> {
    const list = {
      action: 'GetInvoices',
      plural: 'invoices',
      singular: 'invoice',
      fields: { userid: customerExternalId, orderby: 'id', order: 'desc' },
    };
    const found: string[] = [];
    const bare: string[] = [];
    for await (const rows of pagesOf(this.#client, list, signal)) {
      for (const { id, notes, status } of rows) {
        const text = textOf(notes);
        if (text.includes(reference)) found.push(textOf(id));
        else if (isOpen(textOf(status)) && !text.includes('OC-')) bare.push(textOf(id));
      }
    }
    // somebody, or a hook, may have written other notes; the first line holds the reference too
    for (const id of found.length === 0 ? bare.slice(0, mostBare) : []) {
      const { lines } = await this.readInvoice(id, signal ? { signal } : {});
      if (lines.some(({ description }) => description.includes(reference))) found.push(id);
    }
    return found;
  }

  async createDraft(draft: DraftInvoice, { signal }: BillingOptions = {}): Promise<string> {
    refuseDecimals(draft);
    const answer = await this.#client.write('CreateInvoice', draftFields(draft), { signal });
    return textOf(answer.invoiceid);
  }

  async readInvoice(invoiceId: string, { signal }: BillingOptions = {}): Promise<BillingInvoice> {
    const answer = await this.#client.read('GetInvoice', { invoiceid: invoiceId }, { signal });
    return {
      invoiceId: textOf(answer.invoiceid) || invoiceId,
      status: textOf(answer.status),
      notes: textOf(answer.notes),
      subtotal: textOf(answer.subtotal),
      lines: rowsOf(answer.items, 'item').map(({ description, amount }) => ({
        description: textOf(description),
        amount: textOf(amount),
      })),
    };
  }

  async addNote(
    customerExternalId: string,
    text: string,
    { signal }: BillingOptions = {},
  ): Promise<void> {
    const fields = { userid: customerExternalId, notes: text };
    await this.#client.write('AddClientNote', fields, { signal });
  }

  async service(
    serviceId: string,
    { signal }: BillingOptions = {},
  ): Promise<BillingService | null> {
    const row = await this.#serviceRow(serviceId, signal);
    return row === null ? null : readService(row);
  }

  async setServiceUser(
    serviceId: string,
    userId: string,
    place: 'username' | { customField: string },
    { signal }: BillingOptions = {},
  ): Promise<void> {
    const value =
      place === 'username'
        ? { serviceusername: userId }
        : { customfields: encodeCustomFields({ [place.customField]: userId }) };
    await this.#client.write('UpdateClientProduct', { serviceid: serviceId, ...value }, { signal });
  }

  async setUsage(
    serviceId: string,
    { diskMb, bandwidthMb }: ServiceUsage,
    { signal }: BillingOptions = {},
  ): Promise<void> {
    const fields = {
      serviceid: serviceId,
      diskusage: String(diskMb),
      bwusage: bandwidthMb === null ? undefined : String(bandwidthMb),
    };
    await this.#client.write('UpdateClientProduct', fields, { signal });
  }

  async usageOf(serviceId: string, { signal }: BillingOptions = {}): Promise<ServiceUsage | null> {
    const row = await this.#serviceRow(serviceId, signal);
    if (row === null) return null;
    return { diskMb: wholeOf(row.diskusage), bandwidthMb: wholeOf(row.bwusage) };
  }

  async addItem(item: BillableItem, { signal }: BillingOptions = {}): Promise<string> {
    refuseDecimals(item);
    const { customerExternalId, description, amount, minorDigits, when } = item;
    const fields = {
      clientid: customerExternalId,
      description,
      // the total of the item, not a rate
      amount: amountText(amount, minorDigits),
      unit: 'quantity',
      quantity: '1',
      invoiceaction: when,
    };
    const answer = await this.#client.write('AddBillableItem', fields, { signal });
    return textOf(answer.billableid);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #serviceRow(serviceId: string, signal?: AbortSignal): Promise<WhmcsAnswer | null> {
    const fields = { serviceid: serviceId };
    const reading = this.#client.read('GetClientsProducts', fields, { signal });
    const { products } = await reading.catch(noMatch);
    return rowsOf(products, 'product').find(({ id }) => textOf(id) === serviceId) ?? null;
  }
}

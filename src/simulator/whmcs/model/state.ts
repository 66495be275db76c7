/** A paying client. Money of the simulator is in hundredths. */
export interface Client {
  id: number;
  firstname: string;
  lastname: string;
  companyname: string;
  email: string;
  /** The user who logs in for it; its e-mail may be another. */
  owner: { id: number; name: string; email: string };
  datecreated: string;
  groupid: number;
  status: 'Active' | 'Inactive' | 'Closed';
  /** Id of a currency. */
  currency: number;
  customfields: { id: number; value: string }[];
}

/** A product as it is sold: what `GetProducts` lists. */
export interface Product {
  pid: number;
  gid: number;
  groupname: string;
  name: string;
  module: string;
  monthly: number;
  customfields: { id: number; name: string; showorder: boolean }[];
  /** Whether WHMCS itself bills disk and bandwidth above the limits. */
  overagesenabled: boolean;
}

export interface Service {
  id: number;
  clientid: number;
  orderid: number;
  pid: number;
  domain: string;
  status: string;
  username: string;
  /** Sent in clear by the real one, too. */
  password: string;
  regdate: string;
  nextduedate: string;
  billingcycle: string;
  recurringamount: number;
  suspensionreason: string;
  notes: string;
  diskusage: number;
  disklimit: number;
  bwusage: number;
  bwlimit: number;
  lastupdate: string;
  customfields: { id: number; name: string; value: string }[];
}

export interface Order {
  id: number;
  userid: number;
  date: string;
  amount: number;
  invoiceid: number;
  /** Of its invoice, which may be removed since. */
  paymentstatus: string;
  status: string;
  serviceIds: number[];
}

interface InvoiceItem {
  id: number;
  type: string;
  relid: number;
  description: string;
  amount: number;
  taxed: boolean;
}

/** An invoice; only a draft can be changed from version 9 on. */
export interface Invoice {
  id: number;
  userid: number;
  status: string;
  date: string;
  duedate: string;
  notes: string;
  /** Per cent. */
  taxrate: number;
  items: InvoiceItem[];
  createdAt: string;
  updatedAt: string;
}

export interface Currency {
  id: number;
  code: string;
  prefix: string;
  suffix: string;
}

/** Everything an installation holds, in the open: tests look into it. */
export class WhmcsState {
  readonly clients = new Map<number, Client>();
  readonly products = new Map<number, Product>();
  readonly services = new Map<number, Service>();
  readonly orders = new Map<number, Order>();
  readonly invoices = new Map<number, Invoice>();
  readonly currencies = new Map<number, Currency>();
  readonly clientNotes: { id: number; userid: number; notes: string; sticky: boolean }[] = [];
  readonly billableItems: {
    id: number;
    clientid: number;
    description: string;
    amount: number;
    quantity: number;
    invoiceaction: string;
  }[] = [];
  #lastId = 100_000;

  /** Returns an id that nothing has yet. */
  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

/** Returns the text of an amount in hundredths: `12.50`. */
export function amountText(hundredths: number): string {
  const sign = hundredths < 0 ? '-' : '';
  const digits = String(Math.abs(hundredths)).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Returns the hundredths of an amount, rounded as a database column of two decimals does. */
export function hundredthsOf(text: string | undefined): number {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec((text ?? '').trim());
  if (match === null) return 0;
  const [, sign, whole = '0', decimals = ''] = match;
  const padded = `${decimals}000`;
  const value =
    Number(whole) * 100 + Number(padded.slice(0, 2)) + (padded.charAt(2) >= '5' ? 1 : 0);
  return sign === '-' ? -value : value;
}

/** Returns a moment, read from a clock of the server's zone, as WHMCS writes it. */
export function dateTimeText(moment: number): string {
  return new Date(moment).toISOString().slice(0, 19).replace('T', ' ');
}

/** Returns the day of a moment as WHMCS writes it. */
export function dateText(moment: number): string {
  return dateTimeText(moment).slice(0, 10);
}

import type { CertificateFacts } from '../../gateway/transport/tls.ts';

/** What a billing system can do besides listing customers and services. */
export type BillingCapability =
  | 'orders'
  | 'drafts'
  | 'items'
  | 'notes'
  | 'service-fields'
  | 'usage';

/** A customer as the billing system has it. */
export interface BillingCustomer {
  /** The client's id there. */
  externalId: string;
  name: string;
  company: string;
  email: string;
  /** Of whoever logs in for it, where the system tells it apart. */
  ownerEmail: string | null;
  /** As the system says it: `Active`, `Closed`. */
  status: string;
  /** ISO 4217, or null where the list does not say. */
  currency: string | null;
}

/** One product that a customer has: what is suspended, billed and mapped. */
export interface BillingService {
  externalId: string;
  customerExternalId: string;
  productId: string;
  productName: string;
  /** As the system says it: `Active`, `Suspended`, `Terminated`, `Pending`. */
  status: string;
  /** The user name the system keeps for it, or null. */
  username: string | null;
  /** The calendar day on which it was registered, `YYYY-MM-DD` of the system's own zone; null: not known. */
  registeredOn: string | null;
  /** A calendar day of the system's own zone, `YYYY-MM-DD` or as it writes days, or null: for display alone. */
  nextDueDate: string | null;
  /** Decimal text as the system writes it, or null: for display alone. */
  recurringAmount: string | null;
  suspensionReason: string | null;
  customFields: { id: string; name: string; value: string }[];
}

/** A product that services are made of. */
export interface BillingProduct {
  productId: string;
  name: string;
  group: string;
  /** Whether the billing system itself charges for use above a limit: usage pushed there is charged twice. */
  billsOverages: boolean;
}

/** An order that waits for somebody. */
export interface BillingOrder {
  externalId: string;
  customerExternalId: string;
  /** What people call it by. */
  number: string;
  /** Whether its invoice is paid, as the system says it: `Paid`, `Unpaid`; null where it does not. */
  payment: string | null;
  serviceIds: string[];
}

/** One line of a draft; money in minor units of the invoice's currency. */
export interface DraftLine {
  description: string;
  amount: bigint;
  taxed: boolean;
}

/** What a draft invoice is made of. */
export interface DraftInvoice {
  customerExternalId: string;
  /** ISO 4217. */
  currency: string;
  minorDigits: number;
  lines: readonly DraftLine[];
  /** `OC-` and a digest: found again in the notes, so that no second draft is made. */
  reference: string;
  notes: string;
}

/** An invoice as read back. */
export interface BillingInvoice {
  invoiceId: string;
  status: string;
  notes: string;
  /** Decimal text as the system writes it. */
  subtotal: string;
  lines: { description: string; amount: string }[];
}

/** A billable item; money in minor units of the client's currency. */
export interface BillableItem {
  customerExternalId: string;
  description: string;
  amount: bigint;
  minorDigits: number;
  /** When the billing system invoices it on its own. */
  when: 'noinvoice' | 'nextcron' | 'nextinvoice';
}

/** The usage columns of a service, in MB of 2^20 bytes. */
export interface ServiceUsage {
  diskMb: bigint;
  /** Null: not known, or left as it is. */
  bandwidthMb: bigint | null;
}

/** One step of the test of a billing connection. */
export interface BillingStep {
  name: string;
  state: 'passed' | 'caution' | 'failed' | 'not-tried';
  detail: string;
  hint?: string;
}

/** What the test of a billing connection found. */
export interface BillingTest {
  steps: BillingStep[];
  /** The certificate that was shown, where it is not trusted: to compare and pin. */
  certificate?: CertificateFacts;
}

/** Options of one call. */
export interface BillingOptions {
  signal?: AbortSignal;
}

/**
 * A billing system: WHMCS, or a file for those who have another or none. Listing is asked for in
 * pages; writes are sent once and read back by whoever calls. What an adapter has no capability for
 * rejects with `BILLING_UNSUPPORTED`.
 */
export interface BillingSystem {
  readonly capabilities: ReadonlySet<BillingCapability>;
  test(options?: BillingOptions): Promise<BillingTest>;
  customers(options?: BillingOptions): AsyncGenerator<BillingCustomer[]>;
  services(options?: BillingOptions): AsyncGenerator<BillingService[]>;
  products(options?: BillingOptions): Promise<BillingProduct[]>;
  pendingOrders(options?: BillingOptions): Promise<BillingOrder[]>;
  /** What lists leave out: the currency, and who logs in for the customer. */
  customerDetails(
    customerExternalId: string,
    options?: BillingOptions,
  ): Promise<{ currency: string | null; ownerEmail: string | null }>;
  /** Invoices whose notes hold the reference: none, one, or more where somebody copied one. */
  findDrafts(
    customerExternalId: string,
    reference: string,
    options?: BillingOptions,
  ): Promise<string[]>;
  /** Sent once; after a failure with `details.mayHaveActed` look for the reference. */
  createDraft(draft: DraftInvoice, options?: BillingOptions): Promise<string>;
  readInvoice(invoiceId: string, options?: BillingOptions): Promise<BillingInvoice>;
  addNote(customerExternalId: string, text: string, options?: BillingOptions): Promise<void>;
  /** One service as it is now; null where there is none. */
  service(serviceId: string, options?: BillingOptions): Promise<BillingService | null>;
  /** Keeps the S3 user id with a service: as its user name, or in a custom field. */
  setServiceUser(
    serviceId: string,
    userId: string,
    place: 'username' | { customField: string },
    options?: BillingOptions,
  ): Promise<void>;
  /** Usage in MB, as columns of the service. */
  setUsage(serviceId: string, usage: ServiceUsage, options?: BillingOptions): Promise<void>;
  /** What the columns of a service hold now; null where there is no such service. */
  usageOf(serviceId: string, options?: BillingOptions): Promise<ServiceUsage | null>;
  /** Sent once, and never found again: nothing lists billable items. Returns the item's id. */
  addItem(item: BillableItem, options?: BillingOptions): Promise<string>;
  close(): Promise<void>;
}

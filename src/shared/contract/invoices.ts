import { z } from 'zod';
import { billingId } from './billing.ts';
import { chargedTwice, draftSum } from './charged-elsewhere.ts';
import { customerId } from './customers.ts';
import {
  appErrorData,
  defineCall,
  pageOf,
  pageRequest,
  ticket,
  timestamp,
  wireInteger,
} from './define.ts';
import { reportPeriod } from './usage.ts';

/**
 * The state of a draft. `sending`: being made, or the console ended meanwhile: drafting again looks for
 * it first. `drafted`: read back, and equal to its statement. `differs`: read back, and not equal.
 * `failed`: not made, or not found after its answer was lost.
 */
const invoiceState = z.enum(['sending', 'drafted', 'differs', 'failed']);

/** A draft invoice of a customer's statement. Amounts in minor units. */
const draftInvoice = z.object({
  statementId: z.string(),
  number: z.string(),
  billingId: z.string(),
  customerId: z.string(),
  customerName: z.string(),
  /** The client in the billing system. */
  externalId: z.string(),
  /** The invoice in the billing system; null until it is known. */
  invoiceId: z.string().nullable(),
  /** `OC-` and a digest: in the notes of the invoice, so that it is found again. */
  reference: z.string(),
  state: invoiceState,
  /** Why it failed or differs, in words. */
  problem: z.string().nullable(),
  lines: z.int(),
  subtotal: wireInteger,
  currency: z.string(),
  minorDigits: z.int(),
  createdAt: timestamp,
  createdBy: z.string(),
});

/** How many statements, and up to 20 of them. */
const someStatements = {
  statements: z.int(),
  first: z.array(
    z.object({
      statementId: z.string(),
      number: z.string(),
      customerId: z.string(),
      customerName: z.string(),
    }),
  ),
};

const draftFailure = z.object({
  statementId: z.string(),
  message: z.string(),
  hint: z.string(),
});

/**
 * Why no draft is made of a statement: it has one, equal to it or not; it was sent as billable items, which
 * would charge the customer twice; it was corrected; somebody credits it by hand; it comes to nothing.
 */
const leftOut = z.enum(['drafted', 'differs', 'items', 'corrected', 'credit', 'nothing']);

/** What a run of drafts came to: the result of its task. */
const draftResult = z.object({
  created: z.int(),
  /** Had one already. */
  existing: z.int(),
  failed: z.int(),
  failures: z.array(draftFailure),
  /** Read back and equal to their statements, made now or before, by currency. */
  verified: z.array(draftSum),
  /** What of these statements is still without a draft. */
  open: z.array(draftSum),
});

export type DraftResult = z.output<typeof draftResult>;

/** A line of a statement as a billable item. Nothing lists them: `sent` was answered, not verified. */
const billableItem = z.object({
  /** From 1. */
  line: z.int(),
  description: z.string(),
  amount: wireInteger,
  /** `sending`, `unknown`: sent, and the answer was lost. */
  state: z.enum(['new', 'sending', 'sent', 'unknown', 'failed']),
  itemId: z.string().nullable(),
  problem: z.string().nullable(),
});

/** MB of 2^20 bytes, rounded down. */
const serviceUsage = z.object({ diskMb: wireInteger, bandwidthMb: wireInteger.nullable() });

const usageFigure = z.object({
  serviceId: z.string(),
  /** The service in the billing system. */
  externalId: z.string(),
  productName: z.string(),
  /** Users whose usage it is. */
  users: z.int(),
  found: serviceUsage.nullable(),
  /** Null where nothing is written; `bandwidthMb` null: the column is left as it is. */
  wanted: serviceUsage.nullable(),
  /** Why nothing is written. */
  refusal: z.string().nullable(),
});

/** Calls about draft invoices. They are console-wide: no `connectionId`. */
export const invoicesContract = {
  /**
   * Makes one draft a statement in the billing system, exactly once: it is looked for before and
   * after, read back and compared; of a correction, one of what was not invoiced before. A human publishes. The task's result is {@link draftResult}.
   */
  'invoices.draft': defineCall({
    input: z.object({ billingId, statementIds: z.array(z.uuid()).min(1).max(20_000), ticket }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /** What `invoices.draft` would make, by what is on record here. Asks the billing system nothing. */
  'invoices.preview': defineCall({
    input: z.object({ billingId, statementIds: z.array(z.uuid()).min(1).max(20_000) }),
    output: z.object({
      sums: z.array(draftSum),
      left: z.array(z.object({ why: leftOut, ...someStatements })),
      /** Of those that would be drafted: statements that were issued as a draft, with figures not final. */
      notFinal: z.object(someStatements),
      /** Of these drafts, made by now or not. */
      twice: chargedTwice,
    }),
  }),
  /**
   * Statements whose period ends in this one that have no draft yet, in the order of issue; corrected ones and those of
   * nothing left out. `toCredit`: corrections that come to less than what was drafted before them, by how
   * much: no call of WHMCS makes a credit note, so somebody credits it there.
   */
  'invoices.outstanding': defineCall({
    input: z.object({ billingId, ...reportPeriod.shape }),
    output: z.object({
      issued: z.int(),
      /** Of these, sent as billable items in place of a draft. */
      byItems: z.int(),
      statementIds: z.array(z.string()),
      toCredit: z.array(
        z.object({
          statementId: z.string(),
          number: z.string(),
          amount: wireInteger,
          currency: z.string(),
          minorDigits: z.int(),
        }),
      ),
    }),
  }),
  /** The lines of a statement as billable items, and what became of each. Sends nothing. */
  'invoices.items': defineCall({
    input: z.object({ billingId, statementId: z.uuid() }),
    output: z.object({
      number: z.string(),
      currency: z.string(),
      minorDigits: z.int(),
      rows: z.array(billableItem),
    }),
  }),
  /**
   * Sends the lines of statements as billable items, in place of draft invoices: each once, since
   * nothing lists them. The task's result: `{sent, existing, unknown, failed, failures}`.
   */
  'invoices.addItems': defineCall({
    input: z.object({
      billingId,
      statementIds: z.array(z.uuid()).min(1).max(20_000),
      /** When the billing system invoices them on its own. */
      when: z.enum(['noinvoice', 'nextcron', 'nextinvoice']).default('noinvoice'),
      /** Sends those once more whose answer was lost: somebody looked, and they are not there. */
      again: z.boolean().default(false),
      ticket,
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /** What would be written into the usage columns of a customer's services. Sends readings only. */
  'invoices.usage': defineCall({
    input: z.object({ customerId }),
    output: z.object({
      /** The month of the traffic, UTC: `2026-11`. */
      month: z.string(),
      rows: z.array(usageFigure),
    }),
  }),
  /**
   * Writes what services use into their usage columns and reads it back; refused where the billing
   * system bills overages itself. The task's result: `{written, unchanged, refused, failed, failures}`.
   */
  'invoices.sendUsage': defineCall({
    input: z.object({ billingId, customerIds: z.array(customerId).min(1).max(20_000), ticket }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /**
   * What of a statement, as last corrected, is invoiced, and what has become of its invoices in the
   * billing system, which is read for it.
   */
  'invoices.standing': defineCall({
    input: z.object({ statementId: z.uuid() }),
    output: z.object({
      /** The last correction of the statement, or itself. */
      statementId: z.string(),
      number: z.string(),
      /** Whether the billing system takes drafts. */
      canDraft: z.boolean(),
      /** Why nothing is drafted of it; null: it is to be drafted. */
      left: leftOut.nullable(),
      /** Its total without what was drafted of it and of what it corrects; below 0: to be credited. */
      open: wireInteger,
      currency: z.string(),
      minorDigits: z.int(),
      /** Of it and of what it corrects, oldest first. */
      drafts: z.array(
        z.object({
          statementId: z.string(),
          number: z.string(),
          invoiceId: z.string(),
          /** As the billing system has it, `Draft`, `Unpaid`, `Paid`, …; null: deleted there, or not read. */
          status: z.string().nullable(),
        }),
      ),
      /** Why the billing system was not read. */
      unread: appErrorData.nullable(),
    }),
  }),
  /** Newest first. */
  'invoices.list': defineCall({
    input: z.object({
      billingId: billingId.optional(),
      customerId: customerId.optional(),
      /** Only those of statements whose period ends in it. */
      within: z.object(reportPeriod.shape).optional(),
      /** In the invoice's id or reference, the statement's number, or what the customer is called. */
      search: z.string().max(200).optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(draftInvoice),
  }),
};

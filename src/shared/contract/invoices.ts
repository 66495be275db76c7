import { z } from 'zod';
import { billingId } from './billing.ts';
import { customerId } from './customers.ts';
import { defineCall, pageRequest, timestamp, wireInteger } from './define.ts';
import { reportPeriod } from './usage.ts';

/**
 * How a draft stands. `sending`: being made, or the console ended meanwhile: drafting again looks for
 * it first. `drafted`: read back, and equal to its statement. `differs`: read back, and not equal.
 * `failed`: not made, or not found after its answer was lost.
 */
export const invoiceState = z.enum(['sending', 'drafted', 'differs', 'failed']);

/** A draft invoice of a customer's statement. Amounts in minor units. */
export const draftInvoice = z.object({
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

/** One statement that came to no draft. */
export const draftFailure = z.object({
  statementId: z.string(),
  message: z.string(),
  hint: z.string(),
});

/** What a run of drafts came to: the result of its task. */
export const draftResult = z.object({
  created: z.int(),
  /** Had one already. */
  existing: z.int(),
  failed: z.int(),
  failures: z.array(draftFailure),
});

/** Calls about draft invoices. They are console-wide: no `connectionId`. */
export const invoicesContract = {
  /**
   * Makes one draft a statement in the billing system, exactly once: it is looked for before and
   * after, read back and compared. A human publishes. The task's result is {@link draftResult}.
   */
  'invoices.draft': defineCall({
    input: z.object({ billingId, statementIds: z.array(z.uuid()).min(1).max(20_000) }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /** Statements of a period that have no draft yet, in the order of issue; corrected ones and those of nothing left out. */
  'invoices.outstanding': defineCall({
    input: z.object({ billingId, ...reportPeriod.shape }),
    output: z.object({ issued: z.int(), statementIds: z.array(z.string()) }),
  }),
  /** Newest first. */
  'invoices.list': defineCall({
    input: z.object({
      billingId: billingId.optional(),
      customerId: customerId.optional(),
      ...pageRequest.shape,
    }),
    output: z.object({ total: z.int(), rows: z.array(draftInvoice) }),
  }),
};

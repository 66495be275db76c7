import { amountWords } from '#shared/billing/money.ts';
import { AppError, conflict, toAppError } from '#shared/errors.ts';
import { fromWireInteger } from '#shared/units.ts';
import { isOtherAlive } from '../platform/process-mark.ts';
import type { Statement } from '../usage/billing/statement.ts';
import type { CustomerRegister } from './customer-register.ts';
import { type BilledBefore, draftOf, minorOf } from './draft-lines.ts';
import type { BillingInvoice, BillingSystem } from './port/billing-system.ts';
import type { CustomerStore } from './store/customer-store.ts';

interface Kept {
  store: CustomerStore;
  register: CustomerRegister;
}

/**
 * Returns what was invoiced for the statements that a correction takes the place of, as the billing system
 * has it now: invoices that somebody deleted or cancelled there bill nothing. Null where there is none.
 * @throws AppError `CONFLICT` where that can't be said, `TASK_BUSY` while one is being made
 */
export async function billedBefore(
  system: BillingSystem,
  { store, register }: Kept,
  of: { installation: string; statement: Statement; corrects: string | null },
): Promise<BilledBefore | null> {
  const { installation, statement, corrects } = of;
  const { billingId = '', externalId = '' } = statement.customer ?? {};
  const before: BilledBefore = { numbers: [], amount: 0n };
  for (let statementId = corrects; statementId !== null; ) {
    const { issued, statement: earlier } = await register.get(statementId);
    const { number } = issued;
    const { hasItems, draft } = await store.ask('keptDraft', { billingId, statementId });
    if (hasItems) throw billedByItems(number);
    if (draft?.state === 'sending' && draft.owner !== null && isOtherAlive(draft.owner))
      throw inOtherProcess();
    const made = { installation, statementId, number, statement: earlier, currency: null };
    const [found = null, second] = await system.findDrafts(externalId, draftOf(made).reference);
    if (second !== undefined) throw billedTwice(number);
    const invoice = await readKept(system, found ?? draft?.invoiceId ?? null);
    if (invoice && invoice.status !== 'Cancelled') {
      const amount = draft
        ? BigInt(draft.subtotal)
        : minorOf(invoice.subtotal, earlier.minorDigits);
      if (amount === null) throw unreadable(number, invoice);
      before.numbers.unshift(number);
      before.amount += amount;
    }
    statementId = issued.corrects;
  }
  return before.numbers.length > 0 ? before : null;
}

/** Reads an invoice that is on record here; null where somebody deleted it there. */
export async function readKept(
  system: BillingSystem,
  invoiceId: string | null,
): Promise<BillingInvoice | null> {
  if (invoiceId === null) return null;
  try {
    return await system.readInvoice(invoiceId);
  } catch (thrown) {
    if (toAppError(thrown).code === 'NOT_FOUND') return null;
    throw thrown;
  }
}

/** The error for a correction below its invoice, which no call of a billing system can credit. */
export function toCredit(number: string, statement: Statement, before: BilledBefore): AppError {
  const { currency, minorDigits, total } = statement;
  const less = amountWords(before.amount - fromWireInteger(total ?? 0), currency, minorDigits);
  const earlier = before.numbers.join(' and ');
  return conflict(
    `${number} comes to ${less} less than what was invoiced for ${earlier}. WHMCS has no call that makes a credit note.`,
    `Credit ${less} in WHMCS. If that invoice is still a draft, delete it there and draft ${number} again: it is invoiced whole then.`,
  );
}

function billedByItems(number: string): AppError {
  return conflict(
    `${number} was sent as billable items, which no call of WHMCS lists: what is left to bill is not known.`,
    'Compare both statements, and enter the difference in the billing system by hand.',
  );
}

function billedTwice(number: string): AppError {
  return conflict(
    `Several invoices of the client hold the reference of ${number}.`,
    'Decide in the billing system which one counts, and cancel or delete the others there.',
  );
}

function unreadable(number: string, { invoiceId, subtotal }: BillingInvoice): AppError {
  return conflict(
    `Invoice ${invoiceId} of ${number} has the subtotal "${subtotal}", which is no amount of its currency.`,
    'Compare both statements, and enter the difference in the billing system by hand.',
  );
}

export function inOtherProcess(): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: 'Another process of this machine is making this draft.',
    hint: 'Wait until it has ended, then draft again: what it made is found.',
    retryable: true,
  });
}

import type { CallOutput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import type { BillingConnections } from './billing-connections.ts';
import { readKept } from './correction-drafts.ts';
import type { CustomerRegister } from './customer-register.ts';
import type { CustomerStore } from './store/customer-store.ts';

type Standing = CallOutput<'invoices.standing'>;
type Draft = Standing['drafts'][number];

/** An invoice that is on record here, and its subtotal in minor units. */
type Kept = Omit<Draft, 'status'> & { subtotal: string };

export interface StandingOptions {
  store: CustomerStore;
  billing: BillingConnections;
  register: CustomerRegister;
}

/**
 * Says what of a statement, as last corrected, is invoiced, and what the billing system has become of
 * these invoices. Sends readings only.
 */
export async function invoiceStanding(
  { store, billing, register }: StandingOptions,
  of: { statementId: string },
): Promise<Standing> {
  const { statementId, number, total, currency, minorDigits } = await register.newest(
    of.statementId,
  );
  const { statement } = await register.get(statementId);
  const { billingId = '' } = statement.customer ?? {};
  const drafts: Kept[] = [];
  for (let id: string | null = statementId; id !== null; ) {
    const { issued } = await register.get(id);
    const { draft } = await store.ask('keptDraft', { billingId, statementId: id });
    if (draft?.invoiceId && (draft.state === 'drafted' || draft.state === 'differs')) {
      const { invoiceId, subtotal } = draft;
      drafts.unshift({ statementId: id, number: issued.number, invoiceId, subtotal });
    }
    id = issued.corrects;
  }
  const { left } = await store.ask('previewDrafts', { billingId, statementIds: [statementId] });
  const systems = await billing.list();
  const canDraft = !!systems.find(({ id }) => id === billingId)?.capabilities.includes('drafts');
  const { invoices, unread } = await readStatuses(billing, billingId, drafts);
  let open = fromWireInteger(total);
  for (const { status, subtotal } of invoices) {
    // what was cancelled or deleted there bills nothing: the next draft has it again
    if (unread || (status !== null && status !== 'Cancelled')) open -= BigInt(subtotal);
  }
  return {
    ...{ statementId, number, canDraft, left: leftOf(left[0]?.why ?? null, open), unread },
    ...{ open: toWireInteger(open), currency, minorDigits },
    drafts: invoices.map(({ subtotal: _, ...draft }) => draft),
  };
}

/** Whether it is to be drafted or credited goes by what the invoices that there are bill. */
function leftOf(why: Standing['left'], open: bigint): Standing['left'] {
  if (why !== null && why !== 'credit' && why !== 'nothing') return why;
  return open > 0n ? null : open < 0n ? 'credit' : 'nothing';
}

async function readStatuses(
  billing: BillingConnections,
  billingId: string,
  drafts: readonly Kept[],
): Promise<{ invoices: (Kept & Pick<Draft, 'status'>)[]; unread: Standing['unread'] }> {
  if (drafts.length === 0) return { invoices: [], unread: null };
  try {
    const system = await billing.open(billingId);
    try {
      const read: (Kept & Pick<Draft, 'status'>)[] = [];
      for (const draft of drafts) {
        const invoice = await readKept(system, draft.invoiceId);
        read.push({ ...draft, status: invoice?.status ?? null });
      }
      return { invoices: read, unread: null };
    } finally {
      await system.close();
    }
  } catch (thrown) {
    const unread = toAppError(thrown).toData();
    return { invoices: drafts.map((draft) => ({ ...draft, status: null })), unread };
  }
}

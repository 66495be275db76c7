import type { CallOutput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import type { BillingConnections } from './billing-connections.ts';
import { readKept } from './correction-drafts.ts';
import type { CustomerRegister } from './customer-register.ts';
import type { CustomerStore } from './store/customer-store.ts';

type Standing = CallOutput<'invoices.standing'>;
type Draft = Standing['drafts'][number];

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
  const drafts: Omit<Draft, 'status'>[] = [];
  let open = fromWireInteger(total);
  for (let id: string | null = statementId; id !== null; ) {
    const { issued } = await register.get(id);
    const { draft } = await store.ask('keptDraft', { billingId, statementId: id });
    if (draft?.invoiceId && (draft.state === 'drafted' || draft.state === 'differs')) {
      drafts.unshift({ statementId: id, number: issued.number, invoiceId: draft.invoiceId });
      open -= BigInt(draft.subtotal);
    }
    id = issued.corrects;
  }
  const { left } = await store.ask('previewDrafts', { billingId, statementIds: [statementId] });
  const systems = await billing.list();
  const canDraft = !!systems.find(({ id }) => id === billingId)?.capabilities.includes('drafts');
  return {
    ...{ statementId, number, canDraft, left: left[0]?.why ?? null },
    ...{ open: toWireInteger(open), currency, minorDigits },
    ...(await readStatuses(billing, billingId, drafts)),
  };
}

async function readStatuses(
  billing: BillingConnections,
  billingId: string,
  drafts: readonly Omit<Draft, 'status'>[],
): Promise<Pick<Standing, 'drafts' | 'unread'>> {
  if (drafts.length === 0) return { drafts: [], unread: null };
  try {
    const system = await billing.open(billingId);
    try {
      const read: Draft[] = [];
      for (const draft of drafts) {
        const invoice = await readKept(system, draft.invoiceId);
        read.push({ ...draft, status: invoice?.status ?? null });
      }
      return { drafts: read, unread: null };
    } finally {
      await system.close();
    }
  } catch (thrown) {
    const unread = toAppError(thrown).toData();
    return { drafts: drafts.map((draft) => ({ ...draft, status: null })), unread };
  }
}

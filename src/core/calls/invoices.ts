import type { HandlersOf } from '#shared/contract/index.ts';
import type { Drafts } from '../customers/drafts.ts';
import type { CustomerStore } from '../customers/store/customer-store.ts';

/** Handlers of `invoices.*`. */
export function invoicesHandlers(options: {
  drafts: Drafts;
  store: CustomerStore;
}): HandlersOf<'invoices'> {
  const { drafts, store } = options;
  return {
    'invoices.draft': ({ billingId, statementIds }) => drafts.start(billingId, statementIds),
    'invoices.list': (query) => store.ask('listInvoices', query),
  };
}

import type { HandlersOf } from '#shared/contract/index.ts';
import type { BulkService } from '../changes/bulk/bulk-service.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Customers } from '../customers/customers.ts';
import type { CustomerStore } from '../customers/store/customer-store.ts';
import { prepareSuspensionRun } from '../customers/suspension-run.ts';
import { listUnpaid } from '../customers/unpaid.ts';

/** Handlers of `customers.*`. */
export function customersHandlers(options: {
  customers: Customers;
  store: CustomerStore;
  archives: Archives;
  bulk: BulkService;
}): HandlersOf<'customers'> {
  const { customers, store, archives, bulk } = options;
  return {
    'customers.list': (query) => store.ask('listCustomers', query),
    'customers.get': ({ customerId }) => customers.get(customerId),
    'customers.map': (mapping) => customers.map(mapping),
    'customers.unmap': (mapping) => customers.unmap(mapping),
    'customers.suggestions': async (page) => {
      await customers.syncClusters();
      return store.ask('suggestions', page);
    },
    'customers.unpaid': (page) => listUnpaid({ customers, store, archives }, page),
    'customers.unused': (page) => store.ask('unused', page),
    'customers.suspensionDrift': async (page) => {
      await customers.syncClusters();
      return store.ask('suspensionDrift', page);
    },
    'customers.suspensionRun': ({ connectionId }, { signal }) =>
      prepareSuspensionRun({ customers, store, bulk }, connectionId, signal),
    'customers.setTariff': ({ customerId, tariffId }) => customers.setTariff(customerId, tariffId),
    'customers.journal': (query) => store.ask('listRecords', query),
    'customers.ofUser': (user) => store.ask('customersOfUser', user),
  };
}

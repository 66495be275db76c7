import type { HandlersOf } from '#shared/contract/index.ts';
import type { Customers } from '../customers/customers.ts';
import type { CustomerStore } from '../customers/store/customer-store.ts';

/** Handlers of `customers.*`. */
export function customersHandlers(options: {
  customers: Customers;
  store: CustomerStore;
}): HandlersOf<'customers'> {
  const { customers, store } = options;
  return {
    'customers.list': (query) => store.ask('listCustomers', query),
    'customers.get': ({ customerId }) => customers.get(customerId),
    'customers.map': (mapping) => customers.map(mapping),
    'customers.unmap': (mapping) => customers.unmap(mapping),
    'customers.suggestions': async (page) => {
      await customers.syncClusters();
      return store.ask('suggestions', page);
    },
    'customers.unpaid': async (page) => {
      await customers.syncClusters();
      return store.ask('unpaid', page);
    },
    'customers.unused': (page) => store.ask('unused', page),
    'customers.suspensionDrift': async (page) => {
      await customers.syncClusters();
      return store.ask('suspensionDrift', page);
    },
    'customers.setTariff': ({ customerId, tariffId }) => customers.setTariff(customerId, tariffId),
    'customers.journal': (query) => store.ask('listRecords', query),
    'customers.ofUser': (user) => store.ask('customersOfUser', user),
  };
}

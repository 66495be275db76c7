import type { CallOutput } from '#shared/contract/index.ts';
import { fakeAsOf, fakeCluster } from './fake-cluster.ts';

type Customer = CallOutput<'customers.get'>;

export const fakeService: Customer['serviceList'][number] = {
  ...{ serviceId: '41', externalId: '20000', productId: '3', productName: 'Storage' },
  ...{ status: 'Active', username: null, nextDueDate: null, recurringAmount: '5.00' },
  ...{ suspensionReason: null, gone: false, registeredOn: null },
};

/** Returns a customer with one active service and no user. */
export function fakeCustomer(more: Partial<Customer> = {}): Customer {
  return {
    ...{ customerId: '7', billingId: 'whmcs', externalId: '12', name: 'Bob' },
    ...{ company: 'Example Ltd', email: 'bob@example.com', ownerEmail: null, status: 'Active' },
    ...{ currency: 'EUR', services: 1, gone: false, tariffId: null, asOf: fakeAsOf, users: [] },
    serviceList: [fakeService],
    ...more,
  };
}

/** A cluster with everything that the page of a customer reads; nothing was billed or assigned. */
export function fakeCustomerPage(customer: Customer) {
  return fakeCluster()
    .on('customers.get', () => customer)
    .on('billing.list', () => [])
    .on('offboarding.list', () => ({ total: 0, rows: [] }))
    .on('statements.issued', () => ({ total: 0, rows: [] }))
    .on('invoices.list', () => ({ total: 0, rows: [] }))
    .on('tariffs.list', () => [])
    .on('servicePlans.drift', () => ({ total: 0, unknown: 0, excepted: 0, clusters: [], rows: [] }))
    .on('servicePlans.list', () => []);
}

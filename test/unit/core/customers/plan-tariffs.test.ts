import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { customerMethods } from '#core/customers/store/customer-methods.ts';
import { openCustomerDatabase } from '#core/customers/store/open-customers.ts';

const operator = 'ada';
const connectionId = 'rack-1';

it('a customer is billed by the plan of its user, else of the service, else of the product', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
  const path = join(folder, 'customers.sqlite');
  const methods = customerMethods(openCustomerDatabase(path), path);
  const of = { status: 'Active', ownerEmail: null, currency: null, company: '' };
  const service = {
    ...{
      productName: 'S3',
      username: null,
      registeredOn: null,
      nextDueDate: null,
      recurringAmount: null,
    },
    ...{ suspensionReason: null, customFields: [], status: 'Active' },
  };
  methods.savePage({
    ...{ billingId: 'b1', round: 1 },
    customers: ['1', '2'].map((id) => ({ ...of, externalId: id, name: id, email: `${id}@x.io` })),
    services: ['1', '2'].map((id) => ({
      ...{ ...service, externalId: id, customerExternalId: id, productId: `p${id}` },
    })),
  });
  const plan = (name: string, productIds: string[] = [], billingId = 'b1') => {
    const products = productIds.map((productId) => ({ billingId, productId }));
    const body = { name, tariffId: `${name} tariff` };
    return methods.savePlan({ body, products, operator })?.id ?? '';
  };
  const [byProduct, byService, byUser] = [
    plan('product', ['p1', 'p9']),
    plan('service'),
    plan('user'),
  ];
  plan('other', ['p2']);
  // the same id is another product in another billing connection
  plan('elsewhere', ['p1'], 'b2');
  const [customerId = '', otherId = ''] = methods
    .listCustomers({ offset: 0, limit: 10 })
    .rows.map((row) => row.customerId);
  const [{ serviceId = '' } = {}] = methods.getCustomer({ customerId })?.serviceList ?? [];
  const tariffs = (id = customerId) => {
    const [billed] = methods.billedCustomers([{ customerId: id, fromHour: 0, toHour: 1 }]);
    return billed?.planTariffs;
  };
  expect(tariffs()).toEqual([]);
  const at = Date.now();
  methods.map({ customerId, serviceId, connectionId, userId: 'A1', operator, at });
  expect(tariffs()).toEqual(['product tariff']);
  methods.assignPlan({ planId: byService, holder: { serviceId }, operator });
  expect(tariffs()).toEqual(['service tariff']);
  methods.assignPlan({ planId: byUser, holder: { connectionId, userId: 'A1' }, operator });
  expect(tariffs()).toEqual(['user tariff']);
  // a second user of the same service has no plan
  methods.map({ customerId, serviceId, connectionId, userId: 'a2', operator, at });
  expect(tariffs()?.sort()).toEqual(['service tariff', 'user tariff']);
  methods.assignPlan({ planId: null, holder: { connectionId, userId: 'A1' }, operator });
  methods.assignPlan({ planId: null, holder: { serviceId }, operator });
  methods.retirePlan({ planId: byProduct, operator });
  expect([tariffs(), tariffs(otherId)]).toEqual([[], []]);
  const own = { customerId, tariffId: 'own', operator };
  methods.setTariff(own);
  expect(methods.billedCustomers([{ customerId, fromHour: 0, toHour: 1 }])).toMatchObject([
    { customer: { tariffId: 'own' }, planTariffs: [], accepted: [] },
  ]);
  methods.close();
  rmSync(folder, { recursive: true });
});

it('who is gone pays for no user: the others’ tariffs count, and several are none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
  const path = join(folder, 'customers.sqlite');
  const methods = customerMethods(openCustomerDatabase(path), path);
  const of = { status: 'Active', ownerEmail: null, currency: null, company: '' };
  for (const billingId of ['old', 'new']) {
    const customers = [1, 2].map((id) => ({
      ...{ ...of, externalId: `${billingId} ${id}`, name: `${billingId} ${id}`, email: '' },
    }));
    methods.savePage({ billingId, round: 1, customers, services: [] });
  }
  const { rows } = methods.listCustomers({ offset: 0, limit: 10 });
  const idOf = (name: string) => rows.find((row) => row.name === name)?.customerId ?? '';
  for (const { name } of rows) {
    methods.setTariff({ customerId: idOf(name), tariffId: name, operator });
  }
  const map = (name: string, userId: string) =>
    methods.map({
      ...{ customerId: idOf(name), connectionId, userId, operator },
      at: Date.now(),
    });
  map('old 1', 'a');
  map('new 1', 'a');
  map('new 1', 'b');
  map('new 2', 'b');
  map('old 2', 'c');
  const page = { offset: 0, limit: 10 };
  const sharedIds = () => methods.shared(page).rows.map(({ userId }) => userId);
  const payers = (userId: string) =>
    methods.customersOfUser({ connectionId, userId }).map(({ name }) => name);
  const tariffs = () => methods.tariffsOfUsers({ connectionId, userIds: ['a', 'b', 'c', 'd'] });
  expect(sharedIds()).toEqual(['a', 'b']);
  methods.endRound({ billingId: 'old', round: 2, products: [] });
  expect(sharedIds()).toEqual(['b']);
  expect(payers('a')).toEqual(['new 1']);
  expect(payers('c')).toEqual([]);
  expect(tariffs()).toEqual([
    ['a', 'new 1'],
    ['b', null],
  ]);
  methods.close();
  rmSync(folder, { recursive: true });
});

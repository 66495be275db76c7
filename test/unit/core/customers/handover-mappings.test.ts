import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { type CustomerMethods, customerMethods } from '#core/customers/store/customer-methods.ts';
import { openCustomerDatabase } from '#core/customers/store/open-customers.ts';

const user = { connectionId: 'rack-1', userId: 'u', operator: 'ada' };
const hourOf = (month: number, day: number, hour = 0): number =>
  Date.UTC(2026, month - 1, day, hour) / 3_600_000;
const timeOf = (month: number, day: number): number => hourOf(month, day) * 3_600_000;
const october = { fromHour: hourOf(10, 1), toHour: hourOf(11, 1) };

let methods: CustomerMethods;
/** By name: x, a, b. */
let customerIds: Record<string, string>;
/** Services s1 and s2 of a. */
let serviceIds: Record<string, string>;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
  const path = join(folder, 'customers.sqlite');
  methods = customerMethods(openCustomerDatabase(path), path);
  const names = ['x', 'a', 'b'];
  methods.savePage({
    ...{ billingId: 'b1', round: 1 },
    customers: names.map((name) => ({
      ...{ externalId: name, name, email: '', status: 'Active', ownerEmail: null },
      ...{ currency: null, company: '' },
    })),
    services: ['s1', 's2'].map((externalId) => ({
      ...{ externalId, customerExternalId: 'a', productId: 'p', productName: externalId },
      ...{
        username: null,
        registeredOn: null,
        nextDueDate: null,
        recurringAmount: null,
        suspensionReason: null,
      },
      ...{ customFields: [], status: 'Active' },
    })),
  });
  const { rows } = methods.listCustomers({ offset: 0, limit: 10 });
  customerIds = Object.fromEntries(rows.map(({ name, customerId }) => [name, customerId]));
  const { serviceList = [] } = methods.getCustomer({ customerId: customerIds.a ?? '' }) ?? {};
  serviceIds = Object.fromEntries(
    serviceList.map(({ productName, serviceId }) => [productName, serviceId]),
  );
  return () => {
    methods.close();
    rmSync(folder, { recursive: true });
  };
});

const of = (name: string, service?: string) => ({
  ...{ ...user, customerId: customerIds[name] ?? '' },
  serviceId: service === undefined ? undefined : serviceIds[service],
});
const map = (name: string, at: number, service?: string, sinceHour?: number) =>
  methods.map({ ...of(name, service), at, sinceHour });
const unmap = (name: string, at: number) => methods.unmap({ ...of(name), at });
const handOver = (name: string, at: number, sinceHour: number, service?: string) =>
  methods.handOver({ ...of(name, service), at, sinceHour });

const servicesOf = (name: string) =>
  methods
    .getCustomer({ customerId: customerIds[name] ?? '' })
    ?.users.map(({ serviceId }) => serviceId)
    .sort();

/** Whose the user is in October: from which day on, by customer. */
const hoursIn = (period: { fromHour: number; toHour: number }) =>
  Object.fromEntries(
    Object.entries(customerIds).map(([name, customerId]) => {
      const [billed] = methods.billedCustomers([{ customerId, ...period }]);
      const handed = billed?.handedOver.find(({ userId }) => userId === user.userId);
      const isWhole = !handed && billed?.customer.users.some(({ userId }) => userId === 'u');
      return [name, isWhole ? 'whole' : (handed?.hours?.map(daysOf).join(' ') ?? null)];
    }),
  );

function daysOf({ fromHour, toHour }: { fromHour: number; toHour: number }): string {
  const day = (hour: number): string => new Date(hour * 3_600_000).toISOString().slice(5, 10);
  return `${day(fromHour)}/${day(toHour)}`;
}

it('a user handed over to another service of a customer that had it before another is on both', () => {
  map('a', timeOf(9, 1), 's1');
  map('b', timeOf(9, 5));
  expect(handOver('a', timeOf(11, 2), hourOf(10, 10), 's2')).toBeNull();
  expect(servicesOf('a')).toEqual([serviceIds.s1, serviceIds.s2]);
  expect(servicesOf('b')).toEqual([]);
  // done again, it is done once
  handOver('a', timeOf(11, 3), hourOf(10, 10), 's2');
  expect(servicesOf('a')).toEqual([serviceIds.s1, serviceIds.s2]);
});

it('what begins again with a handover keeps all its services', () => {
  map('a', timeOf(9, 1), 's1');
  map('b', timeOf(9, 5));
  map('a', timeOf(9, 9), 's2');
  handOver('a', timeOf(11, 2), hourOf(10, 10));
  expect(servicesOf('a')).toEqual([serviceIds.s1, serviceIds.s2]);
});

it('a handover that is refused changes nothing', () => {
  map('a', timeOf(9, 1), 's1');
  map('b', timeOf(9, 5));
  const wrong = { ...of('a'), serviceId: '999', at: timeOf(11, 2), sinceHour: hourOf(10, 10) };
  expect(methods.handOver(wrong)).toBe('service');
  expect([servicesOf('a'), servicesOf('b')]).toEqual([[serviceIds.s1], [null]]);
});

it('a customer that begins again keeps the hours that it had before another', () => {
  map('x', timeOf(9, 1));
  handOver('a', timeOf(10, 12), hourOf(10, 10));
  map('b', timeOf(10, 20), undefined, hourOf(10, 20));
  handOver('a', timeOf(11, 2), hourOf(10, 25));
  expect(hoursIn(october)).toEqual({
    ...{ x: '10-01/10-10', a: '10-10/10-20 10-25/11-01', b: '10-20/10-25' },
  });
});

it('hours after a customer lost a user and before another got it are nobody’s', () => {
  map('x', timeOf(1, 1));
  unmap('x', timeOf(1, 15));
  map('b', timeOf(11, 20), undefined, hourOf(11, 1));
  const january = { fromHour: hourOf(1, 1), toHour: hourOf(2, 1) };
  expect(hoursIn(january)).toEqual({ x: '01-01/01-15', a: null, b: '' });
  expect(hoursIn(october)).toEqual({ x: null, a: null, b: '' });
  const november = { fromHour: hourOf(11, 1), toHour: hourOf(12, 1) };
  expect(hoursIn(november)).toEqual({ x: null, a: null, b: 'whole' });
});

it('the same where a later hour is said of who got it first', () => {
  map('x', timeOf(1, 1));
  unmap('x', timeOf(1, 15));
  map('b', timeOf(1, 16));
  expect(hoursIn(october)).toEqual({ x: null, a: null, b: 'whole' });
  handOver('b', timeOf(11, 20), hourOf(11, 1));
  expect(hoursIn(october)).toEqual({ x: null, a: null, b: '' });
});

it('says that a user is gone once its cluster was read without it since it was mapped', () => {
  const customerId = customerIds.x ?? '';
  const itsUser = () => methods.getCustomer({ customerId })?.users[0];
  const at = timeOf(10, 5);
  map('x', at);
  const read = (day: number, userIds: string[]) =>
    methods.saveUsers({
      ...{ connectionId: user.connectionId, asOf: new Date(timeOf(10, day)).toISOString() },
      ...{ first: true },
      users: userIds.map((userId) => ({
        ...{ userId, email: 'u@x.example', state: 'enabled', system: false, bytes: '0' },
      })),
    });
  expect(itsUser()).not.toHaveProperty('gone');
  read(4, []);
  expect(itsUser()).not.toHaveProperty('gone');
  read(6, [user.userId]);
  expect(itsUser()).toMatchObject({ state: 'enabled' });
  expect(itsUser()).not.toHaveProperty('gone');
  read(7, []);
  expect(itsUser()).toMatchObject({ state: null, gone: true });
});

import { mix32 } from '../model/seeded-random.ts';
import { companyOf, emailOf } from '../state/populate.ts';
import { dateText, type Service, type WhmcsState } from './model/state.ts';

export interface WhmcsPopulation {
  seed: number;
  clients: number;
  /**
   * E-mails of users of a cluster, in order: most clients get one of them, so that they can be
   * matched. Omitted: made up.
   */
  emails?: readonly string[];
  /** One client in this many has the e-mail of another one; 0 for none. */
  duplicateEmailEvery: number;
  /** One client in this many has a pending order of a service; 0 for none. */
  pendingOrderEvery: number;
  /** Milliseconds. */
  now: number;
}

const day = 86_400_000;

/** The three products of the storage group, by what they hold in gigabytes. */
const storageProducts = [
  { pid: 11, name: 'Object Storage Bronze', monthly: 500, gigabytes: 100 },
  { pid: 12, name: 'Object Storage Silver', monthly: 2_500, gigabytes: 1_000 },
  { pid: 13, name: 'Object Storage Gold', monthly: 9_900, gigabytes: 10_000 },
] as const;

/** The product that has nothing to do with storage. */
const hostingPid = 21;

/** Id of the custom field that holds the user id of an S3 user. */
export const userIdField = 7;

const custom = [{ id: userIdField, name: 'S3 user id', showorder: false }];

function addCatalogue(state: WhmcsState): void {
  state.currencies.set(1, { id: 1, code: 'EUR', prefix: '€', suffix: '' });
  state.currencies.set(2, { id: 2, code: 'USD', prefix: '$', suffix: '' });
  state.currencies.set(3, { id: 3, code: 'JPY', prefix: '¥', suffix: '' });
  for (const { pid, name, monthly } of storageProducts) {
    state.products.set(pid, {
      pid,
      gid: 1,
      groupname: 'Object Storage',
      name,
      module: '',
      monthly,
      customfields: custom,
      overagesenabled: pid === 13,
    });
  }
  state.products.set(hostingPid, {
    pid: hostingPid,
    gid: 2,
    groupname: 'Web Hosting',
    name: 'Hosting Small',
    module: 'cpanel',
    monthly: 700,
    customfields: [],
    overagesenabled: false,
  });
}

function addClient(state: WhmcsState, id: number, population: WhmcsPopulation): void {
  const { seed, now, emails, duplicateEmailEvery } = population;
  const hash = mix32(seed, id, 0x636c6e74);
  const company = companyOf(seed, id);
  const repeats = duplicateEmailEvery > 0 && id > 1 && id % duplicateEmailEvery === 0;
  const own = emails?.[id - 1] ?? emailOf(seed, id);
  const email = repeats ? (state.clients.get(id - 1)?.email ?? own) : own;
  const [first = 'Client', last = String(id)] = company.split('-');
  const name = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;
  state.clients.set(id, {
    id,
    firstname: name(first),
    lastname: name(last),
    companyname: `${name(first)} & ${name(last)}`,
    email,
    // one owner in seven logs in with another address than the client's
    owner: { id: 5000 + id, name: name(first), email: hash % 7 === 0 ? `owner.${email}` : email },
    datecreated: dateText(now - (30 + (hash % 900)) * day),
    groupid: 0,
    status: hash % 29 === 0 ? 'Closed' : hash % 13 === 0 ? 'Inactive' : 'Active',
    currency: hash % 17 === 0 ? 3 : hash % 5 === 0 ? 2 : 1,
    customfields: [],
  });
}

function serviceStatus(hash: number): string {
  if (hash % 19 === 0) return 'Terminated';
  if (hash % 11 === 0) return 'Suspended';
  return 'Active';
}

function addService(
  state: WhmcsState,
  clientid: number,
  status: string,
  population: WhmcsPopulation,
): Service {
  const hash = mix32(population.seed, clientid, 0x73657276);
  const [bronze] = storageProducts;
  const product = storageProducts[hash % storageProducts.length] ?? bronze;
  const id = 20_000 + state.services.size;
  const service: Service = {
    id,
    clientid,
    orderid: 0,
    pid: product.pid,
    domain: '',
    status,
    username: '',
    password: `not-kept-${mix32(population.seed, id).toString(36)}`,
    // a service that is ordered is registered with its order
    regdate: dateText(population.now - (status === 'Pending' ? 1 : hash % 400) * day),
    nextduedate: dateText(population.now + (hash % 28) * day),
    billingcycle: 'Monthly',
    recurringamount: product.monthly,
    suspensionreason: status === 'Suspended' ? 'Overdue on payment' : '',
    notes: '',
    diskusage: 0,
    disklimit: product.gigabytes * 1024,
    bwusage: 0,
    bwlimit: 0,
    lastupdate: '0000-00-00 00:00:00',
    customfields: [{ id: userIdField, name: 'S3 user id', value: '' }],
  };
  state.services.set(id, service);
  return service;
}

function addOrder(state: WhmcsState, service: Service, population: WhmcsPopulation): void {
  const id = 3_000 + state.orders.size;
  service.orderid = id;
  state.orders.set(id, {
    id,
    userid: service.clientid,
    date: `${dateText(population.now - day)} 09:00:00`,
    amount: service.recurringamount,
    invoiceid: 0,
    paymentstatus: service.status === 'Pending' && id % 4 === 1 ? 'Unpaid' : 'Paid',
    status: service.status === 'Pending' ? 'Pending' : 'Active',
    serviceIds: [service.id],
  });
}

/** Fills an installation; the same population yields the same one. */
export function populateWhmcs(state: WhmcsState, population: WhmcsPopulation): void {
  addCatalogue(state);
  const { pendingOrderEvery } = population;
  for (let id = 1; id <= population.clients; id += 1) {
    addClient(state, id, population);
    const hash = mix32(population.seed, id, 0x6f726472);
    // one client in eight buys no storage
    if (hash % 8 !== 0)
      addOrder(state, addService(state, id, serviceStatus(hash), population), population);
    if (pendingOrderEvery > 0 && id % pendingOrderEvery === 0) {
      addOrder(state, addService(state, id, 'Pending', population), population);
    }
  }
}

// The list of 20,000 customers, each with a service, most with a user: how long its pages take, compared
// with those of as many users, and how long the shell stands still for what lists of users show of them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CustomerStore } from '#core/customers/store/customer-store.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { ParsedInput } from '#shared/contract/index.ts';
import { seeded, writeLists } from './lists-data.ts';
import { feedOf } from './measure-refresh.ts';
import { atMost, known, report } from './report.ts';
import { watchLoop } from './watch-loop.ts';

const size = 20_000;
const calls = 500;
async function fill(store: CustomerStore): Promise<void> {
  const ids = Array.from({ length: size }, (_, index) => String(index + 1));
  const customers = ids.map((externalId) => ({
    ...{ externalId, name: `Person ${externalId}`, company: `Company ${externalId} Ltd` },
    ...{ email: `mail-${externalId}@tenant.example`, ownerEmail: null, currency: null },
    status: Number(externalId) % 9 === 0 ? 'Closed' : 'Active',
  }));
  const services = ids.map((externalId) => ({
    ...{ externalId, customerExternalId: externalId, productId: '11', productName: 'Bronze' },
    ...{
      username: null,
      registeredOn: null,
      nextDueDate: null,
      recurringAmount: null,
      suspensionReason: null,
    },
    ...{ customFields: [], status: Number(externalId) % 11 === 0 ? 'Suspended' : 'Active' },
  }));
  await store.ask('savePage', { billingId: 'whmcs', round: 1, customers, services });
  for (const customerId of ids) {
    if (Number(customerId) % 5 === 0) continue;
    const by = { operator: 'ada', at: 1 };
    await store.ask('map', { customerId, connectionId: 'rack', userId: `u${customerId}`, ...by });
  }
}

type List = 'customers.list' | 'users.list';

/** Asks for pages in many sorts, searches and filters; returns the milliseconds of each, the shortest first. */
async function timePages<Name extends List>(
  sorts: readonly NonNullable<ParsedInput<Name>['sort']>['by'][],
  filters: readonly ParsedInput<Name>['filter'][],
  ask: (query: ParsedInput<Name>) => Promise<unknown>,
): Promise<number[]> {
  const random = seeded(9);
  const times: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const part = random();
    const query = {
      ...{ offset: Math.floor(random() * 300), limit: 100 },
      ...(part < 0.5 ? { search: part < 0.25 ? 'tenant' : `${Math.floor(random() * 999)}` } : {}),
      ...(part > 0.75 ? { filter: filters[call % filters.length] } : {}),
      sort: { by: sorts[call % sorts.length], descending: random() < 0.5 },
    } as ParsedInput<Name>;
    const started = performance.now();
    await ask(query);
    times.push(performance.now() - started);
  }
  return times.sort((left, right) => left - right);
}

/** Milliseconds that the main thread stood still while something was done. */
async function stallOf(work: () => Promise<unknown>): Promise<number> {
  const loop = await watchLoop();
  await work();
  await setTimeout(20);
  return (await loop.stop()).longest;
}

const directory = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
const store = new CustomerStore(join(directory, 'customers.sqlite'));
const snapshot = await openSnapshot(directory);
try {
  await fill(store);
  await snapshot.refresh(feedOf(await writeLists(directory, { users: size, buckets: size })));
  const customers = await timePages<'customers.list'>(
    ['name', 'company', 'email', 'externalId', 'status', 'services', 'users'],
    [{ users: 'none' }, { service: 'suspended' }, { status: 'Active' }],
    (query) => store.ask('listCustomers', query),
  );
  const stall = await stallOf(async () => {
    const parts = await store.ask('userFigures', { connectionId: 'rack' });
    await snapshot.change('saveFigures', { of: 'customers', parts, facts: {} });
  });
  const users = await timePages<'users.list'>(
    ['email', 'userId', 'state', 'bucketCount', 'currentBytes', 'customer', 'firstSeen'],
    [{ state: 'disabled' }, { customers: 'none' }, { minBytes: '1' }],
    (query) => snapshot.ask('users', query),
  );
  const at = (times: readonly number[], share: number) =>
    times[Math.floor(calls * share)] ?? Number.NaN;
  report([
    known('pages of 20,000 users, median', at(users, 0.5), 'ms'),
    known('the slowest of a hundred', at(users, 0.99), 'ms'),
    // within a frame nobody can tell one list from the other
    atMost('pages of 20,000 customers, median', at(customers, 0.5), 'ms', 16),
    atMost('the slowest of a hundred', at(customers, 0.99), 'ms', 50),
    atMost('longest stall while lists of users learn of them', stall, 'ms', 50),
  ]);
} finally {
  await Promise.all([store.close(), snapshot.close()]);
  rmSync(directory, { recursive: true, force: true });
}

// The list of 20,000 customers, each with a service, most with a user: how long its pages take.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomerStore } from '#core/customers/store/customer-store.ts';
import type { ParsedInput } from '#shared/contract/index.ts';
import { seeded } from './lists-data.ts';
import { atMost, known, report } from './report.ts';

const size = 20_000;
const calls = 500;
const sorts = ['name', 'company', 'email', 'externalId', 'status', 'services', 'users'] as const;
const filters = [{ users: 'none' }, { service: 'suspended' }, { status: 'Active' }] as const;

async function fill(store: CustomerStore): Promise<void> {
  const ids = Array.from({ length: size }, (_, index) => String(index + 1));
  const customers = ids.map((externalId) => ({
    ...{ externalId, name: `Person ${externalId}`, company: `Company ${externalId} Ltd` },
    ...{ email: `mail-${externalId}@tenant.example`, ownerEmail: null, currency: null },
    status: Number(externalId) % 9 === 0 ? 'Closed' : 'Active',
  }));
  const services = ids.map((externalId) => ({
    ...{ externalId, customerExternalId: externalId, productId: '11', productName: 'Bronze' },
    ...{ username: null, nextDueDate: null, recurringAmount: null, suspensionReason: null },
    ...{ customFields: [], status: Number(externalId) % 11 === 0 ? 'Suspended' : 'Active' },
  }));
  await store.ask('savePage', { billingId: 'whmcs', round: 1, customers, services });
  for (const customerId of ids) {
    if (Number(customerId) % 5 === 0) continue;
    const by = { operator: 'ada', at: 1 };
    await store.ask('map', { customerId, connectionId: 'rack', userId: `u${customerId}`, ...by });
  }
}

const directory = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
const store = new CustomerStore(join(directory, 'customers.sqlite'));
try {
  await fill(store);
  const random = seeded(9);
  const times: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const part = random();
    const query: ParsedInput<'customers.list'> = {
      ...{ offset: Math.floor(random() * 300), limit: 100 },
      ...(part < 0.5 ? { search: part < 0.25 ? 'tenant' : `${Math.floor(random() * 999)}` } : {}),
      ...(part > 0.75 ? { filter: filters[call % filters.length] } : {}),
      sort: { by: sorts[call % sorts.length] ?? 'name', descending: random() < 0.5 },
    };
    const started = performance.now();
    await store.ask('listCustomers', query);
    times.push(performance.now() - started);
  }
  times.sort((left, right) => left - right);
  report([
    known('pages of 20,000 customers, median', times[calls / 2] ?? Number.NaN, 'ms'),
    atMost('the slowest of a hundred', times[Math.floor(calls * 0.99)] ?? Number.NaN, 'ms', 50),
  ]);
} finally {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
}

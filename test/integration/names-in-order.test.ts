import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openArchive } from '#core/store/archive/archive.ts';
import { makeReport } from '#core/usage/report/report.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { standardTariff } from '#test/fakes/billed-cluster.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';
import { taskEnd } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

/** As people expect them; by their characters they would be 10, 2, B, Ä. */
const names = ['Ähre', 'Bach', 'node-2', 'node-10'];
const shuffled = ['node-10', 'Bach', 'node-2', 'Ähre'];
const systemUser = 'console@operations.example';
const emails = names.map((name) => `${name}@example.com`);

let simulator: Simulator;
let console_: TestConsole;
let connectionId: string;

beforeAll(async () => {
  // the console's own user alone
  simulator = await startSimulator({ users: 1, buckets: 0 });
  const { users } = simulator.state;
  for (const name of shuffled) {
    const id = users.newId();
    const accounts = shuffled.map((account) => ({ name: account, keys: [users.newKey(id, [])] }));
    const user = { id, email: `${name}@example.com`, enabled: true, system: false };
    users.put({ ...user, keys: [users.newKey(id, [])], accounts });
  }
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = simulator;
  ({ id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Rack 1', environment: 'lab', endpoint, accessKeyId, secretKey },
  }));
  await console_.call('sync.refresh', { connectionId });
  const all = { connectionId, requestsPerSecond: 2000 };
  await taskEnd(console_, (await console_.call('inventory.start', all)).taskId);
});

afterAll(async () => {
  await console_.end();
  await simulator.stop();
});

let billingId: string | undefined;

/** Reads a table of customers, each with one service in that state. */
async function billed(state: string): Promise<void> {
  const head = 'customer id,name,company,e-mail,service id,product id,product name,service status';
  const lines = shuffled.map(
    (name, index) => `${index},${name},${name},${name}@example.com,${index},3,Silver,${state}`,
  );
  const own = billingId === undefined ? {} : { id: billingId };
  const table = { name: 'Table', kind: 'file', csv: [head, ...lines].join('\r\n') } as const;
  ({ id: billingId } = await console_.call('billing.save', { ...own, ...table }));
  await console_.call('billing.refresh', { id: billingId });
}

it('customers are sorted by name, company and e-mail as people expect it', async () => {
  await billed('Active');
  const named = async (by: 'name' | 'company' | 'email', descending = false) =>
    (await console_.call('customers.list', { sort: { by, descending } })).rows.map(
      ({ name }) => name,
    );
  expect(await named('name')).toEqual(names);
  expect(await named('company')).toEqual(names);
  expect(await named('email', true)).toEqual(names.toReversed());
  const found = await console_.call('customers.find', { search: '@example', limit: 10 });
  expect(found.map(({ name }) => name)).toEqual(names);
});

it('matches, services to onboard, shared users and mismatches are sorted by customer or user', async () => {
  const page = { offset: 0, limit: 10 };
  const { rows: pairs } = await console_.call('customers.suggestions', page);
  expect(pairs.map(({ customerName }) => customerName)).toEqual(names);
  const { rows: unused } = await console_.call('customers.unused', page);
  expect(unused.map(({ customerName }) => customerName)).toEqual(names);
  const toOnboard = await console_.call('onboarding.prepare', {
    ...{ source: { from: 'services' }, connectionId },
  });
  expect(toOnboard.rows.map(({ customerName }) => customerName)).toEqual(names);

  const [someone] = pairs;
  for (const { customerId, userId, serviceId } of pairs.toReversed()) {
    const service = serviceId === null ? {} : { serviceId };
    await console_.call('customers.map', { customerId, connectionId, userId, ...service });
    if (customerId === someone?.customerId) continue;
    await console_.call('customers.map', {
      ...{ customerId: someone?.customerId ?? '', connectionId, userId },
    });
  }
  const { rows: shared } = await console_.call('customers.shared', page);
  expect(shared.map(({ email }) => email)).toEqual(emails.slice(1));
  await billed('Suspended');
  const { rows: drifting } = await console_.call('customers.suspensionDrift', page);
  const customers = new Set(drifting.map(({ customerName }) => customerName));
  expect([...customers]).toEqual(names);
});

it('keys are sorted by owner, then by account', async () => {
  const sort = { by: 'accountName', descending: false } as const;
  const { rows } = await console_.call('keys.list', { connectionId, limit: 100 });
  const owners = new Set(rows.map(({ ownerEmail }) => ownerEmail));
  owners.delete(systemUser);
  expect([...owners]).toEqual(emails);
  const ofOne = rows.filter(({ ownerEmail }) => ownerEmail === emails[0]);
  expect(ofOne.map(({ accountName }) => accountName)).toEqual([null, ...names]);
  const byAccount = await console_.call('keys.list', { connectionId, limit: 100, sort });
  expect([...new Set(byAccount.rows.map(({ accountName }) => accountName))]).toEqual([
    null,
    ...names,
  ]);
});

it('keys of a campaign are sorted by their owners', async () => {
  const of = { filter: { holder: 'user' as const } };
  const { campaignId } = await console_.call('campaigns.start', {
    ...{ connectionId, title: 'Autumn', kind: 'rotate', of },
  });
  const sort = { by: 'email', descending: false } as const;
  const { rows } = await console_.call('campaigns.keys', { connectionId, campaignId, sort });
  expect(rows.map(({ email }) => email).filter((email) => email !== systemUser)).toEqual(emails);
});

it('tariffs and service plans are listed by name', async () => {
  for (const name of shuffled) {
    await console_.call('tariffs.save', { connectionId, tariff: { ...standardTariff, name } });
    await console_.call('servicePlans.save', { name, quotaGb: '5' });
  }
  const named = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);
  expect(named(await console_.call('tariffs.list', { connectionId }))).toEqual(names);
  expect(named(await console_.call('servicePlans.list', {}))).toEqual(names);
});

it('a report is sorted by name, and equal figures by name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ostor-names-'));
  const archive = await openArchive(folder);
  const start = Date.UTC(2026, 9, 5) / 1000;
  const entries = shuffled.map((bucket) => ({ bucket, userId: 'a', get: 1 }));
  const objects = [fetchedObject('1', start, 3600, entries)];
  await archive.write('ingestObjects', { objects, now: Date.UTC(2026, 9, 6) });
  const named = async (by: 'name' | 'get', descending: boolean) => {
    const sort = { by, descending };
    const period = { from: '2026-10-05', to: '2026-10-06' };
    const input = { ...period, groupBy: 'bucket' as const, sort, offset: 0 };
    return (await makeReport(archive, input)).rows.map(({ bucket }) => bucket);
  };
  expect(await named('name', false)).toEqual(names);
  expect(await named('name', true)).toEqual(names.toReversed());
  expect(await named('get', true)).toEqual(names);
  await archive.close();
  rmSync(folder, { recursive: true, force: true });
});

it('a user’s accounts are listed by name without a gateway', async () => {
  await simulator.stop();
  const users = await console_.call('users.list', { connectionId, search: emails[0] ?? '' });
  const userId = users.rows[0]?.userId ?? '';
  const user = await console_.call('users.get', { connectionId, userId });
  expect(user).toMatchObject({ source: 'snapshot', accounts: names.map((name) => ({ name })) });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { BilledCluster, standardTariff } from '#test/fakes/billed-cluster.ts';
import { programPath } from '#test/program-path.ts';
import { billOnce, isWholeBill } from '../../../src/collect/bill-once.ts';

const program = programPath(import.meta.url, '../../../src/collect/bill-main.ts');
const afterMonth = Date.UTC(2026, 10, 2);
/** First by name: its statement is drafted before those of WHMCS. */
const ofTable = 'Aardvark Archives';

let billed: BilledCluster;
let ofWhmcs: number;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: afterMonth });
  const usage = { usage: 24 * 33, usageServices: 1, usagePeriodSeconds: 3600 };
  const prices = standardTariff.prices.map((price) => ({ ...price, baseFee: '1000' }));
  billed = await BilledCluster.start({
    gateway: { now: afterMonth, users: 6, ...usage },
    ...{ clients: 3, tariff: { ...standardTariff, prices } },
  });
  const { console: console_, connectionId, tariffId, customerIds } = billed;
  ofWhmcs = customerIds.length;
  const taken = new Set([...billed.whmcs.state.clients.values()].map(({ email }) => email));
  const users = [...billed.gateway.state.users.byId.values()];
  const user = users.find(({ email, system }) => !system && !taken.has(email));
  const table = await console_.call('billing.save', {
    ...{ name: 'Table', kind: 'file' },
    csv: `id,name,email,currency\n900,${ofTable},${user?.email},EUR\n`,
  });
  await console_.call('billing.refresh', { id: table.id });
  const [customer] = (await console_.call('customers.list', { search: ofTable })).rows;
  const customerId = customer?.customerId ?? '';
  const userId = user?.id ?? '';
  await console_.call('customers.map', { customerId, connectionId, userId });
  for (const id of [...customerIds, customerId]) {
    await console_.call('customers.setTariff', { customerId: id, tariffId });
  }
});

afterAll(async () => {
  vi.useRealTimers();
  await billed.end();
});

const bill = () =>
  billOnce(
    billed.console.core,
    { connection: 'Rack 1', period: '2026-10', draftInvoices: true, out: null },
    new AbortController().signal,
  );

it('a table, which takes no invoices, keeps WHMCS from none, and its customers are named', async () => {
  const { console: console_, billingId, whmcs } = billed;
  const { url, identifier } = whmcs;
  const saved = { id: billingId, name: 'Billing', kind: 'whmcs' as const, url, identifier };
  await console_.call('billing.save', { ...saved, environment: 'production' });
  const report = await bill();
  expect(report).toMatchObject({ customers: ofWhmcs + 1, issued: ofWhmcs + 1, refused: [] });
  expect(report.invoices).toMatchObject({
    ...{ created: ofWhmcs, existing: 0, failed: 1 },
    failures: [
      {
        name: ofTable,
        message: 'This billing connection cannot make invoices.',
        hint: 'Export the statements, or connect WHMCS.',
      },
    ],
  });
  // asking for drafts unlocks production for this process, on record
  const { rows } = await console_.call('customers.journal', { limit: 500 });
  expect(rows.filter(({ action }) => action === 'billing.unlock')).toHaveLength(1);
  expect(ofWhmcs).toBeGreaterThan(1);
  expect(billed.whmcs.state.invoices.size).toBe(ofWhmcs);
  expect(isWholeBill(report)).toBe(false);
});

it('a read-only WHMCS fails each of its statements; the command prints one line and ends with 2', async () => {
  const { console: console_, billingId: id, whmcs } = billed;
  const { url, identifier } = whmcs;
  const saved = { id, name: 'Billing', kind: 'whmcs' as const, url, identifier };
  await console_.call('billing.save', { ...saved, readOnly: true });
  const { invoices } = await bill();
  expect(invoices).toMatchObject({ created: 0, existing: 0, failed: ofWhmcs + 1 });
  const names = invoices?.failures.map(({ name }) => name);
  expect(new Set(names).size).toBe(ofWhmcs + 1);
  await console_.core.close();
  const child = spawn(
    process.execPath,
    [
      ...[program, '--data-dir', console_.dataDir, '--connection', 'Rack 1'],
      ...['--period', '2026-10', '--draft-invoices'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const output = text(child.stdout);
  const [status] = await once(child, 'exit');
  const lines = (await output).trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  const report = JSON.parse(lines[0] ?? '');
  expect(report).toMatchObject({ ok: false, issued: ofWhmcs + 1, refused: [] });
  expect(report.invoices).toEqual(invoices);
  expect(invoices?.failures.map(({ message }) => message)).toContain(
    'The connection "Billing" is read-only. Nothing was sent.',
  );
  expect(status).toBe(2);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { startSimulator } from '#simulator/index.ts';
import { SeededRandom } from '#simulator/model/seeded-random.ts';
import {
  startWhmcsSimulator,
  type WhmcsFault,
  type WhmcsSimulator,
} from '#simulator/whmcs/index.ts';
import { refreshSizes } from '#test/fakes/billed-cluster.ts';
import { taskResult } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { part, seed } from '#test/part.ts';
import { programPath } from '#test/program-path.ts';
import type { BillReport } from '../../../src/collect/bill-once.ts';

const child = programPath(import.meta.url, '../../soak/bill-child.ts');
const customers = part(16, 500);
const kills = part(3, 20);

// the month before is over and its last hours are written, also on the first of a month
const now = new Date(Date.now() - 2 * 86_400_000);
const startOfMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString();
const days = 1 + (startOfMonth - Date.parse(from)) / 86_400_000;

/** Two in a hundred requests go wrong: the answer comes too late, is lost, is an error or a web page. */
const faults: WhmcsFault['kind'][] = [
  'hang-after',
  'drop-after',
  'drop-before',
  'emitted-previously',
  'html-200',
];
const tariff = {
  ...{ name: 'Standard', currency: 'EUR', minorDigits: 2, gigabyte: 'decimal' as const },
  pricesIn: 'currency' as const,
  prices: [
    {
      ...{
        validFrom: '2020-01-01',
        storedPerGbHour: '0',
        downloadedPerGb: '8',
        uploadedPerGb: '1',
      },
      ...{
        putPerThousand: '50',
        getPerThousand: '4',
        listPerThousand: '50',
        otherPerThousand: '1',
        baseFee: '5',
      },
    },
  ],
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
};

/** When a run is killed: at a number of issued statements, or with a request carried out and unanswered. */
type KillPoint = { issued: number } | { request: number } | null;

/** Bills in a separate process; yields its report, or null where it was killed. */
async function billInChild(
  whmcs: WhmcsSimulator,
  input: object,
  point: KillPoint,
): Promise<BillReport | null> {
  const running = spawn(process.execPath, [child, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'ostor-compiled'), ...process.env },
  });
  const kill = (): void => void running.kill('SIGKILL');
  const before = whmcs.log.length;
  const ended = once(running, 'exit');
  const { log } = whmcs;
  log.push = (...entries) => {
    const length = Array.prototype.push.apply(log, entries);
    if (point && 'request' in point && length - before === point.request) kill();
    return length;
  };
  let report: BillReport | null = null;
  for await (const line of createInterface(running.stdout)) {
    if (line.startsWith('{')) report = JSON.parse(line) as BillReport;
    else if (point && 'issued' in point && Number(line.split(' ')[1]) >= point.issued) kill();
  }
  await ended;
  return report;
}

/** Customers of a WHMCS with a user each, whose month is collected. */
async function prepare(whmcs: WhmcsSimulator, console_: TestConsole, gateway: object) {
  const { id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Rack 1', environment: 'lab' as const },
    ...(gateway as { endpoint: string; accessKeyId: string; secretKey: string }),
  });
  await refreshSizes(console_, connectionId);
  await taskResult(console_, (await console_.call('usage.collect', { connectionId })).taskId);
  const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff });
  const { url, identifier, secret } = whmcs;
  const { id: billingId } = await console_.call('billing.save', {
    ...{ name: 'Billing', kind: 'whmcs', url, identifier, secret },
  });
  await console_.call('billing.refresh', { id: billingId });
  const { rows } = await console_.call('customers.suggestions', { limit: 1000 });
  for (const { customerId, userId } of rows) {
    await console_.call('customers.map', { customerId, connectionId, userId });
    await console_.call('customers.setTariff', { customerId, tariffId });
  }
  return { billingId, billed: rows.length };
}

it(
  'each customer gets exactly one draft of its statement through kills and faults',
  async () => {
    const gateway = await startSimulator({
      ...{ users: customers + 1, usage: days, usageServices: 1, usagePeriodSeconds: 86_400 },
      ...{ usageItems: 3 * customers, hugeCounters: false, now: startOfMonth + 3_600_000 },
    });
    const emails = [...gateway.state.users.byId.values()].flatMap(({ system, email }) =>
      system ? [] : [email],
    );
    const whmcs = await startWhmcsSimulator({ clients: customers, emails, seed });
    for (const client of whmcs.state.clients.values()) client.currency = 1;
    const console_ = await TestConsole.start();
    try {
      const { url: endpoint, accessKeyId, secretKey } = gateway;
      const prepared = await prepare(whmcs, console_, { endpoint, accessKeyId, secretKey });
      const { billingId, billed } = prepared;
      expect(billed).toBe(customers);
      const { url: whmcsUrl, identifier } = whmcs;
      const billing = { id: billingId, name: 'Billing', kind: 'whmcs' as const, identifier };
      // what hangs is given up after a second, as may be what is only slow: both are reported as failed
      await console_.call('billing.save', { ...billing, url: whmcsUrl, timeoutSeconds: 1 });
      for (const kind of faults) whmcs.faults.add({ kind, probability: 0.02 / faults.length });
      const random = new SeededRandom(seed);
      const input = {
        ...{ dataDir: console_.dataDir, billingId, period: from.slice(0, 7), secret: whmcs.secret },
      };
      const made: number[] = [];
      for (let kill = 0; kill < kills; kill += 1) {
        // a quarter of the kills while statements are issued, the others while drafts are made
        const point =
          kill < kills / 4
            ? { issued: 1 + random.below(customers) }
            : {
                request:
                  1 +
                  random.below(Math.ceil((5 * customers) / kills)) +
                  3 * whmcs.state.invoices.size,
              };
        expect(await billInChild(whmcs, input, point)).toBeNull();
        made.push(whmcs.state.invoices.size);
      }
      // with faults some of this many readings fail each time; what counts is that all drafts are made
      for (let round = 0; round < 20 && whmcs.state.invoices.size < customers; round += 1) {
        await billInChild(whmcs, input, null);
      }
      const { hits } = whmcs.faults;
      const requests = whmcs.log.length;
      whmcs.faults.clear();
      await console_.call('billing.save', { ...billing, url: whmcsUrl });
      const again = await billInChild(whmcs, input, null);
      process.stdout.write(
        `seed ${seed}: ${customers} customers, ${kills} kills at ${made.join(', ')} drafts, ${hits} faults in ${requests} requests\n`,
      );
      expect(again).toMatchObject({
        ...{ customers, issued: customers, refused: [] },
        invoices: { created: 0, existing: customers, failed: 0 },
      });
      await expectOneDraftEach(console_, whmcs);
    } finally {
      await console_.end();
      await whmcs.stop();
      await gateway.stop();
    }
  },
  6_000 * customers,
);

async function expectOneDraftEach(console_: TestConsole, whmcs: WhmcsSimulator): Promise<void> {
  const statements = await console_.call('statements.issued', { limit: 1000 });
  const drafts = await console_.call('invoices.list', { limit: 1000 });
  expect(statements.total).toBe(customers);
  expect(drafts.total).toBe(customers);
  const clients = [...whmcs.state.invoices.values()].map(({ userid }) => userid);
  expect(new Set(clients).size).toBe(customers);
  expect(clients).toHaveLength(customers);
  for (const { statementId, total } of statements.rows) {
    const row = drafts.rows.find((one) => one.statementId === statementId);
    const invoice = whmcs.state.invoices.get(Number(row?.invoiceId));
    const sum = invoice?.items.reduce((all, { amount }) => all + amount, 0);
    expect(BigInt(total)).toBeGreaterThan(0n);
    expect(String(sum)).toBe(String(total));
    expect(invoice).toMatchObject({
      status: 'Draft',
      notes: expect.stringContaining(row?.reference ?? '-'),
    });
  }
}

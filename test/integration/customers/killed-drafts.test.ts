import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startSimulator } from '#simulator/index.ts';
import { SeededRandom } from '#simulator/model/seeded-random.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const child = join(import.meta.dirname, '../../soak/draft-child.ts');
const customers = Number(process.env.DRAFT_CUSTOMERS ?? 16);
const kills = Number(process.env.DRAFT_KILLS ?? 3);
const seed = Number(process.env.DRAFT_SEED ?? 7);

const period = { from: '2026-10-18T00:00:00Z', to: '2026-10-20T00:00:00Z' };
const tariff = {
  name: 'Standard',
  currency: 'EUR',
  minorDigits: 2,
  gigabyte: 'decimal' as const,
  prices: [
    {
      validFrom: '2026-01-01',
      storedPerGbHour: '0',
      downloadedPerGb: '800',
      uploadedPerGb: '100',
      putPerThousand: '5000',
      getPerThousand: '400',
      listPerThousand: '5000',
      otherPerThousand: '100',
    },
  ],
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
};

async function finish(console_: TestConsole, taskId: string): Promise<void> {
  for (;;) {
    const task = await console_.call('tasks.get', { taskId });
    if (task.state === 'succeeded') return;
    if (task.error) throw new Error(task.error.message);
    await pause(10);
  }
}

/** Kills as the given invoice is committed, before its answer leaves; `null` lets it run to its end. */
async function draftInChild(
  whmcs: WhmcsSimulator,
  input: object,
  killAt: number | null,
): Promise<string> {
  const running = spawn(process.execPath, [child, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = running.stdout.toArray();
  const { invoices } = whmcs.state;
  const set = Map.prototype.set.bind(invoices);
  invoices.set = (id, invoice) => {
    set(id, invoice);
    if (invoices.size === killAt) running.kill('SIGKILL');
    return invoices;
  };
  await once(running, 'exit');
  return Buffer.concat(await output).toString();
}

it('each customer gets exactly one draft through kills and faults', async () => {
  const gateway = await startSimulator({
    users: customers + 1,
    usage: 300,
    usageItems: customers,
    now: Date.UTC(2026, 9, 20),
  });
  const emails = [...gateway.state.users.byId.values()].flatMap(({ system, email }) =>
    system ? [] : [email],
  );
  const whmcs = await startWhmcsSimulator({ clients: customers, emails });
  for (const client of whmcs.state.clients.values()) client.currency = 1;
  const console_ = await TestConsole.start();
  try {
    const { url: endpoint, accessKeyId, secretKey } = gateway;
    const key = { accessKeyId, secretKey, environment: 'lab' as const };
    const { id: connectionId } = await console_.call('connections.save', {
      name: 'Rack 1',
      endpoint,
      ...key,
    });
    await console_.call('sync.refresh', { connectionId });
    await finish(console_, (await console_.call('usage.collect', { connectionId })).taskId);
    const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff });
    const { url, identifier, secret } = whmcs;
    const { id: billingId } = await console_.call('billing.save', {
      ...{ name: 'Billing', kind: 'whmcs', url, identifier, secret },
    });
    await console_.call('billing.refresh', { id: billingId });
    const { rows } = await console_.call('customers.suggestions', { limit: 1000 });
    const issuing = rows.map(async ({ customerId, userId }) => {
      await console_.call('customers.map', { customerId, connectionId, userId });
      return console_.call('statements.issue', { customerId, tariffId, ...period });
    });
    const billed = (await Promise.all(issuing)).filter(({ total }) => BigInt(total) > 0n);
    expect(billed.length).toBeGreaterThan(kills + 2);
    const statementIds = billed.map(({ statementId }) => statementId);
    whmcs.faults.add({ kind: 'drop-after', probability: 0.01 });
    whmcs.faults.add({ kind: 'html-503', probability: 0.01 });
    const random = new SeededRandom(seed);
    const { dataDir } = console_;
    const input = { dataDir, billingId, statementIds, secret };
    const step = (billed.length - 2) / kills;
    for (let kill = 0; kill < kills; kill += 1) {
      const at = Math.floor(kill * step + random.fraction() * step) + 1;
      if (whmcs.state.invoices.size < at) await draftInChild(whmcs, input, at);
    }
    let last = '';
    for (let round = 0; round < 10 && !last.includes('"failed":0'); round += 1) {
      last = await draftInChild(whmcs, input, null);
    }
    whmcs.faults.clear();
    const again = await draftInChild(whmcs, input, null);
    expect(JSON.parse(again)).toMatchObject({ created: 0, existing: billed.length, failed: 0 });
    expect(whmcs.state.invoices.size).toBe(billed.length);
    const drafts = await console_.call('invoices.list', { limit: 1000 });
    for (const { statementId, total } of billed) {
      const row = drafts.rows.find((one) => one.statementId === statementId);
      const invoice = whmcs.state.invoices.get(Number(row?.invoiceId));
      const sum = invoice?.items.reduce((all, { amount }) => all + amount, 0);
      expect(String(sum)).toBe(String(total));
    }
  } finally {
    await console_.end();
    await whmcs.stop();
    await gateway.stop();
  }
}, 240_000);

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

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
      putPerThousand: '50',
      getPerThousand: '4',
      listPerThousand: '50',
      otherPerThousand: '0',
    },
  ],
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
};

let gateway: Simulator;
let whmcs: WhmcsSimulator;
let console_: TestConsole;
let connectionId: string;
let billingId: string;
let tariffId: string;
let customerIds: string[];

async function finish(taskId: string): Promise<unknown> {
  for (;;) {
    const task = await console_.call('tasks.get', { taskId });
    if (task.state === 'succeeded') return task.result;
    if (task.error) throw new Error(task.error.message);
    await pause(5);
  }
}

async function draft(statementIds: string[]): Promise<unknown> {
  const { taskId } = await console_.call('invoices.draft', { billingId, statementIds });
  return finish(taskId);
}

beforeAll(async () => {
  gateway = await startSimulator({ usage: 600, users: 15, now: Date.UTC(2026, 9, 20) });
  const emails = [...gateway.state.users.byId.values()]
    .filter(({ system }) => !system)
    .map(({ email }) => email);
  whmcs = await startWhmcsSimulator({ clients: 14, emails });
  for (const client of whmcs.state.clients.values()) client.currency = 1;
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = gateway;
  ({ id: connectionId } = await console_.call('connections.save', {
    name: 'Rack 1',
    endpoint,
    accessKeyId,
    secretKey,
    environment: 'lab',
  }));
  await console_.call('sync.refresh', { connectionId });
  await finish((await console_.call('usage.collect', { connectionId })).taskId);
  ({ tariffId } = await console_.call('tariffs.save', { connectionId, tariff }));
  const { url, identifier, secret } = whmcs;
  const billing = { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret };
  ({ id: billingId } = await console_.call('billing.save', billing));
  await console_.call('billing.refresh', { id: billingId });
  const { rows } = await console_.call('customers.suggestions', { limit: 1000 });
  for (const { customerId, userId } of rows) {
    await console_.call('customers.map', { customerId, connectionId, userId });
  }
  customerIds = [...new Set(rows.map(({ customerId }) => customerId))];
});

afterAll(async () => {
  await console_.end();
  await whmcs.stop();
  await gateway.stop();
});

it('statements have a user that was handed over once: as issued, else where somebody accepted it', async () => {
  const [before = '', after = ''] = customerIds;
  const dayOf = (day: number) => ({
    from: `2026-10-${day}T00:00:00Z`,
    to: `2026-10-${day + 1}T00:00:00Z`,
  });
  const of = (customerId: string, day: number) => ({ customerId, tariffId, ...dayOf(day) });
  const make = (id: string, day: number, requireFinal = false) =>
    console_.call('statements.make', { ...of(id, day), requireFinal });
  const [{ userId = '', email = '' } = {}] = (
    await console_.call('customers.get', { customerId: before })
  ).users;
  const line = { connectionId, userId, item: 'user' as const };
  const accept = (id: string, day: number) =>
    console_.call('statements.acceptHeld', {
      ...of(id, day),
      ...{ lines: [line], reason: 'as agreed' },
    });
  const [whole, own] = [await make(before, 18), await make(after, 18)];
  const issued = await console_.call('statements.issue', of(before, 19));
  const alone = await make(after, 19);
  await console_.call('customers.unmap', { customerId: before, connectionId, userId });
  await console_.call('customers.map', { customerId: after, connectionId, userId });

  // nothing of that day is issued: both are held back, and one decision settles both
  for (const id of [before, after]) {
    const { state, held } = await make(id, 18);
    expect([state, held]).toEqual(['draft', [expect.objectContaining({ userId, item: 'user' })]]);
    await expect(make(id, 18, true)).rejects.toMatchObject({ code: 'COVERAGE_INCOMPLETE' });
  }
  const { taskId } = await console_.call('statements.issueAll', dayOf(18));
  const run = (await finish(taskId)) as { items: { customerId: string; error: unknown }[] };
  const refused = run.items.filter(({ error }) => error !== null);
  expect(refused.map((one) => one.customerId).sort()).toEqual(
    expect.arrayContaining([before, after]),
  );
  expect(await accept(before, 18)).toMatchObject({ state: 'final', total: whole.total });
  const rest = await make(after, 18, true);
  expect([rest.total, rest.users.some((user) => user.userId === userId)]).toEqual([
    own.total,
    false,
  ]);
  expect(rest.unmapped).toContainEqual(expect.stringContaining(email ?? ''));

  // in an issued statement of that time: left out of the other, once somebody has seen it
  const held = await make(after, 19);
  expect([held.state, held.total]).toEqual(['draft', alone.total]);
  expect(held.reasons).toEqual([expect.stringContaining(issued.number)]);
  expect(await accept(after, 19)).toMatchObject({ state: 'final', total: alone.total });
  const both = [
    issued.statementId,
    (await console_.call('statements.issue', of(after, 19))).statementId,
  ];
  expect(await draft(both)).toMatchObject({ created: 2, failed: 0 });
});

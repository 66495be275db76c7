import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { day } from '#shared/durations.ts';
import { type Simulator, startSimulator } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { refreshSizes } from '#test/fakes/billed-cluster.ts';
import { taskResult } from '#test/fakes/task-end.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const tariff = {
  ...{ name: 'Standard', currency: 'EUR', minorDigits: 2, gigabyte: 'decimal' as const },
  pricesIn: 'currency' as const,
  prices: [
    {
      ...{ validFrom: '2020-01-01', storedPerGbHour: '0', downloadedPerGb: '8' },
      ...{ uploadedPerGb: '1', putPerThousand: '5', getPerThousand: '0.04' },
      ...{ listPerThousand: '5', otherPerThousand: '0' },
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
let mapped: { customerId: string; userId: string; serviceId: string }[];

const page = { offset: 0, limit: 100 };

const taskOf = async (starting: Promise<{ taskId: string }>) =>
  taskResult(console_, (await starting).taskId);

/** A statement of the last days, each time of another customer. */
async function issue(index: number, by = tariffId): Promise<string> {
  const hour = 3_600_000;
  const to = Math.floor(Date.now() / hour) * hour;
  const period = {
    from: new Date(to - 2 * day).toISOString(),
    to: new Date(to).toISOString(),
  };
  const { customerId = '' } = mapped[index] ?? {};
  const input = { customerId, tariffId: by, ...period, acceptHeld: true };
  return (await console_.call('statements.issue', input)).statementId;
}

const addItems = (statementId: string, more: { again?: boolean } = {}) =>
  taskOf(console_.call('invoices.addItems', { billingId, statementIds: [statementId], ...more }));
const draftsOf = (statementId: string) =>
  console_.call('invoices.preview', { billingId, statementIds: [statementId] });
const statesOf = async (statementId: string) =>
  (await console_.call('invoices.items', { billingId, statementId })).rows.map(
    ({ state }) => state,
  );

beforeAll(async () => {
  gateway = await startSimulator({ usage: 400, users: 12, buckets: 40, hugeCounters: false });
  const emails = [...gateway.state.users.byId.values()]
    .filter(({ system }) => !system)
    .map(({ email }) => email);
  whmcs = await startWhmcsSimulator({ clients: 11, emails });
  for (const client of whmcs.state.clients.values()) client.currency = 1;
  for (const service of whmcs.state.services.values()) service.status = 'Active';
  console_ = await TestConsole.start();
  const { url: endpoint, accessKeyId, secretKey } = gateway;
  ({ id: connectionId } = await console_.call('connections.save', {
    ...{ name: 'Rack 1', endpoint, accessKeyId, secretKey, environment: 'lab' },
  }));
  await refreshSizes(console_, connectionId);
  await taskOf(console_.call('usage.collect', { connectionId }));
  ({ tariffId } = await console_.call('tariffs.save', { connectionId, tariff }));
  const { url, identifier, secret } = whmcs;
  const billing = { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret };
  ({ id: billingId } = await console_.call('billing.save', billing));
  await console_.call('billing.refresh', { id: billingId });
  const { rows } = await console_.call('customers.suggestions', page);
  mapped = rows.flatMap(({ customerId, userId, serviceId }) =>
    serviceId === null ? [] : [{ customerId, userId, serviceId }],
  );
  for (const mapping of mapped) await console_.call('customers.map', { ...mapping, connectionId });
});

afterEach(() => whmcs.faults.clear());

afterAll(async () => {
  await console_.end();
  await whmcs.stop();
  await gateway.stop();
});

describe('billable items', () => {
  it('are previewed, sent once with the sum of the statement, and never next to an invoice', async () => {
    const statementId = await issue(0);
    const preview = await console_.call('invoices.items', { billingId, statementId });
    expect(preview.rows.length).toBeGreaterThan(1);
    expect(new Set(preview.rows.map(({ state }) => state))).toEqual(new Set(['new']));
    expect(whmcs.state.billableItems).toHaveLength(0);
    // pages that are open learn that the statement is billed now
    const events: string[] = [];
    const end = console_.core.events.subscribe(({ name }) => events.push(name));
    expect(await addItems(statementId)).toMatchObject({ sent: preview.rows.length, failed: 0 });
    end();
    expect(events).toContain('customers.changed');
    expect(await addItems(statementId)).toMatchObject({ sent: 0, existing: preview.rows.length });
    const { issued } = await console_.call('statements.get', { statementId });
    const sum = whmcs.state.billableItems.reduce((total, { amount }) => total + amount, 0);
    expect(sum).toBe(Number(issued.total));
    expect(whmcs.state.billableItems.map(({ description }) => description)).toEqual(
      preview.rows.map(({ description }) => description),
    );
    expect(
      await taskOf(console_.call('invoices.draft', { billingId, statementIds: [statementId] })),
    ).toMatchObject({ created: 0, failed: 1, verified: [], open: [] });
    expect(whmcs.state.invoices.size).toBe(0);
    const left = [{ why: 'items', statements: 1, first: [{ statementId }] }];
    expect(await draftsOf(statementId)).toMatchObject({ sums: [], left });

    const other = await issue(1);
    await taskOf(console_.call('invoices.draft', { billingId, statementIds: [other] }));
    expect((await draftsOf(other)).left).toMatchObject([{ why: 'drafted', statements: 1 }]);
    const before = whmcs.state.billableItems.length;
    expect(await addItems(other)).toMatchObject({
      ...{ sent: 0, failed: 1 },
      failures: [{ message: expect.stringContaining('billed twice') }],
    });
    expect(whmcs.state.billableItems).toHaveLength(before);
  });

  it('whose answer was lost are not sent again before somebody has looked', async () => {
    const statementId = await issue(2);
    const before = whmcs.state.billableItems.length;
    whmcs.faults.add({ kind: 'drop-after', action: 'AddBillableItem', count: 1 });
    expect(await addItems(statementId)).toMatchObject({ unknown: 1, failed: 1 });
    const states = await statesOf(statementId);
    expect(states.filter((state) => state === 'unknown')).toHaveLength(1);
    expect(states.filter((state) => state === 'sent')).toHaveLength(states.length - 1);
    await console_.restart();
    expect(await addItems(statementId)).toMatchObject({ sent: 0, unknown: 1 });
    expect(whmcs.state.billableItems).toHaveLength(before + states.length);
    expect(await addItems(statementId, { again: true })).toMatchObject({ sent: 1, unknown: 0 });
    const { rows } = await console_.call('customers.journal', page);
    expect(rows.filter(({ action }) => action === 'invoices.addItems').at(0)).toMatchObject({
      result: 'done',
    });
  });

  it('that WHMCS refuses fail with its reason and are sent the next time', async () => {
    const statementId = await issue(3);
    whmcs.denied.add('AddBillableItem');
    expect(await addItems(statementId)).toMatchObject({
      ...{ sent: 0, failed: 1 },
      failures: [{ message: expect.stringContaining('AddBillableItem') }],
    });
    whmcs.denied.delete('AddBillableItem');
    expect(await addItems(statementId)).toMatchObject({ failed: 0, unknown: 0 });
    expect(new Set(await statesOf(statementId))).toEqual(new Set(['sent']));
  });
});

it('a base fee next to the recurring amount of a service is said before it is drafted', async () => {
  const [first] = tariff.prices;
  const prices = first ? [{ ...first, baseFee: '300' }] : [];
  const withFee = { ...tariff, prices };
  const { tariffId: by } = await console_.call('tariffs.save', { connectionId, tariff: withFee });
  const { customerId = '', serviceId = '' } = mapped[4] ?? {};
  const statementId = await issue(4, by);
  const { statement } = await console_.call('statements.get', { statementId });
  const baseFee = statement.fees?.[0]?.amount ?? 0;
  expect(Number(baseFee)).toBeGreaterThan(0);
  const { serviceList } = await console_.call('customers.get', { customerId });
  const service = serviceList.find((one) => one.serviceId === serviceId);
  const { externalId, productName, recurringAmount } = service ?? {};
  expect(Number(recurringAmount)).toBeGreaterThan(0);
  // the preview of a statement says the same before it is issued
  const { currency, minorDigits, users, from, to } = statement;
  const elsewhere = () =>
    console_.call('statements.chargedElsewhere', {
      ...{ customerId, customerName: 'Example', currency, minorDigits, baseFee, from, to },
      users: users.map(({ userId }) => ({ connectionId, userId })),
    });
  expect(await elsewhere()).toMatchObject({
    twice: { customers: [{ customerId, baseFee, services: [{ externalId, recurringAmount }] }] },
    byUser: [],
  });
  expect((await draftsOf(statementId)).twice).toMatchObject({
    sums: [{ currency: 'EUR', invoices: 1, customers: 1, total: baseFee }],
    customers: [{ customerId, baseFee, services: [{ externalId, productName, recurringAmount }] }],
  });
  const { taskId } = await console_.call('invoices.draft', {
    ...{ billingId, statementIds: [statementId] },
  });
  expect(await taskResult(console_, taskId)).toMatchObject({ created: 1 });
  expect(await draftsOf(statementId)).toMatchObject({
    ...{ sums: [], left: [{ why: 'drafted' }] },
    twice: { customers: [{ customerId, baseFee }] },
  });
  // one without a recurring amount pays the base fee alone
  for (const one of whmcs.state.services.values()) {
    if (String(one.id) === externalId) one.recurringamount = 0;
  }
  await console_.call('billing.refresh', { id: billingId });
  expect((await draftsOf(statementId)).twice).toEqual({ sums: [], customers: [] });
  expect((await elsewhere()).twice).toEqual({ sums: [], customers: [] });
});

describe('usage figures', () => {
  const serviceOf = (externalId: string) => whmcs.state.services.get(Number(externalId));
  const send = (customerIds: string[]) =>
    taskOf(console_.call('invoices.sendUsage', { billingId, customerIds }));

  it('are previewed, written and read back, and refused where WHMCS bills overages itself', async () => {
    const now = new Date();
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())).toISOString();
    const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString();
    const report = await console_.call('usage.report', {
      ...{ connectionId, from, to, groupBy: 'user' },
    });
    const sizes = (await console_.call('users.list', { connectionId })).rows;
    let refused = 0;
    for (const { customerId, userId } of mapped) {
      const { rows } = await console_.call('invoices.usage', { customerId });
      const [row] = rows;
      const service = serviceOf(row?.externalId ?? '');
      if (service?.pid === 13) {
        refused += 1;
        expect(row).toMatchObject({ wanted: null, refusal: expect.stringContaining('overages') });
        continue;
      }
      const bytes = sizes.find((user) => user.userId === userId)?.currentBytes ?? 0;
      const used = report.rows.find((of) => of.userId === userId);
      const traffic = BigInt(used?.uploaded ?? 0) + BigInt(used?.downloaded ?? 0);
      expect(row).toMatchObject({
        refusal: null,
        found: { diskMb: 0, bandwidthMb: 0 },
        wanted: {
          diskMb: Number(BigInt(bytes) / 1_048_576n),
          bandwidthMb: report.rows.length === 0 ? null : Number(traffic / 1_048_576n),
        },
      });
    }
    expect(refused).toBeGreaterThan(0);
    const ids = mapped.map(({ customerId }) => customerId);
    const written = (await send(ids)) as { written: number; unchanged: number };
    expect(written).toMatchObject({ refused, failed: 0 });
    expect(written.written + written.unchanged).toBe(ids.length - refused);
    for (const { customerId } of mapped) {
      const [row] = (await console_.call('invoices.usage', { customerId })).rows;
      if (row?.wanted === null) expect(serviceOf(row.externalId)?.diskusage).toBe(0);
      // nothing is written where nothing is known of the month, as on its first day
      else
        expect(row?.found).toEqual({ ...row?.wanted, bandwidthMb: row?.wanted.bandwidthMb ?? 0 });
    }
    const calls = whmcs.log.filter(({ action }) => action === 'UpdateClientProduct').length;
    expect(await send(ids)).toMatchObject({ written: 0, unchanged: ids.length - refused });
    expect(whmcs.log.filter(({ action }) => action === 'UpdateClientProduct')).toHaveLength(calls);
  });

  it('whose answer is lost are read back; HTML for JSON and a wrong read-back fail', async () => {
    const able = [];
    for (const { customerId } of mapped) {
      const [row] = (await console_.call('invoices.usage', { customerId })).rows;
      if (row?.wanted) able.push({ customerId, externalId: row.externalId });
    }
    const [one] = able;
    const service = serviceOf(one?.externalId ?? '');
    if (!one || !service) throw new Error('no service without overages');
    const change = () => {
      service.diskusage = 999_999;
    };
    change();
    whmcs.faults.add({ kind: 'drop-after', action: 'UpdateClientProduct', count: 1 });
    expect(await send([one.customerId])).toMatchObject({ written: 1, failed: 0 });
    change();
    whmcs.faults.add({ kind: 'html-503', action: 'UpdateClientProduct', count: 1 });
    expect(await send([one.customerId])).toMatchObject({ written: 0, failed: 1 });
    expect(service.diskusage).toBe(999_999);
    const { rows } = await console_.call('customers.journal', page);
    expect(
      rows.filter(({ action }) => action === 'invoices.sendUsage').map(({ result }) => result),
    ).toEqual(expect.arrayContaining(['intent', 'done', 'failed']));
    expect(JSON.stringify(rows)).not.toContain(service.password);
  });
});

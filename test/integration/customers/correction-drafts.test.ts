import { afterAll, beforeAll, expect, it } from 'vitest';
import { BilledCluster, standardTariff as tariff } from '#test/fakes/billed-cluster.ts';

const period = { from: '2026-10-18T00:00:00.000Z', to: '2026-10-20T00:00:00.000Z' };
let cluster: BilledCluster;

beforeAll(async () => {
  cluster = await BilledCluster.start();
});

afterAll(() => cluster.end());

const call: BilledCluster['console']['call'] = (name, input) => cluster.console.call(name, input);

/** A customer whose statement is issued, with a user of another customer that it can get. */
async function issuedOf(place: number) {
  const { tariffId, connectionId, customerIds } = cluster;
  const [customerId = '', other = ''] = customerIds.slice(2 * place);
  const { externalId } = await call('customers.get', { customerId });
  const { users } = await call('customers.get', { customerId: other });
  const { userId = '' } = users[0] ?? {};
  const issued = await call('statements.issue', { customerId, tariffId, ...period });
  await call('customers.unmap', { customerId: other, connectionId, userId });
  const more = { customerId, connectionId, userId };
  return {
    ...{ customerId, issued },
    invoices: () =>
      [...cluster.whmcs.state.invoices.values()].filter(
        ({ userid }) => String(userid) === externalId,
      ),
    /** A correction with one user more, or one less. */
    correct: async (verb: 'map' | 'unmap', statementId = issued.statementId) => {
      await call(`customers.${verb}`, more);
      return call('statements.issue', { corrects: statementId });
    },
  };
}

const nothingMade = { created: 0, existing: 1, failed: 0 };
const outstanding = () => call('invoices.outstanding', { billingId: cluster.billingId, ...period });
const subtotals = (rows: readonly { items: readonly { amount: number }[] }[]) =>
  rows.map(({ items }) => items.reduce((sum, { amount }) => sum + amount, 0));

it('a correction of an invoiced statement drafts the difference, once', async () => {
  const { issued, correct, invoices, customerId } = await issuedOf(0);
  await cluster.draft([issued.statementId]);
  const correction = await correct('map');
  const difference = Number(correction.total) - Number(issued.total);
  expect(difference).toBeGreaterThan(0);
  expect((await outstanding()).statementIds).toContain(correction.statementId);
  const sum = { currency: 'EUR', minorDigits: 2, invoices: 1, customers: 1, total: difference };
  const both = [issued.statementId, correction.statementId];
  const { billingId } = cluster;
  expect(await call('invoices.preview', { billingId, statementIds: both })).toMatchObject({
    sums: [sum],
    left: [{ why: 'corrected', statements: 1, first: [{ number: issued.number }] }],
  });
  // the answer to the first attempt is lost
  cluster.whmcs.faults.add({ kind: 'drop-after', action: 'CreateInvoice', count: 1 });
  expect(await cluster.draft([correction.statementId])).toMatchObject({
    ...{ created: 1, failed: 0, verified: [sum], open: [] },
  });
  expect(await cluster.draft([correction.statementId])).toMatchObject({
    ...{ ...nothingMade, verified: [sum] },
  });
  expect(subtotals(invoices())).toEqual([Number(issued.total), difference]);
  const words = `Correction of ${issued.number} by ${correction.number}`;
  expect(invoices()[1]?.items).toMatchObject([{ description: expect.stringContaining(words) }]);
  const { rows } = await call('invoices.list', { customerId });
  expect(rows[0]).toMatchObject({
    number: correction.number,
    state: 'drafted',
    subtotal: difference,
  });
  expect((await outstanding()).statementIds).not.toContain(correction.statementId);
  expect(await cluster.draft([issued.statementId])).toMatchObject({
    failed: 1,
    failures: [{ message: expect.stringContaining(`was corrected by ${correction.number}`) }],
  });
});

it('a correction that comes to less is left to be credited, and drafted whole once the draft is deleted', async () => {
  const { issued, correct, invoices } = await issuedOf(1);
  const more = await correct('map');
  // what was corrected before it was invoiced is invoiced whole
  expect(await cluster.draft([more.statementId])).toMatchObject({ created: 1 });
  expect(subtotals(invoices())).toEqual([Number(more.total)]);
  const less = await correct('unmap', more.statementId);
  expect(less.total).toBe(issued.total);
  const amount = Number(more.total) - Number(less.total);
  const credit = { statementId: less.statementId, number: less.number, amount };
  expect((await outstanding()).toCredit).toMatchObject([credit]);
  expect((await outstanding()).statementIds).not.toContain(less.statementId);
  const { billingId } = cluster;
  const of = { billingId, statementIds: [less.statementId] };
  expect((await call('invoices.preview', of)).left).toMatchObject([{ why: 'credit' }]);
  expect(await cluster.draft([less.statementId])).toMatchObject({
    failures: [{ message: expect.stringContaining('WHMCS has no call that makes a credit note') }],
  });
  expect(invoices()).toHaveLength(1);
  cluster.whmcs.state.invoices.delete(Number(invoices()[0]?.id));
  expect(await cluster.draft([less.statementId])).toMatchObject({ created: 1, failed: 0 });
  expect(subtotals(invoices())).toEqual([Number(less.total)]);
});

it('an invoice whose notes lost the reference still counts; a cancelled one does not', async () => {
  const { issued, correct, invoices } = await issuedOf(2);
  await cluster.draft([issued.statementId]);
  const [first] = invoices();
  if (first) first.notes = 'edited by hand';
  const correction = await correct('map');
  const difference = Number(correction.total) - Number(issued.total);
  expect(await cluster.draft([correction.statementId])).toMatchObject({ created: 1 });
  expect(subtotals(invoices())).toEqual([Number(issued.total), difference]);
  for (const invoice of invoices()) invoice.status = 'Cancelled';
  const next = await correct('unmap', correction.statementId);
  expect(await cluster.draft([next.statementId])).toMatchObject({ created: 1 });
  expect(subtotals(invoices()).at(-1)).toBe(Number(next.total));
});

it('a statement that was sent as billable items is corrected by hand, and said so', async () => {
  const { issued, correct, invoices } = await issuedOf(3);
  const { billingId } = cluster;
  const { statementId } = issued;
  const { taskId } = await call('invoices.addItems', { billingId, statementIds: [statementId] });
  await cluster.finish(taskId);
  const correction = await correct('map');
  expect(await cluster.draft([correction.statementId])).toMatchObject({
    failures: [{ message: expect.stringContaining(`${issued.number} was sent as billable items`) }],
  });
  expect(invoices()).toEqual([]);
});

it('a statement has its base fee from the day the service was registered, and never changes once issued', async () => {
  const { connectionId, billingId, customerIds, whmcs } = cluster;
  const registered = async (day: string) => {
    for (const service of whmcs.state.services.values()) service.regdate = day;
    await call('billing.refresh', { id: billingId });
  };
  await registered('2024-02-29');
  const found = await Promise.all(
    customerIds.map((customerId) => call('customers.get', { customerId })),
  );
  const { rows: billed } = await call('statements.issued', { compare: false, limit: 100 });
  const customer = found.find(
    ({ customerId, serviceList, users }) =>
      serviceList[0] &&
      users.length === 1 &&
      billed.every((statement) => statement.customerId !== customerId),
  );
  const { customerId = '', serviceList = [], users: [{ userId = '' } = {}] = [] } = customer ?? {};
  const serviceId = serviceList[0]?.serviceId;
  await call('customers.map', { customerId, serviceId, connectionId, userId });
  const [prices] = tariff.prices;
  const body = {
    ...tariff,
    prices: [{ ...(prices as (typeof tariff.prices)[0]), baseFee: '3100' }],
  };
  const saved = await call('tariffs.save', { connectionId, tariff: body });
  const input = { customerId, tariffId: saved.tariffId, ...period };
  const issued = await call('statements.issue', input);
  const before = await call('statements.get', { statementId: issued.statementId });
  expect(before.statement.fees).toMatchObject([{ from: '2026-10-18T00:00:00.000Z', amount: 200 }]);

  await registered('2026-10-19');
  const now = await call('statements.make', input);
  expect(now.fees).toMatchObject([{ from: '2026-10-19T00:00:00.000Z', amount: 100 }]);
  const again = await call('statements.get', { statementId: issued.statementId });
  expect(again).toEqual(before);
  expect(await call('statements.issue', input)).toEqual(issued);
  const { rows } = await call('statements.issued', { customerId, limit: 100 });
  const row = rows.find(({ statementId }) => statementId === issued.statementId);
  expect(row?.change).toMatchObject({
    ...{ changed: true, difference: -100 },
    words: 'Changed since issued: -1.00 EUR, fees from 2026-10-19 on.',
  });
  await call('customers.unmap', { customerId, connectionId, userId });
  await call('customers.map', { customerId, connectionId, userId });
});

it('says what of a statement is invoiced, and what WHMCS has become of it, also once it was corrected', async () => {
  const { issued, correct, invoices } = await issuedOf(5);
  const { statementId } = issued;
  const standing = () => call('invoices.standing', { statementId });
  const open = { left: null, canDraft: true, unread: null };
  expect(await standing()).toMatchObject({ ...open, open: issued.total, drafts: [] });
  await cluster.draft([statementId]);
  const drafted = { statementId, left: 'drafted', open: 0 };
  expect(await standing()).toMatchObject({ ...drafted, drafts: [{ status: 'Draft' }] });
  const [first] = invoices();
  if (first) first.status = 'Unpaid';
  expect(await standing()).toMatchObject({ ...drafted, drafts: [{ status: 'Unpaid' }] });

  const correction = await correct('map');
  const { number } = correction;
  const difference = Number(correction.total) - Number(issued.total);
  const unpaid = { statementId, number: issued.number, status: 'Unpaid' };
  const left = { statementId: correction.statementId, number, open: difference, drafts: [unpaid] };
  expect(await standing()).toMatchObject({ ...open, ...left });
  await cluster.draft([correction.statementId]);
  const both = [unpaid, { statementId: correction.statementId, number, status: 'Draft' }];
  expect(await standing()).toMatchObject({ left: 'drafted', open: 0, drafts: both });
  cluster.whmcs.state.invoices.delete(Number(invoices()[1]?.id));
  expect((await standing()).drafts.map(({ status }) => status)).toEqual(['Unpaid', null]);
  const less = await correct('unmap', correction.statementId);
  // the invoice of the difference was deleted there: nothing is left to credit
  expect(await standing()).toMatchObject({ left: 'nothing', number: less.number, open: 0 });
  cluster.whmcs.faults.add({ kind: 'invalid-ip' });
  const unread = { code: 'BILLING_ADDRESS_REFUSED' };
  expect(await standing()).toMatchObject({ unread, drafts: [{ status: null }, { status: null }] });
  cluster.whmcs.faults.clear();
});

it('says that a correction that comes to less is to be drafted whole where WHMCS cancelled the invoice', async () => {
  const { issued, correct, invoices } = await issuedOf(6);
  const more = await correct('map');
  await cluster.draft([more.statementId]);
  const less = await correct('unmap', more.statementId);
  expect(less.total).toBe(issued.total);
  const standing = () => call('invoices.standing', { statementId: less.statementId });
  const difference = Number(less.total) - Number(more.total);
  const { statementId } = more;
  expect(await standing()).toMatchObject({
    ...{ left: 'credit', open: difference, drafts: [{ statementId, status: 'Draft' }] },
  });
  const [first] = invoices();
  if (first) first.status = 'Cancelled';
  expect(await standing()).toMatchObject({
    ...{ left: null, open: less.total, drafts: [{ statementId, status: 'Cancelled' }] },
  });
  expect(await cluster.draft([less.statementId])).toMatchObject({ created: 1, failed: 0 });
  expect(subtotals(invoices())).toEqual([Number(more.total), Number(less.total)]);
});

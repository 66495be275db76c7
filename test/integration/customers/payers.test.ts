import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { BilledCluster, standardTariff } from '#test/fakes/billed-cluster.ts';

let cluster: BilledCluster;

beforeAll(async () => {
  cluster = await BilledCluster.start();
});

afterAll(() => cluster.end());

const period = { from: '2026-10-18T00:00:00Z', to: '2026-10-20T00:00:00Z' };
const before = { from: '2026-10-16T00:00:00Z', to: '2026-10-18T00:00:00Z' };

it('users that nobody pays for are listed with their size and last month’s traffic', async () => {
  const { console: console_, connectionId, customerIds } = cluster;
  const customerId = customerIds[0] ?? '';
  const [{ userId = '' } = {}] = (await console_.call('customers.get', { customerId })).users;
  await console_.call('customers.unmap', { customerId, connectionId, userId });
  const october = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
  const groups = await console_.call('usage.report', { connectionId, ...october, groupBy: 'user' });
  const used = groups.rows.find((row) => row.userId === userId);
  expect(BigInt(used?.uploaded ?? 0) > 0n && BigInt(used?.downloaded ?? 0) > 0n).toBe(true);
  const { rows: listed } = await console_.call('users.list', { connectionId, limit: 100 });
  const { currentBytes } = listed.find((row) => row.userId === userId) ?? {};
  const unpaidIn = async (now: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now });
    const { month, rows } = await console_.call('customers.unpaid', { limit: 100 });
    vi.useRealTimers();
    return { month, row: rows.find((row) => row.userId === userId) };
  };
  const { uploaded, downloaded } = used ?? {};
  expect(await unpaidIn(Date.UTC(2026, 10, 2))).toMatchObject({
    ...{ month: '2026-10', row: { currentBytes, traffic: { uploaded, downloaded } } },
  });
  // nothing is archived of November: not known, never zero
  expect(await unpaidIn(Date.UTC(2026, 11, 2))).toMatchObject({
    ...{ month: '2026-11', row: { currentBytes, traffic: null } },
  });
  await console_.call('customers.map', { customerId, connectionId, userId });
});

it('usage that a statement by user bills is said before a customer is billed for it', async () => {
  const { console: console_, connectionId, billingId, tariffId, customerIds } = cluster;
  const [customerId = ''] = customerIds;
  await console_.call('customers.setTariff', { customerId, tariffId });
  const foretold = async (of: { from: string; to: string }) =>
    (await console_.call('statements.previewAll', { billingId, ...of })).elsewhere.byUser;
  const first = { from: period.from, to: '2026-10-19T00:00:00Z' };
  const second = { from: first.to, to: period.to };
  expect(await foretold(period)).toEqual([]);
  const { users } = await console_.call('customers.get', { customerId });
  const userIds = users.map(({ userId }) => userId);
  const by = { connectionId, tariffId, ...first };
  const { statementId, number } = await console_.call('statements.issue', { ...by, userIds });
  const said = [{ connectionId, statementId, number, customers: [{ customerId }] }];
  expect(await foretold(period)).toMatchObject(said);
  expect(await foretold(second)).toEqual([]);
  const statement = await console_.call('statements.make', { customerId, ...period });
  const { currency, minorDigits } = statement;
  const charges = { customerId, customerName: 'Example', currency, minorDigits, baseFee: 0 };
  const elsewhere = await console_.call('statements.chargedElsewhere', {
    ...{ ...charges, ...period },
    users: statement.users.map((user) => ({ connectionId, userId: user.userId })),
  });
  expect(elsewhere).toMatchObject({ byUser: said, twice: { customers: [] } });
  await console_.call('customers.setTariff', { customerId, tariffId: null });
});

it('users of a cluster have payers: who has them, and who was billed for them in the period', async () => {
  const { console: console_, connectionId, tariffId, customerIds } = cluster;
  const payers = (of: { from: string; to: string }, userIds?: string[]) =>
    console_.call('statements.payers', {
      ...{ connectionId, ...of },
      ...(userIds ? { userIds } : {}),
    });
  const [customerId = '', other = ''] = customerIds;
  const customer = await console_.call('customers.get', { customerId });
  const mapped = (await console_.call('customers.suggestions', { limit: 1 })).total;
  const all = await payers(period);
  expect(mapped).toBe(0);
  expect(all).toMatchObject({ customers: customerIds.length, issued: 0 });
  expect(all.users).toBeGreaterThanOrEqual(customerIds.length);
  expect(all.first).toHaveLength(Math.min(10, customerIds.length));
  expect(await payers(period, [])).toEqual({ users: 0, customers: 0, issued: 0, first: [] });

  const { number } = await console_.call('statements.issue', { customerId, tariffId, ...period });
  const issued = await payers(period);
  expect(issued).toMatchObject({ users: all.users, customers: all.customers, issued: 1 });
  // named first, whatever the names of the others
  expect(issued.first[0]).toMatchObject({ customerId, number });
  expect(await payers(before)).toMatchObject({ issued: 0 });

  const userIds = customer.users.map(({ userId }) => userId);
  expect(await payers(period, userIds)).toMatchObject({ users: userIds.length, customers: 1 });
  // whoever gave a user away was billed for it all the same
  const [userId = ''] = userIds;
  await console_.call('customers.unmap', { customerId, connectionId, userId });
  await console_.call('customers.map', { customerId: other, connectionId, userId });
  expect((await payers(period, [userId])).first.map((one) => one.customerId)).toEqual([
    customerId,
    other,
  ]);
  expect((await payers(before, [userId])).first.map((one) => one.customerId)).toEqual([other]);
});

it('a customer is billed once for each hour, whatever tariff and period a script asks for', async () => {
  const { console: console_, connectionId, tariffId, customerIds } = cluster;
  const customerId = customerIds.at(-1) ?? '';
  const { tariffId: other } = await console_.call('tariffs.save', {
    ...{ connectionId, tariff: { ...standardTariff, name: 'Dearer' } },
  });
  const issue = (of: object = {}) =>
    console_.call('statements.issue', { customerId, tariffId, ...period, ...of });
  // both are made before either is in the register
  const both = await Promise.allSettled([issue(), issue({ tariffId: other })]);
  const made = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [issued, second] = made;
  if (!issued || second) throw new Error(`${made.length} statements were issued.`);
  const refusal = {
    code: 'CONFLICT',
    message: `${issued.number} bills 2026-10-18 00:00 to 2026-10-20 00:00 UTC already.`,
    hint: expect.stringContaining('Issue a correction of it, by any version of its tariff'),
    details: { statementId: issued.statementId, number: issued.number },
  };
  expect(both.find((one) => one.status === 'rejected')).toMatchObject({ reason: refusal });
  const another = issued.tariffId === tariffId ? other : tariffId;
  const half = { to: '2026-10-19T00:00:00Z' };
  const over = { from: before.from, to: '2026-10-18T01:00:00Z' };
  for (const of of [{ tariffId: another }, half, over, { ...over, to: '2026-10-21T00:00:00Z' }]) {
    await expect(issue({ tariffId: issued.tariffId, ...of })).rejects.toMatchObject(refusal);
  }
  expect(await issue({ tariffId: issued.tariffId })).toEqual(issued);

  // by the tariff that it has now, nothing is named: it is the same question as before
  await console_.call('customers.setTariff', { customerId, tariffId: another });
  expect(await issue({ tariffId: undefined })).toEqual(issued);
  await console_.call('customers.setTariff', { customerId, tariffId: issued.tariffId });
  // the customer's own is used in place of the one that is asked for
  expect(await issue({ tariffId: another })).toEqual(issued);
  const { number } = await issue(before);
  expect(number).not.toBe(issued.number);
  const { rows } = await console_.call('statements.issued', { customerId });
  expect(rows.map((row) => row.number)).toEqual([number, issued.number]);
  await console_.call('customers.setTariff', { customerId, tariffId: null });
});

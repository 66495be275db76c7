import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BilledCluster, standardTariff } from '#test/fakes/billed-cluster.ts';

const period = { from: '2026-10-18T00:00:00.000Z', to: '2026-10-20T00:00:00.000Z' };
const [price] = standardTariff.prices;
const tariff = { ...standardTariff, prices: [{ ...price, baseFee: '500' }] } as never;
let billed: BilledCluster;
let console_: BilledCluster['console'];

beforeAll(async () => {
  billed = await BilledCluster.start({ tariff });
  console_ = billed.console;
});

afterAll(() => billed.end());

const userOf = async (customerId: string) =>
  (await console_.call('customers.get', { customerId })).users[0]?.userId ?? '';
const issue = (customerId: string) =>
  console_.call('statements.issue', { customerId, tariffId: billed.tariffId, ...period });
const contentOf = async (statementId: string) =>
  (await console_.call('statements.get', { statementId })).statement;

/** A customer whose statement is issued, and which has lost its only user since. */
async function mistaken(at: number) {
  const { connectionId, customerIds } = billed;
  const customerId = customerIds[at] ?? '';
  const userId = await userOf(customerId);
  const issued = await issue(customerId);
  const asked = { statementId: issued.statementId, connectionId, userId };
  return { customerId, userId, issued, asked, user: { connectionId, userId } };
}

it('what was billed by mistake is taken back by a correction that says who decided so, and why', async () => {
  const { customerId, user, issued, asked } = await mistaken(0);
  expect(issued.total).toBeGreaterThan(500);
  const reason = 'It is a tenant of another company';
  // it has the user still: it pays for it
  await expect(console_.call('statements.previewTakeBack', asked)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('belongs to this customer'),
  });
  await console_.call('customers.unmap', { customerId, ...user });
  const { statementId } = issued;
  expect(await console_.call('statements.corrections', { statementId })).toMatchObject({
    changed: false,
  });

  const preview = await console_.call('statements.previewTakeBack', asked);
  expect(preview).toMatchObject({ total: 0, difference: -Number(issued.total) });
  // nothing was written by that
  expect(await console_.call('statements.corrections', { statementId })).toMatchObject({
    changed: false,
  });
  const correction = await console_.call('statements.takeBack', { ...asked, reason });
  expect(correction).toMatchObject({ corrects: statementId, total: 0, users: 0, customerId });
  const { users, fees, held } = await contentOf(correction.statementId);
  expect([users, fees]).toEqual([[], []]);
  expect(held).toMatchObject([
    { userId: user.userId, accepted: { reason, by: expect.any(String) } },
  ]);
  const { rows } = await console_.call('customers.journal', { customerId });
  expect(rows).toContainEqual(
    expect.objectContaining({
      action: 'statements.takeBack',
      details: expect.objectContaining({ userId: user.userId, reason }),
    }),
  );
  // it stays so, and nothing is left to take back
  expect(await console_.call('statements.corrections', { statementId })).toMatchObject({
    changed: false,
    issued: { statementId: correction.statementId },
  });
  await expect(console_.call('statements.takeBack', { ...asked, reason })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });

  // whoever turns out to have it is billed for it, and nobody twice
  const [, other = ''] = billed.customerIds;
  const own = await issue(other);
  const since = '2026-10-01T00:00:00.000Z';
  const handed = await console_.call('customers.handOver', { customerId: other, ...user, since });
  expect(handed.corrections.map(({ corrects }) => corrects)).toEqual([own.statementId]);
  const [now] = handed.corrections;
  const fee = Number((await contentOf(statementId)).fees?.[0]?.amount);
  expect(Number(now?.total)).toBe(Number(own.total) + Number(issued.total) - fee);
  expect(await console_.call('statements.corrections', { statementId })).toMatchObject({
    changed: false,
    total: 0,
  });
});

it.each([
  ['from a later day on', 7, '2026-10-20T00:00:00.000Z'],
  ['without a day', 8, undefined],
])('what is taken back stays so once another customer has the user %s', async (_, at, since) => {
  const { customerId, user, asked } = await mistaken(at);
  await console_.call('customers.unmap', { customerId, ...user });
  const { statementId } = await console_.call('statements.takeBack', { ...asked, reason: 'Error' });
  const other = billed.customerIds[9] ?? '';
  await console_.call('customers.map', { customerId: other, ...user, since });
  expect(await console_.call('statements.corrections', { statementId })).toMatchObject({
    changed: false,
    total: 0,
  });
});

it('what others of the customer use stays billed', async () => {
  const { customerId, user, issued, asked } = await mistaken(2);
  const { connectionId, customerIds } = billed;
  const lender = customerIds[3] ?? '';
  const second = { connectionId, userId: await userOf(lender) };
  await console_.call('customers.unmap', { customerId: lender, ...second });
  await console_.call('customers.handOver', {
    ...{ customerId, ...second, since: '2026-10-01T00:00:00.000Z' },
  });
  await console_.call('customers.unmap', { customerId, ...user });
  const preview = await console_.call('statements.previewTakeBack', asked);
  expect(preview.issued.corrects).toBe(issued.statementId);
  const correction = await console_.call('statements.takeBack', { ...asked, reason: 'Mistake' });
  expect(correction.corrects).toBe(preview.issued.statementId);
  const { users, fees } = await contentOf(correction.statementId);
  expect(users.map(({ userId }) => userId)).toEqual([second.userId]);
  expect(fees).toMatchObject([{ kind: 'base' }]);
  expect(Number(correction.total)).toBe(Number(preview.total));
});

it('fees begin with those whose usage stays billed, once the user of an earlier day is taken back', async () => {
  const { customerId, user, asked } = await mistaken(10);
  const { connectionId, customerIds } = billed;
  const lender = customerIds[11] ?? '';
  const second = { connectionId, userId: await userOf(lender) };
  const since = '2026-10-19T00:00:00.000Z';
  await console_.call('customers.unmap', { customerId: lender, ...second });
  await console_.call('customers.handOver', { customerId, ...second, since });
  await console_.call('customers.unmap', { customerId, ...user });
  await console_.call('customers.unmap', { customerId, ...second });
  const { statementId } = await console_.call('statements.takeBack', { ...asked, reason: 'Error' });
  const { users, fees } = await contentOf(statementId);
  expect(users.map(({ userId }) => userId)).toEqual([second.userId]);
  expect(fees).toMatchObject([{ kind: 'base', from: since }]);
});

it('a correction of another amount than the preview showed is refused, and nothing is decided', async () => {
  const { connectionId, customerIds } = billed;
  const [lender = '', customerId = ''] = customerIds.slice(12);
  const [first, second] = [await userOf(customerId), await userOf(lender)];
  await console_.call('customers.unmap', { customerId: lender, connectionId, userId: second });
  await console_.call('customers.handOver', {
    ...{ customerId, connectionId, userId: second, since: '2026-10-01T00:00:00.000Z' },
  });
  const { statementId } = await issue(customerId);
  for (const userId of [first, second]) {
    await console_.call('customers.unmap', { customerId, connectionId, userId });
  }
  const [one, two] = [first, second].map((userId) => ({ statementId, connectionId, userId }));
  if (!one || !two) throw new Error('no users');
  const shown = await console_.call('statements.previewTakeBack', one);
  const reason = 'Mapped by mistake';
  await console_.call('statements.takeBack', { ...two, reason });
  const { digest: expected } = shown;
  await expect(
    console_.call('statements.takeBack', { ...one, reason, expected }),
  ).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('differs from its preview'),
  });
  const unchanged = { changed: false };
  expect(await console_.call('statements.corrections', { statementId })).toMatchObject(unchanged);
  const { digest, total } = await console_.call('statements.previewTakeBack', one);
  const correction = await console_.call('statements.takeBack', {
    ...{ ...one, reason, expected: digest },
  });
  expect(correction.total).toBe(total);
});

it('nothing is decided where the correction cannot be issued, as if the process had died', async () => {
  const { customerId, user, issued, asked } = await mistaken(9);
  const { statementId } = issued;
  await console_.call('customers.unmap', { customerId, ...user });
  const database = new DatabaseSync(join(console_.dataDir, 'customers.sqlite'));
  const recorded = async () => (await console_.call('customers.journal', { customerId })).total;
  const before = await recorded();
  // nothing can be undone afterwards either
  const full = "BEGIN SELECT raise(ABORT, 'disk full'); END";
  database.exec(`CREATE TRIGGER full BEFORE INSERT ON issued_statement ${full};
    CREATE TRIGGER stays BEFORE DELETE ON accepted_line ${full};`);
  const takeBack = () =>
    console_.call('statements.takeBack', { ...asked, reason: 'Mapped by mistake' });
  await expect(takeBack()).rejects.toThrow();
  expect(await recorded()).toBe(before);
  database.exec('DROP TRIGGER full; DROP TRIGGER stays;');
  database.close();
  expect(await console_.call('statements.corrections', { statementId })).toMatchObject({
    changed: false,
    issued: { statementId },
  });
  // asked for twice at once, it is decided once
  const both = await Promise.allSettled([takeBack(), takeBack()]);
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const reason = { code: expect.stringMatching(/^(CONFLICT|NOT_FOUND)$/) };
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason });
  expect(await recorded()).toBe(before + 2);
});

it('a user that another customer has is handed over, not taken back', async () => {
  const { customerId, user, asked } = await mistaken(4);
  const other = billed.customerIds[5] ?? '';
  await console_.call('customers.unmap', { customerId, ...user });
  await console_.call('customers.map', { customerId: other, ...user });
  await expect(
    console_.call('statements.takeBack', { ...asked, reason: 'Mistake' }),
  ).rejects.toMatchObject({
    code: 'CONFLICT',
    hint: expect.stringContaining('say there from when on'),
  });
});

it('a statement keeps its fees from the day on that it was issued with, once its user is nobody’s', async () => {
  const { connectionId, customerIds, whmcs, billingId } = billed;
  const customerId = customerIds[6] ?? '';
  const { users, serviceList } = await console_.call('customers.get', { customerId });
  const [{ userId = '' } = {}] = users;
  const [service] = serviceList;
  const there = whmcs.state.services.get(Number(service?.externalId));
  if (!service || !there) throw new Error('no service');
  there.regdate = '2026-10-19';
  await console_.call('billing.refresh', { id: billingId });
  const { serviceId } = service;
  await console_.call('customers.unmap', { customerId, connectionId, userId });
  await console_.call('customers.map', { customerId, serviceId, connectionId, userId });
  const { statementId } = await issue(customerId);
  const from = '2026-10-19T00:00:00.000Z';
  expect((await contentOf(statementId)).fees).toMatchObject([{ from }]);
  const lender = customerIds[5] ?? '';
  const { rows } = await console_.call('statements.issued', { compare: false, limit: 100 });
  const had = await console_.call('customers.get', { customerId: lender });
  const other = had.users.find((user) => rows.every((row) => !row.userIds?.includes(user.userId)));
  const second = { serviceId, connectionId, userId: other?.userId ?? '' };
  await console_.call('customers.unmap', { customerId: lender, ...second });
  const since = '2026-10-01T00:00:00.000Z';
  const { corrections } = await console_.call('customers.handOver', {
    ...{ customerId, ...second, since },
  });
  expect((await contentOf(corrections[0]?.statementId ?? '')).fees).toMatchObject([{ from }]);
  for (const user of [{ serviceId, connectionId, userId }, second]) {
    await console_.call('customers.unmap', { customerId, ...user });
  }
  expect(await console_.call('statements.corrections', { statementId })).toMatchObject({
    changed: false,
  });
  // one of both is out: nothing says on which day the other began, and no fee grows by that
  const asked = { statementId, connectionId, userId };
  const taken = await console_.call('statements.takeBack', { ...asked, reason: 'Error' });
  const { users: left, fees } = await contentOf(taken.statementId);
  expect(left.map((user) => user.userId)).toEqual([second.userId]);
  expect(fees).toMatchObject([{ from }]);
});

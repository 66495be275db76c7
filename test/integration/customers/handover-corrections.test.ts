import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { BilledCluster } from '#test/fakes/billed-cluster.ts';
import type { TestConsole } from '#test/fakes/test-console.ts';

let billed: BilledCluster;
let console_: TestConsole;
let connectionId: string;
let tariffId: string;
let customerIds: string[];

/** Noon of a day of October 2026. */
const noon = (day: number): number => Date.UTC(2026, 9, day, 12);
const dayOf = (day: number): string => `2026-10-${String(day).padStart(2, '0')}T00:00:00.000Z`;

beforeAll(async () => {
  vi.setSystemTime(noon(20));
  billed = await BilledCluster.start();
  ({ console: console_, connectionId, tariffId, customerIds } = billed);
});

afterEach(() => vi.useRealTimers());
afterAll(() => billed.end());

const of = (customerId: string, from: number, to: number) => ({
  ...{ customerId, tariffId, from: dayOf(from), to: dayOf(to) },
});
const issue = (customerId: string, from: number, to: number) =>
  console_.call('statements.issue', of(customerId, from, to));
const differenceOf = ({ statementId }: { statementId: string }) =>
  console_.call('statements.corrections', { statementId });
const contentOf = async ({ statementId }: { statementId: string }) =>
  (await console_.call('statements.get', { statementId })).statement;

const userOf = async (customerId: string): Promise<string> =>
  (await console_.call('customers.get', { customerId })).users[0]?.userId ?? '';
const mapping = (customerId: string, userId: string) => ({ customerId, connectionId, userId });
const map = (customerId: string, userId: string, day: number, since?: number) => {
  vi.setSystemTime(noon(day));
  const hour = since === undefined ? {} : { since: dayOf(since) };
  return console_.call('customers.map', { ...mapping(customerId, userId), ...hour });
};
const unmap = (customerId: string, userId: string, day: number) => {
  vi.setSystemTime(noon(day));
  return console_.call('customers.unmap', mapping(customerId, userId));
};
const handOver = (customerId: string, userId: string, day: number, since: number) => {
  vi.setSystemTime(noon(day));
  return console_.call('customers.handOver', {
    ...{ ...mapping(customerId, userId), since: dayOf(since) },
  });
};

type Statement = CallOutput<'statements.make'>;
const linesOf = ({ users }: Statement, userId: string) =>
  users.find((user) => user.userId === userId)?.lines;

it('a correction keeps users that nobody has since, up to when the customer lost them', async () => {
  const [one = '', other = '', third = ''] = customerIds;
  const [own, moved] = [await userOf(one), await userOf(third)];
  await unmap(third, moved, 2);
  await map(one, moved, 2);
  const issued = await issue(one, 18, 20);
  const before = await contentOf(issued);
  await unmap(one, own, 22);
  expect(await differenceOf(issued)).toMatchObject({ changed: false });

  const { corrections } = await handOver(other, moved, 23, 19);
  expect(corrections).toMatchObject([{ corrects: issued.statementId }]);
  const after = await contentOf(corrections[0] ?? issued);
  expect(linesOf(before, own)).toBeDefined();
  expect(linesOf(after, own)).toEqual(linesOf(before, own));
  expect(linesOf(after, moved)).not.toEqual(linesOf(before, moved));

  // what others have by now is theirs
  await map(other, own, 24, 19);
  const { corrections: next } = await handOver(other, own, 25, 19);
  const last = await contentOf(next[0] ?? issued);
  expect(last.users.find(({ userId }) => userId === own)?.hours).toEqual([
    { from: dayOf(18), to: dayOf(19) },
  ]);
});

it('a statement whose users belong to nobody now is valid, and one whose users others have yields nothing', async () => {
  const [, , , one = '', other = ''] = customerIds;
  const userId = await userOf(one);
  const issued = await issue(one, 18, 20);
  expect(issued.total).not.toBe(0);
  await unmap(one, userId, 22);
  expect(await differenceOf(issued)).toMatchObject({ changed: false, total: issued.total });
  // lost in the middle of it, its hours from then on are nobody's
  const early = await issue(other, 18, 20);
  const second = await userOf(other);
  await unmap(other, second, 19);
  await expect(console_.call('statements.make', of(one, 18, 20))).rejects.toMatchObject({
    code: 'COVERAGE_INCOMPLETE',
  });
  const shorter = await differenceOf(early);
  expect(shorter).toMatchObject({ changed: true, users: [{ userId: second }] });
  expect(shorter.total).not.toBe(0);

  const { corrections } = await handOver(other, userId, 23, 10);
  expect(corrections.map(({ corrects }) => corrects)).toContain(issued.statementId);
  const correction = corrections.find(({ corrects }) => corrects === issued.statementId);
  expect([correction?.total, correction?.users]).toEqual([0, 0]);
});

it('a handover leaves statements alone that it does not concern', async () => {
  const [, , , , , one = '', other = '', third = ''] = customerIds;
  const userId = await userOf(third);
  await unmap(third, userId, 2);
  const old = await issue(one, 17, 18);
  await map(one, userId, 21, 10);
  const current = await issue(one, 18, 20);
  expect(linesOf(await contentOf(old), userId)).toBeUndefined();
  vi.setSystemTime(noon(23));
  const asked = { ...mapping(other, userId), since: dayOf(19) };
  const preview = await console_.call('customers.previewHandover', asked);
  expect(preview.corrections.map(({ number }) => number)).toEqual([current.number]);
  const { corrections } = await handOver(other, userId, 23, 19);
  expect(corrections.map(({ corrects }) => corrects)).toEqual([current.statementId]);
});

it('hours that go back to who had the user before are billed, also where it was ended in the middle', async () => {
  const [, , , , , , , , one = '', other = '', third = ''] = customerIds;
  const [userId, rest] = [await userOf(one), await userOf(third)];
  await unmap(third, rest, 2);
  await map(one, rest, 2);
  await handOver(other, userId, 16, 15);
  const [lacking, having] = [await issue(one, 17, 18), await issue(other, 17, 18)];
  // ended once the hour was written and the first was corrected
  await map(other, userId, 21, 19);
  const first = await console_.call('statements.issue', { corrects: having.statementId });
  expect(linesOf(await contentOf(first), userId)).toBeUndefined();
  const { corrections } = await handOver(other, userId, 21, 19);
  expect(corrections).toMatchObject([{ corrects: lacking.statementId, customerId: one }]);
  const back = await contentOf(corrections[0] ?? lacking);
  expect(linesOf(back, userId)).toEqual(linesOf(await contentOf(having), userId));
  expect((await handOver(other, userId, 22, 19)).corrections).toEqual([]);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { BilledCluster } from '#test/fakes/billed-cluster.ts';
import type { TestConsole } from '#test/fakes/test-console.ts';

let billed: BilledCluster;
let console_: TestConsole;
let connectionId: string;
let tariffId: string;
let customerIds: string[];

beforeAll(async () => {
  billed = await BilledCluster.start();
  ({ console: console_, connectionId, tariffId, customerIds } = billed);
});

afterAll(() => billed.end());

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
  const run = (await billed.finish(taskId)) as { items: { customerId: string; error: unknown }[] };
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
  expect(await billed.draft(both)).toMatchObject({ created: 2, failed: 0 });
});

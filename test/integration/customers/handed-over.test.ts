import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
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

async function setTariff(...ids: string[]): Promise<void> {
  for (const customerId of ids)
    await console_.call('customers.setTariff', { customerId, tariffId });
}

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
  const another = customerIds[4] ?? '';
  await setTariff(before, after, another);
  const { taskId } = await console_.call('statements.issueAll', dayOf(18));
  const run = (await billed.finish(taskId)) as {
    items: { customerId: string; error: { code: string } | null }[];
  };
  const held18 = run.items.filter(({ error }) => error?.code === 'COVERAGE_INCOMPLETE');
  expect(held18.map(({ customerId }) => customerId).sort()).toEqual([before, after].sort());
  expect(run.items.find(({ customerId }) => customerId === another)?.error).toBeNull();
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

it('a user that is in another’s statement for a part of the period is held back, not dropped', async () => {
  const [, , before = '', after = ''] = customerIds;
  const of = (customerId: string, from: number, to: number) => ({
    ...{ customerId, tariffId, from: `2026-10-${from}T00:00:00Z`, to: `2026-10-${to}T00:00:00Z` },
  });
  const [{ userId = '' } = {}] = (await console_.call('customers.get', { customerId: before }))
    .users;
  await console_.call('customers.unmap', { customerId: before, connectionId, userId });
  await console_.call('customers.map', { customerId: after, connectionId, userId });
  const lines = [{ connectionId, userId, item: 'user' as const }];
  const last = of(after, 19, 20);
  await console_.call('statements.acceptHeld', { ...last, lines, reason: 'as agreed' });
  const { number } = await console_.call('statements.issue', last);

  await setTariff(before, after);
  const both = of(before, 18, 20);
  const { state, held } = await console_.call('statements.make', both);
  expect([state, held]).toEqual(['draft', [expect.objectContaining({ userId, item: 'user' })]]);
  expect(held?.[0]?.words).toContain(number);
  const { customerId: _one, tariffId: _own, ...period } = both;
  const { taskId } = await console_.call('statements.issueAll', period);
  const run = (await billed.finish(taskId)) as { items: { customerId: string; error: unknown }[] };
  const item = run.items.find(({ customerId }) => customerId === before);
  expect(item?.error).toMatchObject({ code: 'COVERAGE_INCOMPLETE' });
  const refused = run.items.filter(({ error }) => error !== null).length;
  const task = await console_.call('tasks.get', { taskId });
  expect(task).toMatchObject({ done: run.items.length, failed: 0, waiting: refused });
  // the part that nobody has billed is a separate statement
  const rest = of(before, 18, 19);
  await console_.call('statements.acceptHeld', { ...rest, lines, reason: 'as agreed' });
  const made = await console_.call('statements.make', { ...rest, requireFinal: true });
  expect(made.users.map((user) => user.userId)).toContain(userId);
});

const total = (value: unknown): bigint => BigInt(String(value ?? 0));

/** What statements say that a user used, by item, together. */
function usedIn(
  statements: readonly CallOutput<'statements.make'>[],
  userId: string,
): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const { users } of statements) {
    for (const { item, quantity } of users.find((one) => one.userId === userId)?.lines ?? []) {
      sums[item] = (sums[item] ?? 0n) + total(quantity);
    }
  }
  return sums;
}

it('a user that was handed over is billed to each customer by the hour, and issued statements are corrected', async () => {
  const [before = '', after = ''] = customerIds.slice(5);
  const period = { from: '2026-10-18T00:00:00Z', to: '2026-10-20T00:00:00Z' };
  const make = (customerId: string) =>
    console_.call('statements.make', { customerId, tariffId, ...period });
  const [{ userId = '' } = {}] = (await console_.call('customers.get', { customerId: before }))
    .users;
  await setTariff(before, after);
  const [whole, own] = [await make(before), await make(after)];
  const issued = await console_.call('statements.issue', { customerId: before, ...period });
  await console_.call('customers.unmap', { customerId: before, connectionId, userId });
  await console_.call('customers.map', { customerId: after, connectionId, userId });
  const held = await make(after);
  expect(held.held).toEqual([expect.objectContaining({ userId, item: 'user' })]);
  expect(held.held?.[0]?.words).toContain(issued.number);

  const user = { customerId: after, connectionId, userId };
  const since = '2026-10-18T13:00:00.000Z';
  const statement = { customerId: after, tariffId, ...period };
  const preview = await console_.call('customers.previewHandover', { ...user, since, statement });
  expect(preview).toMatchObject({
    ...{ since, own: { since: null }, before: [{ customerId: before }] },
  });
  expect(preview.corrections).toMatchObject([{ number: issued.number, before: issued.total }]);
  const unchanged = await console_.call('statements.corrections', {
    statementId: issued.statementId,
  });
  expect([unchanged.changed, (await make(after)).held?.length]).toEqual([true, 1]);

  const { customer, corrections } = await console_.call('customers.handOver', { ...user, since });
  expect(customer.users.find((one) => one.userId === userId)?.before).toMatchObject({
    ...{ customerId: before, since },
  });
  expect(corrections).toMatchObject([{ corrects: issued.statementId }]);
  expect(corrections[0]?.total).toBe(preview.corrections[0]?.after);
  const [rest, taken] = [await make(before), await make(after)];
  expect([rest.held, taken.held, taken.total]).toEqual([[], [], preview.statement?.total]);
  expect(usedIn([rest, taken], userId)).toEqual(usedIn([whole], userId));
  expect(usedIn([rest], userId)).not.toEqual(usedIn([whole], userId));
  const there = taken.users.find((one) => one.userId === userId);
  expect(there?.hours).toEqual([{ from: since, to: '2026-10-20T00:00:00.000Z' }]);
  expect(there?.lines.every(({ from }) => from === since)).toBe(true);
  expect(total(preview.statement?.amount)).toBe(total(there?.amount));
  expect(total(taken.total) > total(own.total)).toBe(true);

  // both are drafted, and doing it again changes nothing
  const { own: recorded } = await console_.call('customers.previewHandover', { ...user, since });
  expect(recorded).toEqual({ since });
  const again = await console_.call('customers.handOver', { ...user, since });
  expect(again.corrections).toEqual([]);
  const next = await console_.call('statements.issue', { customerId: after, ...period });
  expect(await billed.draft([next.statementId])).toMatchObject({ created: 1, failed: 0 });

  // handed over from before the period, the statement of the other comes to nothing of the user
  const early = await console_.call('customers.handOver', { ...user, since: period.from });
  expect(early.corrections.map(({ customerId }) => customerId)).toEqual([before, after]);
  expect(usedIn([await make(after)], userId)).toEqual(usedIn([whole], userId));
  const { rows } = await console_.call('customers.journal', { customerId: after, limit: 50 });
  expect(rows.map(({ details }) => details.since)).toContain(since);
});

it('two real statements that have the same user are not both drafted', async () => {
  const [one = '', other = ''] = customerIds.slice(7);
  const period = { from: '2026-10-18T00:00:00Z', to: '2026-10-19T00:00:00Z' };
  const [{ userId = '', email = '' } = {}] = (
    await console_.call('customers.get', { customerId: one })
  ).users;
  await setTariff(one, other);
  // both have it, and both are issued as drafts before anybody sees it
  await console_.call('customers.map', { customerId: other, connectionId, userId });
  const issued = [];
  for (const customerId of [one, other]) {
    issued.push(await console_.call('statements.issue', { customerId, ...period }));
  }
  await console_.call('customers.unmap', { customerId: other, connectionId, userId });
  const [first, second] = issued.map(({ statementId }) => statementId) as [string, string];
  for (const [statementId, of] of [
    [first, issued[1]],
    [second, issued[0]],
  ] as const) {
    expect(await billed.draft([statementId])).toMatchObject({
      ...{ created: 0, failed: 1 },
      failures: [
        {
          message: expect.stringContaining(
            `${email} is in this statement and in ${of?.number} of `,
          ),
        },
      ],
    });
  }
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { BilledCluster, standardTariff } from '#test/fakes/billed-cluster.ts';

const period = { from: '2026-10-18T00:00:00.000Z', to: '2026-10-20T00:00:00.000Z' };
let billed: BilledCluster;
let console_: BilledCluster['console'];

beforeAll(async () => {
  billed = await BilledCluster.start();
  console_ = billed.console;
});

afterAll(() => billed.end());

const setTariff = (customerId: string, tariffId: string | null) =>
  console_.call('customers.setTariff', { customerId, tariffId });

async function preview() {
  const { items } = await console_.call('statements.previewAll', period);
  return items.map(({ error: _, ...row }) => row);
}

async function issue(previewed?: Awaited<ReturnType<typeof preview>>) {
  const { taskId } = await console_.call('statements.issueAll', { ...period, previewed });
  const { items, ...counts } = (await billed.finish(taskId)) as IssueAllResult;
  return { counts, of: new Map(items.map((item) => [item.customerId, item])), task: taskId };
}

it('issues what the preview showed alone, says of each other row how it differs, and issues it once it is previewed', async () => {
  const { connectionId, tariffId, customerIds } = billed;
  for (const customerId of customerIds) await setTariff(customerId, tariffId);
  const { items } = await console_.call('statements.previewAll', period);
  const final = items.filter(({ error }) => error === null).map(({ customerId }) => customerId);
  const [dearer = '', same = '', before = '', after = '', late = '', lost = ''] = final;
  await setTariff(late, null);
  const shown = await preview();
  const none = { customers: shown.length, issued: 0 };
  expect(await console_.call('statements.toIssue', period)).toEqual(none);
  const amountOf = (customerId: string) =>
    shown.find((row) => row.customerId === customerId)?.amount ?? null;
  expect(amountOf(late)).toBeNull();

  // what happens between the preview and the run
  const [price] = standardTariff.prices;
  const dear = { ...standardTariff, prices: [{ ...price, getPerThousand: '4000' }] };
  const saved = await console_.call('tariffs.save', { connectionId, tariff: dear as never });
  await setTariff(dearer, saved.tariffId);
  await setTariff(late, tariffId);
  const userOf = async (customerId: string) =>
    (await console_.call('customers.get', { customerId })).users[0]?.userId ?? '';
  const userId = await userOf(before);
  await console_.call('customers.unmap', { customerId: before, connectionId, userId });
  await console_.call('customers.map', { customerId: after, connectionId, userId });
  const gone = await userOf(lost);
  await console_.call('customers.unmap', { customerId: lost, connectionId, userId: gone });

  const { of, counts } = await issue(shown);
  const words = (customerId: string) => {
    const { number, error } = of.get(customerId) ?? {};
    expect([customerId, number, error?.details?.differs]).toEqual([customerId, null, true]);
    return error?.message;
  };
  const showed = (customerId: string) =>
    `The preview showed ${(Number(amountOf(customerId)?.total) / 100).toFixed(2)} EUR`;
  expect(words(dearer)).toMatch(
    new RegExp(`^${showed(dearer)}; by now its statement comes to [0-9.]+ EUR\\.$`),
  );
  expect(words(late)).toMatch(
    /^The preview showed no statement of it; by now there is one of [0-9.]+ EUR\.$/,
  );
  expect(words(before)).toContain(`${showed(before)}. Held back: `);
  expect(words(after)).toContain(`${showed(after)}. Held back: `);
  expect(words(lost)).toBe(`${showed(lost)}; by now it has no user in this period.`);
  expect(of.get(same)).toMatchObject({ total: Number(amountOf(same)?.total), error: null });
  expect(counts).toMatchObject({ customers: shown.length, withoutUser: 0 });

  // once that is previewed, it is issued; without a preview, as a script does it, all is that is final
  const again = (await preview()).filter(({ customerId }) => customerId !== late);
  const second = await issue(again);
  expect(second.of.get(dearer)).toMatchObject({ error: null, number: expect.any(String) });
  expect(second.of.get(late)?.error?.message).toMatch(/^It was not in the preview, and its /);
  const last = await issue();
  expect(last.of.get(late)).toMatchObject({ error: null });
  // what is still held back or without a user is all that is left
  const { customers, issued } = await console_.call('statements.toIssue', period);
  expect([customers, issued]).toEqual([last.counts.customers, last.counts.issued]);
});

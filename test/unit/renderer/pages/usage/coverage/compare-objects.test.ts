import { expect, test } from 'vitest';
import { compareItems } from '#renderer/pages/usage/coverage/conflicts.tsx';
import { fakeUsageObject } from '#test/fakes/fake-usage.ts';

const [item] = fakeUsageObject().items;
const items = item ? [item] : [];

test('equal contents differ in nothing', () => {
  const [compared] = compareItems(items, items);
  expect(compared?.differing.size).toBe(0);
});

test('a figure that differs is named, past 2^53 too', () => {
  const other = items.map((one) => ({ ...one, uploaded: '9007199254740992' }));
  const [compared] = compareItems(items, other);
  expect([...(compared?.differing ?? [])]).toEqual(['uploaded']);
});

test('entries that only one content has are there, those that differ first', () => {
  const further = items.map((one) => ({ ...one, bucket: 'bucket-2' }));
  const compared = compareItems(items, [...items, ...further]);
  expect(compared.map(({ bucket }) => bucket)).toEqual(['bucket-2', 'bucket-1']);
  expect(compared[0]?.archived).toBeNull();
});

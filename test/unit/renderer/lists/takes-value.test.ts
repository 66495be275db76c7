import { expect, it } from 'vitest';
import { takesValue } from '#renderer/lists/list-page/filters.ts';
import {
  bucketFilters,
  planFilter,
  userFilters,
} from '#renderer/lists/list-page/target-filters.ts';

const filters = [...userFilters, ...bucketFilters, planFilter(['Gold'])];

function takes(id: string, value: string): boolean {
  const filter = filters.find((one) => one.id === id);
  if (filter === undefined) throw new Error(`no filter ${id}`);
  return takesValue(filter, value);
}

it.each([
  ['state', 'disabled', 'purple'],
  ['quota', 'over', 'overrun'],
  ['size', '10..20', 'big'],
  ['used', '..10', '10..x'],
  ['traffic', 'none', 'some'],
  ['active', 'yesterday', 'tomorrow'],
  ['active', '2026-11-01..2026-11-07', '2026-11-07..2026-11-01'],
  ['seen', 'older-45', 'older-x'],
  ['customer', '*acme', 'acme'],
  ['growth', 'shrank', 'shrunk'],
  ['keys', '2', '9'],
])('%s can be set to %s, not to %s', (id, value, wrong) => {
  expect(takes(id, value)).toBe(true);
  expect(takes(id, wrong)).toBe(false);
});

it('every option of every filter is a value', () => {
  for (const { id, options } of filters) {
    for (const { value } of options) expect(takes(id, value)).toBe(true);
  }
});

it('names that are read can be any', () => {
  expect(takes('plan', '=Silver')).toBe(true);
  expect(takes('owner', '0000000000000007')).toBe(true);
});

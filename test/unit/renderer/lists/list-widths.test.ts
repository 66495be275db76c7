import { expect, it } from 'vitest';
import type { DataColumn } from '#renderer/lists/table/columns.ts';
import { bucketColumns } from '#renderer/pages/buckets/columns.tsx';
import { runColumns } from '#renderer/pages/changes/run-columns.tsx';
import { customerListColumns } from '#renderer/pages/customers/customers-page.tsx';
import { journalColumns } from '#renderer/pages/journal/columns.tsx';
import { keyColumns } from '#renderer/pages/keys/keys-page.tsx';
import { objectColumns } from '#renderer/pages/usage/gateway/object-detail.tsx';
import { userColumns } from '#renderer/pages/users/columns.tsx';

/** Of a window 1,360 px wide: without the rail and a scroll bar. */
const room = 1360 - 208 - 12;

/** Of the boxes that select rows. */
const boxes = 36;

const widthOf = (columns: readonly DataColumn<never>[]): number =>
  columns.reduce((sum, { hidden, width }) => (hidden ? sum : sum + width), 0);

it.each([
  ['Buckets', widthOf(bucketColumns) + boxes],
  ['Customers', widthOf(customerListColumns) + boxes],
  ['Journal', widthOf(journalColumns) + boxes],
  ['Keys', widthOf(keyColumns) + boxes],
  ['rows of a run', widthOf(runColumns)],
  ['statistics objects', widthOf(objectColumns) + boxes],
  ['Users', widthOf(userColumns) + boxes],
])('%s: no column is cut off at first', (_list, width) => {
  expect(width).toBeLessThanOrEqual(room);
});

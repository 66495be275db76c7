import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ClusterProvider } from '#renderer/kit/cluster-context.tsx';
import { ExportButton } from '#renderer/lists/list-page/export-button.tsx';
import type { DataColumn } from '#renderer/lists/table/columns.ts';
import type { PagedRows } from '#renderer/lists/table/use-paged-rows.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';
import { savedFiles } from '../../saved-files.ts';

const columns: DataColumn<number>[] = [
  { id: 'n', header: 'Number', width: 1, cell: (row) => row, csv: (row) => row },
];

/** A list of the numbers from 0 on, which notes how much of it was asked for at once. */
function numbers(total: number, held?: Promise<void>) {
  const asked: [number, number][] = [];
  const rows: PagedRows<number> = {
    total,
    asOf: '2026-11-21T12:03:20.000Z',
    rowAt: (index) => index,
    show: () => undefined,
    subscribe: () => () => undefined,
    version: () => 0,
    changing: false,
    error: null,
    retry: () => undefined,
    readRange: async (from, to) => {
      asked.push([from, to]);
      if (from > 0) await held;
      return Array.from({ length: to - from }, (_, index) => from + index);
    },
  };
  return { asked, rows };
}

function render(rows: PagedRows<number>) {
  renderPart(
    new FakeTransport(),
    <ClusterProvider connection={fakeConnection()}>
      <ExportButton what="numbers" columns={columns} rows={rows} />
    </ClusterProvider>,
  );
}

test('exports a long list in parts, a thousand rows in memory at once', async () => {
  const { asked, rows } = numbers(2500);
  render(rows);
  await userEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
  expect(
    await screen.findByText('2,500 rows exported to numbers_Rack-7_2026-11-21T1203Z.csv.'),
  ).toBeVisible();
  expect(asked).toEqual([
    [0, 1000],
    [1000, 2000],
    [2000, 2500],
  ]);
  const lines = (await savedFiles[0]?.content.text())?.trimEnd().split('\r\n') ?? [];
  expect(lines).toHaveLength(2501);
  expect(lines[0]).toBe('Number,Cluster,Data of');
  expect(lines[2500]).toBe('2499,Rack 7,2026-11-21T12:03:20.000Z');
  expect(screen.getByRole('button', { name: 'Export as CSV' })).toBeEnabled();
});

test('says how far it is, and is cancelled', async () => {
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const { asked, rows } = numbers(2000, held);
  render(rows);
  await userEvent.click(screen.getByRole('button', { name: 'Export as CSV' }));
  await userEvent.click(
    await screen.findByRole('button', { name: 'Cancel the export, 50 % done' }),
  );
  letGo();
  expect(await screen.findByRole('button', { name: 'Export as CSV' })).toBeVisible();
  expect(asked).toHaveLength(2);
  expect(savedFiles).toEqual([]);
});

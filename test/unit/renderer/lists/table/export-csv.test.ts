import { expect, test } from 'vitest';
import type { DataColumn } from '#renderer/lists/table/columns.ts';
import { csvLines, exportFileName } from '#renderer/lists/table/export-csv.ts';

const columns: DataColumn<{ name: string; bytes: bigint }>[] = [
  { id: 'name', header: 'Name', width: 1, cell: () => null, csv: ({ name }) => name },
  { id: 'menu', header: 'Menu', width: 1, cell: () => null },
  { id: 'bytes', header: 'Size', width: 1, cell: () => null, csv: ({ bytes }) => bytes },
];
const stamp = { cluster: 'Rack 7, Basel', asOf: '2026-11-21T12:03:20.123Z' };

test('stamps every row with the cluster and the time of the data', () => {
  expect(csvLines(columns, [{ name: 'x', bytes: 1n }], stamp)).toBe(
    '\uFEFFName,Size,Cluster,Data of\r\nx,1,"Rack 7, Basel",2026-11-21T12:03:20.123Z\r\n',
  );
});

test('names the file after what, which cluster and when', () => {
  expect(exportFileName('users', stamp)).toBe('users_Rack-7-Basel_2026-11-21T1203Z.csv');
});

import { expect, test } from 'vitest';
import type { DataColumn } from '../../../../../src/renderer/components/data-table/columns.ts';
import {
  csvCell,
  csvLines,
  exportFileName,
} from '../../../../../src/renderer/components/data-table/export-csv.ts';

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+49', "'+49"],
  ['-x', "'-x"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['=a,b', '"\'=a,b"'],
  [-5, '-5'],
  [36893488147419103232n, '36893488147419103232'],
  [null, ''],
])('writes %s as %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

const columns: DataColumn<{ name: string; bytes: bigint }>[] = [
  { id: 'name', header: 'Name', width: 1, cell: () => null, csv: ({ name }) => name },
  { id: 'menu', header: 'Menu', width: 1, cell: () => null },
  { id: 'bytes', header: 'Size', width: 1, cell: () => null, csv: ({ bytes }) => bytes },
];
const stamp = { cluster: 'Rack 7, Basel', asOf: '2026-11-21T12:03:20.123Z' };

test('stamps every row with the cluster and the time of the data', () => {
  expect(csvLines(columns, [{ name: 'x', bytes: 1n }], stamp)).toBe(
    'Name,Size,Cluster,Data of\r\nx,1,"Rack 7, Basel",2026-11-21T12:03:20.123Z\r\n',
  );
});

test('names the file after what, which cluster and when', () => {
  expect(exportFileName('users', stamp)).toBe('users_Rack-7-Basel_2026-11-21T1203Z.csv');
});

import { describe, expect, test } from 'vitest';
import type { DataColumn } from '#renderer/lists/table/columns.ts';
import { rowsInSight } from '#renderer/lists/table/data-table.tsx';
import { csvLines, exportFileName } from '#renderer/lists/table/export-csv.ts';

describe('rows in sight', () => {
  test.each([
    ['27 whole rows under the heading, one cut', 0, 32 + 27 * 32 + 20, 0, 26],
    ['scrolled by half a row', 16, 32 + 10 * 32, 1, 9],
    ['scrolled to the end', 32 * 990, 32 + 10 * 32, 990, 999],
    ['lower than one row', 64, 40, 2, 2],
  ] as const)('counts only whole rows: %s', (_, offset, height, first, last) => {
    expect(rowsInSight(offset, height, 32, 1000)).toEqual({ first, last });
  });

  test('counts no more rows than there are', () => {
    expect(rowsInSight(0, 900, 32, 1)).toEqual({ first: 0, last: 0 });
    expect(rowsInSight(0, 900, 32, 2)).toEqual({ first: 0, last: 1 });
    expect(rowsInSight(0, 0, 32, 0)).toEqual({ first: 0, last: 0 });
  });
});

describe('export csv', () => {
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

  test('names what else rows are of, and what they were narrowed to', () => {
    const billing = { ...stamp, cluster: 'Billing', heading: 'Billing system', state: 'Suspended' };
    expect(exportFileName('customers', billing)).toBe(
      'customers_Billing_Suspended_2026-11-21T1203Z.csv',
    );
    expect(csvLines(columns, [], billing)).toBe('\uFEFFName,Size,Billing system,Data of\r\n');
  });
});

import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { type TypedTable, toParquet } from '#core/platform/files/parquet.ts';

function readBack(table: TypedTable) {
  const { buffer } = toParquet(table);
  return parquetReadObjects({ file: buffer as ArrayBuffer });
}

describe('toParquet', () => {
  it('keeps 64 bits, texts, moments and what is not there', async () => {
    const rows = await readBack({
      columns: ['name', 'sum', 'at'],
      kinds: ['text', 'integer', 'time'],
      rows: [
        ['a', 2n ** 63n - 1n, Date.UTC(2026, 9, 1)],
        [null, 9_007_199_254_740_993n, Date.UTC(2026, 9, 2)],
      ],
    });
    expect(rows).toEqual([
      { name: 'a', sum: 2n ** 63n - 1n, at: new Date('2026-10-01T00:00:00Z') },
      { name: null, sum: 9_007_199_254_740_993n, at: new Date('2026-10-02T00:00:00Z') },
    ]);
  });

  it('writes a column as text where a sum needs more', async () => {
    const rows = await readBack({
      columns: ['sum'],
      kinds: ['integer'],
      rows: [[2n ** 64n], [1n]],
    });
    expect(rows).toEqual([{ sum: '18446744073709551616' }, { sum: '1' }]);
  });

  it('writes a table without rows', async () => {
    const table = { columns: ['name', 'sum'], kinds: ['text', 'integer'] as const, rows: [] };
    expect(await readBack(table)).toEqual([]);
  });
});

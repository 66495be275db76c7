import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { readIds } from '#core/store/snapshot/orders/stored-orders.ts';

function read(sql: string, ...values: number[]): number[] {
  const ids: number[] = [];
  readIds(new DatabaseSync(':memory:'), sql, values, (id) => ids.push(id));
  return ids;
}

describe('readIds', () => {
  it('hands out what a question yields, in its order', () => {
    const sql = 'SELECT value AS id FROM json_each(?) ORDER BY id DESC';
    expect(read(sql.replace('?', "'[3,1,4294967295,20]'"))).toEqual([4294967295, 20, 3, 1]);
    expect(read('SELECT ? AS id', 7)).toEqual([7]);
  });

  it('hands out nothing of nothing', () => {
    expect(read('SELECT 1 AS id WHERE FALSE')).toEqual([]);
  });
});

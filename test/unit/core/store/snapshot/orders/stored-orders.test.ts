import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { BrokenOrderError, StoredOrders } from '#core/store/snapshot/orders/stored-orders.ts';
import { migrate } from '#core/store/sqlite/database.ts';

let database: DatabaseSync;
let orders: StoredOrders;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  migrate(database, snapshotMigrations);
  orders = new StoredOrders(database);
});

/** Buckets of those sizes, in ascending order already. */
function insert(sizes: readonly (number | bigint)[]): void {
  const row = database.prepare(
    "INSERT INTO bucket VALUES (?, 'name', NULL, NULL, ?, 0, 0, 0, NULL, 0, 0)",
  );
  for (const [index, size] of sizes.entries()) row.run(index + 1, size);
  orders.write(
    'current_bytes',
    Uint32Array.from(sizes, (_, index) => index + 1),
  );
}

describe('StoredOrders', () => {
  it('keeps an order of any length', () => {
    const ids = Uint32Array.from({ length: 150_000 }, (_, index) => 150_000 - index);
    orders.write('name', ids);
    expect(new StoredOrders(database).ids('name')).toEqual(ids);
    orders.write('name', ids.subarray(0, 3));
    expect(orders.ids('name')).toEqual(ids.subarray(0, 3));
    expect(orders.ids('owner')).toHaveLength(0);
  });

  it('finds where values begin and end, exact past 53 bits', () => {
    const large = 2n ** 53n;
    insert([0, 0, 5, 5, 9, large, large + 1n, large + 2n]);
    expect([0, 5, 6, 9].map((size) => orders.before('current_bytes', size))).toEqual([0, 2, 4, 4]);
    expect([0, 5, 6, 9].map((size) => orders.upTo('current_bytes', size))).toEqual([2, 4, 4, 5]);
    expect(orders.before('current_bytes', large + 1n)).toBe(6);
    expect(orders.upTo('current_bytes', large + 1n)).toBe(7);
    expect(orders.without('current_bytes')).toBe(0);
  });

  it('finds them too where buckets were removed', () => {
    insert(Array.from({ length: 100 }, (_, index) => Math.floor(index / 10)));
    database.exec('DELETE FROM bucket WHERE id BETWEEN 31 AND 60 OR id IN (1, 2, 100)');
    // Whatever is at the places of those that are gone, the rest is distinguished.
    const rest = (count: number) =>
      database.prepare('SELECT count(*) AS n FROM bucket WHERE id <= ?').get(count)?.n;
    for (const size of [0, 1, 2, 3, 5, 6, 9]) {
      const less = database
        .prepare('SELECT count(*) AS n FROM bucket WHERE current_bytes < ?')
        .get(size)?.n;
      expect(rest(orders.before('current_bytes', size))).toBe(less);
    }
    database.exec('DELETE FROM bucket');
    expect(orders.before('current_bytes', 5)).toBe(0);
  });

  it('says so where a piece is missing', () => {
    orders.write('name', new Uint32Array(150_000));
    database.exec('DELETE FROM bucket_order WHERE first = 65536');
    expect(() => orders.ids('name')).toThrow(BrokenOrderError);
    database.exec("DELETE FROM bucket_order WHERE sorted_by = 'name'");
    expect(orders.ids('name')).toHaveLength(0);
    insert([1]);
    expect(() => orders.ids('owner')).toThrow(BrokenOrderError);
  });
});

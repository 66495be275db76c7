import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { orderedColumns, StoredOrders } from '#core/store/snapshot/orders/stored-orders.ts';
import { databaseVersion, migrate } from '#core/store/sqlite/database.ts';

let database: DatabaseSync;

function ids(sql: string): number[] {
  return database
    .prepare(sql)
    .all()
    .map(({ id }) => Number(id));
}

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  migrate(database, snapshotMigrations, 1);
});

describe('0002-bucket-orders', () => {
  it('sorts the buckets of version 1 by each column, and notes which were removed', () => {
    const insert = database.prepare(
      'INSERT INTO bucket VALUES (?, ?, ?, NULL, ?, ?, 0, ?, ?, 0, 0)',
    );
    for (let id = 1; id <= 500; id += 1) {
      const mixed = (id * 7919) % 500;
      const owner = id % 9 === 0 ? null : id % 40;
      const createdAt = id % 13 === 0 ? null : mixed * 3;
      insert.run(id, `b-${mixed}`, owner, 2n ** 53n + BigInt(mixed), id % 7, id % 30, createdAt);
    }
    database.exec('DELETE FROM bucket WHERE id IN (3, 77, 78)');
    expect(migrate(database, snapshotMigrations, 2)).toEqual({ from: 1, to: 2 });
    const orders = new StoredOrders(database);
    for (const column of orderedColumns) {
      const expected = ids(`SELECT id FROM bucket ORDER BY ${column}, id`);
      expect(Array.from(orders.ids(column))).toEqual(expected);
    }
    expect(ids('SELECT id FROM removed_bucket')).toEqual([3, 77, 78]);
  });

  it('leaves no index of the buckets but that of their names', () => {
    migrate(database, snapshotMigrations, 2);
    const sql = "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'bucket'";
    expect(database.prepare(sql).all()).toEqual([{ name: 'bucket_by_name' }]);
  });

  it('is done once, and leaves a snapshot without buckets empty', () => {
    expect(migrate(database, snapshotMigrations, 2)).toEqual({ from: 1, to: 2 });
    expect(migrate(database, snapshotMigrations, 2)).toEqual({ from: 2, to: 2 });
    expect(databaseVersion(database)).toBe(2);
    expect(new StoredOrders(database).ids('name')).toHaveLength(0);
    expect(ids('SELECT id FROM removed_bucket')).toEqual([]);
  });
});

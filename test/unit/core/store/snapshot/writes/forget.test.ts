import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { StoredOrders } from '#core/store/snapshot/orders/stored-orders.ts';
import { BucketOrderBuilder } from '#core/store/snapshot/refresh/bucket-order-builder.ts';
import { forgetUser } from '#core/store/snapshot/writes/save-values.ts';
import { migrate } from '#core/store/sqlite/database.ts';

let database: DatabaseSync;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  migrate(database, snapshotMigrations);
  const user = database.prepare(
    "INSERT INTO user VALUES (?, ?, ?, ?, 'enabled', 0, '[]', '00', 25, 0, 0, 0, '')",
  );
  for (let id = 1; id <= 7; id += 1) user.run(id, `user-${id}`, `${id}@b`, `${id}@b`);
  user.run(8, 'user-8', '8@b', '8@b');
  database.exec('UPDATE user SET bucket_count = 0 WHERE id = 8');
  const bucket = database.prepare('INSERT INTO bucket VALUES (?, ?, ?, ?, 0, 0, 0, 0, NULL, 0, 0)');
  const orders = new BucketOrderBuilder();
  for (let id = 1; id <= 200; id += 1) {
    const owner = (id * 7919) % 8 || null;
    bucket.run(id, `b-${id}`, owner, owner === null ? 'gone' : null);
    orders.add({ owner, currentBytes: 0, peakBytes: 0, createdAt: null, lastHour: 0, formerId: 0 });
  }
  orders.writeIntegers(database);
});

function expectSorted(): void {
  const sorted = database.prepare('SELECT id FROM bucket ORDER BY owner, id').all();
  const ids = new StoredOrders(database).ids('owner');
  expect(Array.from(ids)).toEqual(sorted.map(({ id }) => id));
}

describe('forgetUser', () => {
  it.each([1, 4, 7, 8])('keeps buckets sorted by owner, without user %i', (id) => {
    expectSorted();
    forgetUser(database, `user-${id}`);
    expectSorted();
    const count = (where: string) =>
      database.prepare(`SELECT count(*) AS n FROM bucket WHERE ${where}`).get()?.n;
    expect(count(`owner = ${id}`)).toBe(0);
    expect(count(`owner IS NULL AND owner_id = 'user-${id}'`)).toBe(id === 8 ? 0 : 25);
    expect(count("owner IS NULL AND owner_id = 'gone'")).toBe(25);
  });

  it('keeps them so when one user after another goes', () => {
    for (const id of [5, 2, 7, 1]) forgetUser(database, `user-${id}`);
    expectSorted();
  });
});

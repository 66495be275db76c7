import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { PackedNamesWriter } from '#core/store/snapshot/orders/packed-names.ts';
import { StoredOrders } from '#core/store/snapshot/orders/stored-orders.ts';
import { BucketLists } from '#core/store/snapshot/queries/bucket-lists.ts';
import { readAllSearchedNames } from '#core/store/snapshot/queries/name-search.ts';
import { UserLists } from '#core/store/snapshot/queries/user-lists.ts';
import { defineTexts, migrate } from '#core/store/sqlite/database.ts';

const page = { offset: 0, limit: 10 };

it('0005-list-figures brings the lists of an earlier console into the order people expect', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, snapshotMigrations, 4);
  const user = database.prepare(
    "INSERT INTO user VALUES (?, ?, ?, ?, 'enabled', 0, '[]', '00', 0, 0, 0, 3)",
  );
  ['u10@b', 'u2@b', 'Ähre@b'].forEach((email, index) => {
    user.run(index + 1, `a${index}`, email, `${email}\na${index}`);
  });
  const names = ['logs-10', 'logs-2', 'logs-1'];
  const bucket = database.prepare(
    'INSERT INTO bucket VALUES (?, ?, 1, NULL, 5, 5, 0, 0, NULL, 0, 9)',
  );
  const packed = new PackedNamesWriter(database);
  for (const [index, name] of names.entries()) {
    const bytes = Buffer.from(name);
    bucket.run(index + 1, name);
    packed.add(bytes, 0, bytes.length, 9);
  }
  packed.flush();
  new StoredOrders(database).write('name', Uint32Array.of(3, 1, 2));
  expect(migrate(database, snapshotMigrations)).toEqual({ from: 4, to: 5 });
  defineTexts(database);
  const lists = new BucketLists(database, readAllSearchedNames(database));
  expect(lists.list(page).rows.map(({ name }) => name)).toEqual(['logs-1', 'logs-2', 'logs-10']);
  const emails = new UserLists(database).list(page).rows.map(({ email }) => email);
  expect(emails).toEqual(['Ähre@b', 'u2@b', 'u10@b']);
  expect(lists.list(page).rows[0]).not.toHaveProperty('growth');
  database.close();
});

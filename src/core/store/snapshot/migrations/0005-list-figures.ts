import type { DatabaseSync } from 'node:sqlite';
import { collationKey } from '#shared/collation-key.ts';
import type { Migration } from '../../sqlite/database.ts';
import { naturalOrder, readAllNames } from '../orders/natural-order.ts';
import { StoredOrders } from '../orders/stored-orders.ts';

/**
 * Users and buckets are sorted by their names as people expect them. What other files know of them is
 * next to them, so that lists can be sorted and filtered by it: traffic and growth from the archive,
 * customers and service plans. Users without traffic and buckets that did not grow have no row: since when
 * that means nothing rather than unknown is in `list_fact`. Times are milliseconds since the Unix epoch.
 */
export const listFigures: Migration = {
  version: 5,
  name: '0005-list-figures',
  up(database) {
    database.exec(`
      ALTER TABLE user ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
      CREATE INDEX user_by_sort_key ON user (sort_key);
      DROP INDEX user_by_peak_bytes;
      DROP INDEX user_by_first_seen;

      -- days has a character for each of thirty days, the last one last: 0 for none, up to v.
      CREATE TABLE user_activity (
        user_id TEXT PRIMARY KEY,
        traffic INTEGER NOT NULL,
        days TEXT NOT NULL,
        last_day INTEGER
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE user_customer (
        user_id TEXT PRIMARY KEY,
        customers TEXT NOT NULL,
        words TEXT NOT NULL,
        sort_key TEXT,
        plan TEXT
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE bucket_growth (
        name TEXT PRIMARY KEY,
        growth INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE list_fact (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
    `);
    keyUsers(database);
    const orders = new StoredOrders(database);
    const names = readAllNames(database);
    const ids = orders.ids('name');
    if (ids.length > 0 && names.ends.length >= ids.length) {
      orders.write('name', naturalOrder(ids, names));
    }
  },
};

function keyUsers(database: DatabaseSync): void {
  const update = database.prepare('UPDATE user SET sort_key = ? WHERE id = ?');
  for (const { id, email } of database.prepare('SELECT id, email FROM user').all()) {
    update.run(collationKey(String(email)), Number(id));
  }
}

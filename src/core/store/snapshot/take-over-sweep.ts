import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inTransaction } from '../sqlite/database.ts';
import {
  openSnapshotDatabase,
  type SetAside,
  setSnapshotAside,
  snapshotPath,
  whyUnusable,
} from './snapshot-database.ts';

const statements = [
  // Users whose keys were read later than the snapshot knows.
  `CREATE TEMP TABLE newer AS SELECT id AS user_id, swept.keys_as_of AS keys_as_of
    FROM sweep.target AS swept LEFT JOIN main.user_detail AS known ON known.user_id = swept.id
    WHERE kind = 'user' AND swept.keys_as_of > ifnull(known.keys_as_of, 0)`,
  // That they have no flags was believed of users whose flags were not sent.
  `UPDATE main.user SET flags = 'null' WHERE flags = '[]'
    AND user_id IN (SELECT user_id FROM newer) AND user_id NOT IN (SELECT user_id FROM user_detail)`,
  `UPDATE main.access_key AS held SET first_seen = min(held.first_seen, swept.first_seen)
    FROM sweep.access_key AS swept WHERE swept.user_id = held.user_id
      AND swept.account_name = held.account_name AND swept.access_key_id = held.access_key_id`,
  `DELETE FROM main.access_key WHERE user_id IN (SELECT user_id FROM newer)
    AND (user_id, account_name, access_key_id) NOT IN
      (SELECT user_id, account_name, access_key_id FROM sweep.access_key)`,
  `INSERT OR IGNORE INTO main.access_key (user_id, account_name, access_key_id, first_seen)
    SELECT user_id, account_name, access_key_id, first_seen FROM sweep.access_key
    WHERE user_id IN (SELECT user_id FROM newer)`,
  `INSERT OR IGNORE INTO main.account (user_id, name, first_seen)
    SELECT user_id, account_name, min(first_seen) FROM sweep.access_key
    WHERE account_name <> '' AND user_id IN (SELECT user_id FROM newer)
    GROUP BY user_id, account_name`,
  'INSERT OR REPLACE INTO main.user_detail (user_id, keys_as_of) SELECT * FROM newer',
  `INSERT OR IGNORE INTO main.target SELECT kind, id, limits_as_of, limits_set, ops_default, ops_get,
      ops_put, ops_list, ops_delete, bandwidth_out, quota_as_of, quota_set, quota_gb
    FROM sweep.target WHERE coalesce(limits_as_of, quota_as_of) IS NOT NULL`,
  'INSERT OR IGNORE INTO main.inventory_round SELECT * FROM sweep.round',
  'DROP TABLE temp.newer',
];

/**
 * Takes keys, limits, quotas and an unfinished round over from the `sweep.sqlite` of earlier consoles,
 * and removes that file. One that can't be read is set aside: all of it can be fetched again.
 */
export function takeOverSweep(directory: string): void {
  const path = join(directory, 'sweep.sqlite');
  if (!existsSync(path)) return;
  const reason = whyNotTaken(directory, path);
  if (reason) setSnapshotAside(path, reason);
  else for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

function whyNotTaken(directory: string, path: string): SetAside['reason'] | null {
  const database = openSnapshotDatabase(snapshotPath(directory));
  try {
    database.prepare('ATTACH ? AS sweep').run(path);
    inTransaction(database, () => {
      for (const statement of statements) database.exec(statement);
    });
    return null;
  } catch (thrown) {
    const reason = whyUnusable(thrown);
    if (!reason) throw thrown;
    return reason;
  } finally {
    database.close();
  }
}

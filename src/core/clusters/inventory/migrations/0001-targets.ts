import type { Migration } from '../../../store/sqlite/migrations.ts';

/**
 * What only single requests yield: keys, limits and quotas, one row a target (`user`, `bucket`, or
 * `default` with the id `user` or `bucket`). A time is null while that part was never read. Times are
 * milliseconds since the Unix epoch.
 */
export const targets: Migration = {
  version: 1,
  name: '0001-targets',
  up(database) {
    database.exec(`
      CREATE TABLE target (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        keys_as_of INTEGER,
        limits_as_of INTEGER,
        limits_set INTEGER,
        ops_default REAL,
        ops_get REAL,
        ops_put REAL,
        ops_list REAL,
        ops_delete REAL,
        bandwidth_out REAL,
        quota_as_of INTEGER,
        quota_set INTEGER,
        quota_gb INTEGER,
        PRIMARY KEY (kind, id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE access_key (
        user_id TEXT NOT NULL,
        account_name TEXT NOT NULL,
        access_key_id TEXT NOT NULL,
        first_seen INTEGER NOT NULL,
        PRIMARY KEY (user_id, account_name, access_key_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX access_key_by_first_seen ON access_key (first_seen);

      CREATE TABLE round (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        started_at INTEGER NOT NULL,
        keys INTEGER NOT NULL,
        limits INTEGER NOT NULL,
        quotas INTEGER NOT NULL,
        buckets INTEGER NOT NULL
      ) STRICT;
    `);
  },
};

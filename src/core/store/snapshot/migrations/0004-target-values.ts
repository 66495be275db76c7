import type { Migration } from '../../sqlite/database.ts';

/**
 * Limits and quotas, one row a target (`user`, `bucket`, or `default` with the id `user` or `bucket`),
 * and the round an inventory is in. A time is null while that part was never read. Times are
 * milliseconds since the Unix epoch.
 */
export const targetValues: Migration = {
  version: 4,
  name: '0004-target-values',
  up(database) {
    database.exec(`
      CREATE TABLE target (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
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

      CREATE TABLE inventory_round (
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

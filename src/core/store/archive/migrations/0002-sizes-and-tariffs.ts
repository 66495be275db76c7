import type { Migration } from '../../sqlite/database.ts';

/**
 * Sizes over time, as each refresh found them, and the tariffs bills are made with. A size is written
 * only when it differs from the one before: between two refreshes without a row it did not change.
 * A row with `gone` 1 says that the user or bucket was no longer in the list.
 */
export const sizesAndTariffs: Migration = {
  version: 2,
  name: '0002-sizes-and-tariffs',
  up(database) {
    database.exec(`
      CREATE TABLE size_refresh (
        at INTEGER PRIMARY KEY,
        users INTEGER NOT NULL,
        buckets INTEGER NOT NULL,
        bytes INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE known_user (
        user_id TEXT PRIMARY KEY,
        email TEXT NOT NULL,
        seen_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE user_size (
        user_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        buckets INTEGER NOT NULL,
        gone INTEGER NOT NULL,
        PRIMARY KEY (user_id, at)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE bucket_size (
        bucket TEXT NOT NULL,
        at INTEGER NOT NULL,
        owner_id TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        gone INTEGER NOT NULL,
        PRIMARY KEY (bucket, at)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE tariff (
        tariff_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL,
        saved_at INTEGER NOT NULL,
        PRIMARY KEY (tariff_id, version)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};

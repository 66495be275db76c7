import type { Migration } from '../../sqlite/database.ts';

/**
 * Usage counters: every statistics object raw and taken apart, and what it adds up to by hour and by
 * day. Times of objects are whole seconds since the Unix epoch as the gateway gives them, hours and
 * days whole ones since the epoch in UTC, times of our own doing milliseconds.
 *
 * `part` in the roll-ups is 0 but for sums past 64 bits, which continue in a further row.
 */
export const usage: Migration = {
  version: 1,
  name: '0001-usage',
  up(database) {
    database.exec(`
      CREATE TABLE subject (
        id INTEGER PRIMARY KEY,
        bucket TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        user_id TEXT NOT NULL,
        tag TEXT NOT NULL,
        UNIQUE (bucket, epoch, user_id, tag)
      ) STRICT;
      CREATE INDEX subject_by_user ON subject (user_id);

      CREATE TABLE usage_object (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        service TEXT NOT NULL,
        start INTEGER NOT NULL,
        period INTEGER NOT NULL,
        nominal INTEGER NOT NULL,
        digest TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        first_counter INTEGER NOT NULL,
        counters INTEGER NOT NULL,
        late INTEGER NOT NULL,
        settled INTEGER NOT NULL,
        conflicts INTEGER NOT NULL,
        collected_at INTEGER NOT NULL,
        removed_at INTEGER
      ) STRICT;
      CREATE INDEX usage_object_by_service ON usage_object (service, start);
      CREATE INDEX usage_object_by_start ON usage_object (start);

      CREATE TABLE usage_raw (
        object_id INTEGER PRIMARY KEY REFERENCES usage_object (id),
        encoding TEXT NOT NULL,
        body BLOB NOT NULL
      ) STRICT;

      CREATE TABLE usage_variant (
        id INTEGER PRIMARY KEY,
        object_id INTEGER NOT NULL REFERENCES usage_object (id),
        digest TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        encoding TEXT NOT NULL,
        body BLOB NOT NULL,
        found_at INTEGER NOT NULL,
        resolution TEXT,
        resolved_at INTEGER,
        UNIQUE (object_id, digest)
      ) STRICT;

      CREATE TABLE counter (
        id INTEGER PRIMARY KEY,
        object_id INTEGER NOT NULL,
        subject_id INTEGER NOT NULL,
        put INTEGER NOT NULL,
        get INTEGER NOT NULL,
        list INTEGER NOT NULL,
        other INTEGER NOT NULL,
        uploaded INTEGER NOT NULL,
        downloaded INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE usage_hour (
        hour INTEGER NOT NULL,
        subject_id INTEGER NOT NULL,
        part INTEGER NOT NULL,
        put INTEGER NOT NULL,
        get INTEGER NOT NULL,
        list INTEGER NOT NULL,
        other INTEGER NOT NULL,
        uploaded INTEGER NOT NULL,
        downloaded INTEGER NOT NULL,
        PRIMARY KEY (hour, subject_id, part)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE usage_day (
        day INTEGER NOT NULL,
        subject_id INTEGER NOT NULL,
        part INTEGER NOT NULL,
        put INTEGER NOT NULL,
        get INTEGER NOT NULL,
        list INTEGER NOT NULL,
        other INTEGER NOT NULL,
        uploaded INTEGER NOT NULL,
        downloaded INTEGER NOT NULL,
        PRIMARY KEY (day, subject_id, part)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE usage_listed (
        name TEXT PRIMARY KEY,
        service TEXT NOT NULL,
        start INTEGER NOT NULL,
        nominal INTEGER NOT NULL,
        first_listed INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE usage_listing (
        id INTEGER PRIMARY KEY,
        listed_at INTEGER NOT NULL,
        objects INTEGER NOT NULL,
        complete INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE usage_failure (
        name TEXT PRIMARY KEY,
        stage TEXT NOT NULL,
        error TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        failed_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};

import type { Migration } from '../../../store/sqlite/database.ts';

/**
 * Runs of sign-ups, and what was written back to billing systems about users: the note above all, which
 * no action of WHMCS reads, so that this is the only place that knows of it. No secret is in either.
 */
export const onboarding: Migration = {
  version: 3,
  name: '0003-onboarding',
  up(database) {
    database.exec(`
      CREATE TABLE onboarding (
        place INTEGER PRIMARY KEY,
        onboarding_id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        source TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        state TEXT NOT NULL,
        write_back TEXT
      ) STRICT;
      CREATE TABLE onboarding_row (
        onboarding_id TEXT NOT NULL REFERENCES onboarding (onboarding_id),
        row INTEGER NOT NULL,
        wanted TEXT NOT NULL,
        state TEXT NOT NULL,
        user_id TEXT,
        access_key_id TEXT,
        error TEXT,
        write_back TEXT,
        PRIMARY KEY (onboarding_id, row)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE written_back (
        customer_id INTEGER NOT NULL REFERENCES customer (customer_id),
        service_id INTEGER NOT NULL,
        connection_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (customer_id, service_id, connection_id, user_id, kind)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};

import type { Migration } from '../../../store/sqlite/database.ts';

/** Cancellations: who leaves, and how far each step is. They take days, and outlive the console. */
export const offboarding: Migration = {
  version: 5,
  name: '0005-offboarding',
  up(database) {
    database.exec(`
      CREATE TABLE offboarding (
        place INTEGER PRIMARY KEY,
        offboarding_id TEXT NOT NULL UNIQUE,
        customer_id INTEGER NOT NULL REFERENCES customer (customer_id),
        service_id INTEGER,
        users TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        started_by TEXT NOT NULL,
        steps TEXT NOT NULL
      ) STRICT;
      CREATE INDEX offboarding_by_customer ON offboarding (customer_id);
    `);
  },
};

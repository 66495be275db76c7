import type { Migration } from '../../../store/sqlite/database.ts';

/** Lines of statements that were held back and that somebody looked at. */
export const acceptedLines: Migration = {
  version: 6,
  name: '0006-accepted-lines',
  up(database) {
    database.exec(`
      CREATE TABLE accepted_line (
        customer_id INTEGER NOT NULL REFERENCES customer (customer_id),
        connection_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        item TEXT NOT NULL,
        from_hour INTEGER NOT NULL,
        to_hour INTEGER NOT NULL,
        -- exact: what was accepted is this quantity, not a later one
        quantity TEXT NOT NULL,
        reason TEXT NOT NULL,
        accepted_by TEXT NOT NULL,
        accepted_at INTEGER NOT NULL,
        PRIMARY KEY (customer_id, from_hour, to_hour, connection_id, user_id, item)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};

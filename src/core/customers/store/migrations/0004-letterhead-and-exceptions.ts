import type { Migration } from '../../../store/sqlite/database.ts';

/** Settings of billing, and users who may differ from their plan for a while. */
export const letterheadAndExceptions: Migration = {
  version: 4,
  name: '0004-letterhead-and-exceptions',
  up(database) {
    database.exec(`
      CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE plan_exception (
        connection_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        reason TEXT NOT NULL,
        until INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        PRIMARY KEY (connection_id, user_id)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};

import type { Migration } from '../../../store/sqlite/database.ts';

/** Users that nobody is to pay for, and why. */
export const notBilled: Migration = {
  version: 18,
  name: '0018-not-billed',
  up(database) {
    database.exec(`
      CREATE TABLE not_billed (
        connection_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        reason TEXT NOT NULL,
        marked_at INTEGER NOT NULL,
        marked_by TEXT NOT NULL,
        PRIMARY KEY (connection_id, user_id)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};

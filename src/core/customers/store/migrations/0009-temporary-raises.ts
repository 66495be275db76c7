import type { Migration } from '../../../store/sqlite/database.ts';

/**
 * Quotas and limits that were raised until a time, with the prepared way back. One is open a target and
 * part; those that ended stay. Times are Unix milliseconds; `before`, `after` and `back` are JSON.
 */
export const temporaryRaises: Migration = {
  version: 9,
  name: '0009-temporary-raises',
  up(database) {
    database.exec(`
      CREATE TABLE temporary_raise (
        raise_id TEXT PRIMARY KEY,
        connection_id TEXT NOT NULL,
        target_kind TEXT NOT NULL,
        target_id TEXT NOT NULL,
        target_name TEXT NOT NULL,
        part TEXT NOT NULL,
        reason TEXT NOT NULL,
        until INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        back TEXT NOT NULL,
        confirmed INTEGER NOT NULL,
        journal_id TEXT,
        ended_at INTEGER,
        ended_by TEXT,
        ended_how TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX open_raise
        ON temporary_raise (connection_id, target_kind, target_id, part) WHERE ended_at IS NULL;
    `);
  },
};

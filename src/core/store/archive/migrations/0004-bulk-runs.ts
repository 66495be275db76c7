import type { Migration } from '../../sqlite/database.ts';

/**
 * Changes of many targets at once, row by row, so that a run that ended in the middle continues without
 * doing a row twice. A row's `input`, `before`, `after` and `error` are JSON; times are milliseconds
 * since the Unix epoch. `sending` is written before the request is sent.
 */
export const bulkRuns: Migration = {
  version: 4,
  name: '0004-bulk-runs',
  up(database) {
    database.exec(`
      CREATE TABLE bulk_run (
        run_id TEXT PRIMARY KEY,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        ended_at INTEGER,
        title TEXT NOT NULL,
        state TEXT NOT NULL,
        source TEXT NOT NULL,
        destructive INTEGER NOT NULL,
        impact TEXT,
        warnings TEXT NOT NULL,
        reverses TEXT,
        ticket TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX bulk_run_by_time ON bulk_run (created_at);

      CREATE TABLE bulk_row (
        run_id TEXT NOT NULL REFERENCES bulk_run (run_id) ON DELETE CASCADE,
        row INTEGER NOT NULL,
        line INTEGER,
        operation TEXT NOT NULL,
        input TEXT NOT NULL,
        target_kind TEXT NOT NULL,
        target_id TEXT NOT NULL,
        target_name TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        before_known INTEGER NOT NULL,
        writes INTEGER NOT NULL,
        readings INTEGER NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        error TEXT,
        journal_id TEXT,
        request_id TEXT,
        PRIMARY KEY (run_id, row)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX bulk_row_by_state ON bulk_row (run_id, state, row);
      CREATE INDEX bulk_row_by_journal ON bulk_row (journal_id) WHERE journal_id IS NOT NULL;
    `);
  },
};

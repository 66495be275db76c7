import type { Migration } from '../../sqlite/database.ts';

/**
 * Journals of other workstations, taken over from their archives of the same cluster. Each remains a
 * separate chain, identified by its hash; its entries are append-only, as the archive's own are. Times are
 * milliseconds since the Unix epoch.
 */
export const mergedJournals: Migration = {
  version: 8,
  name: '0008-merged-journals',
  up(database) {
    database.exec(`
      CREATE TABLE merged_journal (
        chain TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        merged_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE merged_journal_entry (
        chain TEXT NOT NULL REFERENCES merged_journal (chain),
        sequence INTEGER NOT NULL,
        body TEXT NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL,
        journal_id TEXT GENERATED ALWAYS AS (json_extract(body, '$.journalId')) VIRTUAL,
        kind TEXT GENERATED ALWAYS AS (json_extract(body, '$.kind')) VIRTUAL,
        at INTEGER GENERATED ALWAYS AS (json_extract(body, '$.at')) VIRTUAL,
        operation TEXT GENERATED ALWAYS AS (json_extract(body, '$.operation')) VIRTUAL,
        target_id TEXT GENERATED ALWAYS AS (json_extract(body, '$.target.id')) VIRTUAL,
        run_id TEXT GENERATED ALWAYS AS (json_extract(body, '$.runId')) VIRTUAL,
        result TEXT GENERATED ALWAYS AS (json_extract(body, '$.result')) VIRTUAL,
        PRIMARY KEY (chain, sequence)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX merged_journal_by_id ON merged_journal_entry (chain, journal_id, sequence);

      CREATE TRIGGER merged_journal_is_not_changed BEFORE UPDATE ON merged_journal_entry
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
      CREATE TRIGGER merged_journal_is_not_shortened BEFORE DELETE ON merged_journal_entry
      BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    `);
  },
};

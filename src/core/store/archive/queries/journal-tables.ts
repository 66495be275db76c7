/**
 * Tables of a journal. Append-only: SQLite itself refuses to change or take away an entry, and takes a
 * new one only at the end of the chain. `hash` is SHA-256 over the previous hash and the body (canonical
 * JSON, with its own place in the chain). Columns to search by are computed from the body, so that they
 * can't say something else. Times are milliseconds since the Unix epoch.
 */
export const journalTables = `
  CREATE TABLE journal_entry (
    sequence INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    journal_id TEXT GENERATED ALWAYS AS (json_extract(body, '$.journalId')) VIRTUAL,
    kind TEXT GENERATED ALWAYS AS (json_extract(body, '$.kind')) VIRTUAL,
    at INTEGER GENERATED ALWAYS AS (json_extract(body, '$.at')) VIRTUAL,
    operation TEXT GENERATED ALWAYS AS (json_extract(body, '$.operation')) VIRTUAL,
    target_id TEXT GENERATED ALWAYS AS (json_extract(body, '$.target.id')) VIRTUAL,
    run_id TEXT GENERATED ALWAYS AS (json_extract(body, '$.runId')) VIRTUAL,
    result TEXT GENERATED ALWAYS AS (json_extract(body, '$.result')) VIRTUAL
  ) STRICT;

  CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal_entry
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER journal_is_not_shortened BEFORE DELETE ON journal_entry
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
  CREATE TRIGGER journal_grows_at_its_end BEFORE INSERT ON journal_entry
  WHEN new.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM journal_entry)
    OR new.previous IS NOT coalesce(
      (SELECT hash FROM journal_entry ORDER BY sequence DESC LIMIT 1), '')
  BEGIN SELECT RAISE(ABORT, 'the journal grows at its end only'); END;

  CREATE TABLE journal_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    entries INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  INSERT INTO journal_head VALUES (1, 0, '');
`;

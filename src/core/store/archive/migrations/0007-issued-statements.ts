import type { Migration } from '../../sqlite/database.ts';

/**
 * The register of issued statements. Append-only: SQLite itself refuses to change or remove a row.
 * `input` is what the statement was asked for (canonical JSON), `identity` what keeps it from being
 * issued twice, `sources` and `looks` are digests of what it was made from; statements of one period
 * share the list of their objects. Hours are whole ones since the epoch, times milliseconds.
 */
export const issuedStatements: Migration = {
  version: 7,
  name: '0007-issued-statements',
  up(database) {
    database.exec(`
      CREATE TABLE issued_sources (
        digest TEXT PRIMARY KEY,
        encoding TEXT NOT NULL,
        body BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE issued_statement (
        place INTEGER PRIMARY KEY,
        statement_id TEXT NOT NULL UNIQUE,
        identity TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL,
        corrects TEXT REFERENCES issued_statement (statement_id),
        digest TEXT NOT NULL,
        input TEXT NOT NULL,
        state TEXT NOT NULL,
        tariff_id TEXT NOT NULL,
        tariff_version INTEGER NOT NULL,
        tariff_name TEXT NOT NULL,
        from_hour INTEGER NOT NULL,
        to_hour INTEGER NOT NULL CHECK (to_hour > from_hour),
        users INTEGER NOT NULL,
        total TEXT NOT NULL,
        currency TEXT NOT NULL,
        minor_digits INTEGER NOT NULL,
        sources TEXT NOT NULL REFERENCES issued_sources (digest),
        looks TEXT NOT NULL,
        issued_by TEXT NOT NULL,
        issued_at INTEGER NOT NULL,
        encoding TEXT NOT NULL,
        body BLOB NOT NULL
      ) STRICT;
      CREATE INDEX issued_statement_by_number ON issued_statement (number);

      CREATE TRIGGER issued_statement_is_not_changed BEFORE UPDATE ON issued_statement
      BEGIN SELECT RAISE(ABORT, 'issued statements are append-only'); END;
      CREATE TRIGGER issued_statement_is_not_removed BEFORE DELETE ON issued_statement
      BEGIN SELECT RAISE(ABORT, 'issued statements are append-only'); END;
      CREATE TRIGGER issued_sources_are_not_changed BEFORE UPDATE ON issued_sources
      BEGIN SELECT RAISE(ABORT, 'issued statements are append-only'); END;
      CREATE TRIGGER issued_sources_are_not_removed BEFORE DELETE ON issued_sources
      BEGIN SELECT RAISE(ABORT, 'issued statements are append-only'); END;
    `);
  },
};

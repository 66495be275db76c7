import type { Migration } from '../../../store/sqlite/database.ts';

const appendOnly = (table: string): string => `
  CREATE TRIGGER ${table}_is_not_changed BEFORE UPDATE ON ${table}
  BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
  CREATE TRIGGER ${table}_is_not_removed BEFORE DELETE ON ${table}
  BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`;

/**
 * The register of customers' statements, draft invoices, service plans, and the journal of what was
 * done with customers and sent to billing systems. Statements, versions of plans and the journal are
 * only ever added to.
 */
export const bills: Migration = {
  version: 2,
  name: '0002-bills',
  up(database) {
    database.exec(`
      CREATE TABLE installation (
        id TEXT PRIMARY KEY
      ) STRICT;
      INSERT INTO installation VALUES (lower(hex(randomblob(16))));
      ALTER TABLE customer ADD COLUMN tariff_id TEXT;
      CREATE TABLE record (
        record_id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        operator TEXT NOT NULL,
        action TEXT NOT NULL,
        result TEXT NOT NULL,
        customer_id INTEGER,
        billing_id TEXT,
        details TEXT NOT NULL
      ) STRICT;
      CREATE INDEX record_by_customer ON record (customer_id) WHERE customer_id IS NOT NULL;
      CREATE TABLE issued_source (
        digest TEXT PRIMARY KEY,
        encoding TEXT NOT NULL,
        body BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE issued_statement (
        place INTEGER PRIMARY KEY,
        statement_id TEXT NOT NULL UNIQUE,
        identity TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        customer_id INTEGER NOT NULL REFERENCES customer (customer_id),
        corrects TEXT REFERENCES issued_statement (statement_id),
        digest TEXT NOT NULL,
        input TEXT NOT NULL,
        sources TEXT NOT NULL REFERENCES issued_source (digest),
        issued_by TEXT NOT NULL,
        issued_at INTEGER NOT NULL,
        encoding TEXT NOT NULL,
        body BLOB NOT NULL,
        summary TEXT NOT NULL
      ) STRICT;
      CREATE INDEX issued_statement_by_customer ON issued_statement (customer_id);
      CREATE INDEX issued_statement_by_corrected ON issued_statement (corrects)
        WHERE corrects IS NOT NULL;
      CREATE TABLE invoice (
        invoice_row INTEGER PRIMARY KEY,
        billing_id TEXT NOT NULL,
        statement_id TEXT NOT NULL REFERENCES issued_statement (statement_id),
        reference TEXT NOT NULL,
        external_id TEXT,
        state TEXT NOT NULL,
        problem TEXT,
        owner TEXT,
        lines INTEGER NOT NULL,
        subtotal TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        UNIQUE (billing_id, statement_id)
      ) STRICT;
      CREATE TABLE plan_version (
        plan_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL,
        saved_at INTEGER NOT NULL,
        saved_by TEXT NOT NULL,
        PRIMARY KEY (plan_id, version)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE plan_retired (
        plan_id TEXT PRIMARY KEY,
        at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE plan_holder (
        holder TEXT PRIMARY KEY,
        plan_id TEXT NOT NULL,
        connection_id TEXT,
        user_id TEXT,
        service_id INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE plan_drift (
        connection_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        what TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (connection_id, user_id)
      ) STRICT, WITHOUT ROWID;
      ${['record', 'issued_source', 'issued_statement', 'plan_version'].map(appendOnly).join('')}
    `);
  },
};

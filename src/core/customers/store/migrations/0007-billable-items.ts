import type { Migration } from '../../../store/sqlite/database.ts';

/**
 * Billable items sent to billing systems, a line of a statement each. No action of WHMCS lists them:
 * this is the only place that knows what was sent, and what may have been.
 */
export const billableItems: Migration = {
  version: 7,
  name: '0007-billable-items',
  up(database) {
    database.exec(`
      CREATE TABLE billable_item (
        billing_id TEXT NOT NULL,
        statement_id TEXT NOT NULL REFERENCES issued_statement (statement_id),
        line INTEGER NOT NULL,
        description TEXT NOT NULL,
        amount TEXT NOT NULL,
        state TEXT NOT NULL,
        external_id TEXT,
        problem TEXT,
        sent_at INTEGER NOT NULL,
        sent_by TEXT NOT NULL,
        PRIMARY KEY (billing_id, statement_id, line)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};

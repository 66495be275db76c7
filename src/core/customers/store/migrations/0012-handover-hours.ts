import type { Migration } from '../../../store/sqlite/database.ts';

/**
 * From which hour on a customer has a user that another had before, so that each hour is billed to one
 * of them; null where nobody said. Issued statements hold a user for its hours, several times where it
 * came back. Mappings are found by user and by customer, past ones too.
 */
export const handoverHours: Migration = {
  version: 12,
  name: '0012-handover-hours',
  up(database) {
    database.exec(`
      ALTER TABLE mapping ADD COLUMN since_hour INTEGER;
      DROP INDEX mapping_past_by_user;
      DROP INDEX mapping_past_by_customer;
      CREATE INDEX mapping_ever_by_user ON mapping (connection_id, user_id);
      CREATE INDEX mapping_ever_by_customer ON mapping (customer_id);
      ALTER TABLE issued_user RENAME TO issued_user_before;
      CREATE TABLE issued_user (
        connection_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        statement_id TEXT NOT NULL REFERENCES issued_statement (statement_id),
        from_hour INTEGER NOT NULL,
        to_hour INTEGER NOT NULL,
        PRIMARY KEY (connection_id, user_id, statement_id, from_hour)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO issued_user SELECT * FROM issued_user_before;
      DROP TABLE issued_user_before;
    `);
  },
};

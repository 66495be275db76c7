import type { Migration } from '../../../store/sqlite/database.ts';

/**
 * Billing connections without their secrets; customers, services and products as these systems list
 * them; and who of them has which S3 user. Rows that a billing system no longer lists stay, marked as
 * gone; a mapping that was taken back stays, with who did it. `cluster_user` holds what clusters'
 * snapshots say of users: it can be made again at any time, the rest can't.
 */
export const customers: Migration = {
  version: 1,
  name: '0001-customers',
  up(database) {
    database.exec(`
      CREATE TABLE billing_connection (
        billing_id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        settings TEXT NOT NULL,
        table_text TEXT
      ) STRICT;
      CREATE TABLE billing (
        billing_id TEXT PRIMARY KEY,
        as_of INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE customer (
        customer_id INTEGER PRIMARY KEY,
        billing_id TEXT NOT NULL,
        external_id TEXT NOT NULL,
        name TEXT NOT NULL,
        company TEXT NOT NULL,
        email TEXT NOT NULL,
        email_key TEXT NOT NULL,
        owner_email TEXT,
        owner_key TEXT,
        status TEXT NOT NULL,
        currency TEXT,
        words TEXT NOT NULL,
        gone INTEGER NOT NULL DEFAULT 0,
        round INTEGER NOT NULL,
        UNIQUE (billing_id, external_id)
      ) STRICT;
      CREATE INDEX customer_by_email ON customer (email_key);
      CREATE INDEX customer_by_owner ON customer (owner_key) WHERE owner_key IS NOT NULL;
      CREATE TABLE service (
        service_id INTEGER PRIMARY KEY,
        billing_id TEXT NOT NULL,
        external_id TEXT NOT NULL,
        customer_id INTEGER NOT NULL REFERENCES customer (customer_id),
        product_id TEXT NOT NULL,
        product_name TEXT NOT NULL,
        status TEXT NOT NULL,
        username TEXT,
        next_due_date TEXT,
        recurring_amount TEXT,
        suspension_reason TEXT,
        custom_fields TEXT NOT NULL,
        gone INTEGER NOT NULL DEFAULT 0,
        round INTEGER NOT NULL,
        UNIQUE (billing_id, external_id)
      ) STRICT;
      CREATE INDEX service_by_customer ON service (customer_id);
      CREATE TABLE product (
        billing_id TEXT NOT NULL,
        product_id TEXT NOT NULL,
        name TEXT NOT NULL,
        product_group TEXT NOT NULL,
        bills_overages INTEGER NOT NULL,
        PRIMARY KEY (billing_id, product_id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE mapping (
        mapping_id INTEGER PRIMARY KEY,
        customer_id INTEGER NOT NULL REFERENCES customer (customer_id),
        service_id INTEGER REFERENCES service (service_id),
        connection_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        mapped_by TEXT NOT NULL,
        mapped_at INTEGER NOT NULL,
        unmapped_by TEXT,
        unmapped_at INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX mapping_in_force
        ON mapping (customer_id, connection_id, user_id, ifnull(service_id, 0))
        WHERE unmapped_at IS NULL;
      CREATE INDEX mapping_by_user ON mapping (connection_id, user_id) WHERE unmapped_at IS NULL;
      CREATE TABLE cluster (
        connection_id TEXT PRIMARY KEY,
        as_of TEXT NOT NULL
      ) STRICT;
      CREATE TABLE cluster_user (
        connection_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        email TEXT NOT NULL,
        email_key TEXT NOT NULL,
        state TEXT NOT NULL,
        system INTEGER NOT NULL,
        bytes TEXT NOT NULL,
        PRIMARY KEY (connection_id, user_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX cluster_user_by_email ON cluster_user (email_key);
    `);
  },
};

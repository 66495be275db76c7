import type { DatabaseSync } from 'node:sqlite';
import { collationKey } from '#shared/collation-key.ts';
import { comparable } from '#shared/plain-text.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import type { BillingCustomer, BillingProduct, BillingService } from '../port/billing-system.ts';

/** One page of what a billing system lists, on its way into the store. */
export interface ListedPage {
  billingId: string;
  /** The same for every page of one refresh: rows that it does not touch are gone at its end. */
  round: number;
  customers: readonly BillingCustomer[];
  services: readonly BillingService[];
}

/** A user of a cluster, as lists of customers need it. */
export interface ClusterUser {
  userId: string;
  email: string;
  state: 'enabled' | 'disabled' | 'unknown';
  system: boolean;
  /** Exact decimal text; empty where the user's buckets were not counted yet. */
  bytes: string;
}

/** The form in which e-mails are compared. */
export const emailKey = (email: string): string => comparable(email.trim());

function customerSaver(database: DatabaseSync) {
  const statement = database.prepare(`
    INSERT INTO customer (billing_id, external_id, name, company, email, email_key, owner_email,
      owner_key, status, currency, words, round, name_order, company_order, email_order)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (billing_id, external_id) DO UPDATE SET name = excluded.name,
      company = excluded.company, email = excluded.email, email_key = excluded.email_key,
      owner_email = ifnull(excluded.owner_email, owner_email),
      owner_key = ifnull(excluded.owner_key, owner_key), status = excluded.status,
      currency = ifnull(excluded.currency, currency), words = excluded.words, gone = 0,
      round = excluded.round, name_order = excluded.name_order,
      company_order = excluded.company_order, email_order = excluded.email_order`);
  return (billingId: string, round: number, customer: BillingCustomer): void => {
    const { externalId, name, company, email, ownerEmail, status, currency } = customer;
    const words = comparable([name, company, email, ownerEmail ?? '', externalId].join('\n'));
    const ownerKey = ownerEmail === null ? null : emailKey(ownerEmail);
    statement.run(
      billingId,
      externalId,
      name,
      company,
      email,
      emailKey(email),
      ownerEmail,
      ownerKey,
      status,
      currency,
      words,
      round,
      collationKey(name),
      collationKey(company),
      collationKey(email),
    );
  };
}

function serviceSaver(database: DatabaseSync) {
  const statement = database.prepare(`
    INSERT INTO service (billing_id, external_id, customer_id, product_id, product_name, status,
      username, next_due_date, recurring_amount, suspension_reason, custom_fields, round,
      registered_on)
    SELECT ?1, ?2, customer_id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, '[]', ?11, ?12
    FROM customer WHERE billing_id = ?1 AND external_id = ?3
    ON CONFLICT (billing_id, external_id) DO UPDATE SET customer_id = excluded.customer_id,
      product_id = excluded.product_id, product_name = excluded.product_name,
      status = excluded.status, username = excluded.username,
      next_due_date = excluded.next_due_date, recurring_amount = excluded.recurring_amount,
      suspension_reason = excluded.suspension_reason, gone = 0, round = excluded.round,
      registered_on = excluded.registered_on`);
  return (billingId: string, round: number, service: BillingService): void => {
    statement.run(
      billingId,
      service.externalId,
      service.customerExternalId,
      service.productId,
      service.productName,
      service.status,
      service.username,
      service.nextDueDate,
      service.recurringAmount,
      service.suspensionReason,
      round,
      service.registeredOn,
    );
  };
}

/** Marks what a billing connection lists as gone; with a round: what that round did not touch. */
export function markGone(database: DatabaseSync, billingId: string, round?: number): void {
  for (const table of ['customer', 'service']) {
    database
      .prepare(`UPDATE ${table} SET gone = 1 WHERE billing_id = ?1 AND (?2 IS NULL OR round <> ?2)`)
      .run(billingId, round ?? null);
  }
}

function endRound(
  database: DatabaseSync,
  billingId: string,
  round: number,
  products: readonly BillingProduct[],
): { customers: number; services: number } {
  const isSaved = database
    .prepare('SELECT 1 FROM billing_connection WHERE billing_id = ?')
    .get(billingId);
  if (!isSaved)
    markGone(database, billingId); // it was removed meanwhile
  else markGone(database, billingId, round);
  database.prepare('DELETE FROM product WHERE billing_id = ?').run(billingId);
  const insert = database.prepare('INSERT OR REPLACE INTO product VALUES (?, ?, ?, ?, ?)');
  for (const { productId, name, group, billsOverages } of products) {
    insert.run(billingId, productId, name, group, billsOverages ? 1 : 0);
  }
  database
    .prepare(
      `INSERT INTO billing (billing_id, as_of) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET as_of = excluded.as_of`,
    )
    .run(billingId, round);
  return countsOf(database, billingId);
}

/** Returns how many customers and services of a billing connection are there. */
export function countsOf(
  database: DatabaseSync,
  billingId: string,
): { customers: number; services: number } {
  const count = (table: string): number =>
    Number(
      database
        .prepare(`SELECT count(*) AS count FROM ${table} WHERE billing_id = ? AND gone = 0`)
        .get(billingId)?.count,
    );
  return { customers: count('customer'), services: count('service') };
}

/** Changes that a refresh of a billing system or of a cluster makes. */
export function listWriters(database: DatabaseSync) {
  const saveCustomer = customerSaver(database);
  const saveService = serviceSaver(database);
  const insertUser = database.prepare(
    'INSERT OR REPLACE INTO cluster_user VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const ofUser = 'connection_id = ? AND user_id = ?';
  const losesState = database.prepare(
    `UPDATE cluster_user SET state = ?1 WHERE connection_id = ?2 AND user_id = ?3 AND EXISTS (SELECT 1 FROM mapping
       WHERE mapping.connection_id = cluster_user.connection_id
         AND mapping.user_id = cluster_user.user_id AND unmapped_at IS NULL)`,
  );
  const deleteUser = database.prepare(`DELETE FROM cluster_user WHERE ${ofUser}`);
  const saveUser = (connectionId: string, user: ClusterUser): void => {
    const { userId, email, state, system, bytes } = user;
    insertUser.run(connectionId, userId, email, emailKey(email), state, system ? 1 : 0, bytes);
  };
  return {
    savePage: ({ billingId, round, customers, services }: ListedPage) =>
      inTransaction(database, () => {
        for (const customer of customers) saveCustomer(billingId, round, customer);
        for (const service of services) saveService(billingId, round, service);
        return null;
      }),
    endRound: (input: { billingId: string; round: number; products: BillingProduct[] }) =>
      inTransaction(database, () =>
        endRound(database, input.billingId, input.round, input.products),
      ),
    /** Replaces what is known of a cluster's users, a part at a time; `first` begins again. */
    saveUsers: (input: {
      connectionId: string;
      asOf: string;
      first: boolean;
      users: ClusterUser[];
    }) =>
      inTransaction(database, () => {
        const { connectionId, asOf, first, users } = input;
        if (first) {
          database.prepare('DELETE FROM cluster_user WHERE connection_id = ?').run(connectionId);
        }
        for (const user of users) saveUser(connectionId, user);
        database
          .prepare('INSERT OR REPLACE INTO cluster (connection_id, as_of) VALUES (?, ?)')
          .run(connectionId, asOf);
        return null;
      }),
    /** Saves one user's current state. */
    saveUser: ({ connectionId, user }: { connectionId: string; user: ClusterUser }): null => {
      saveUser(connectionId, user);
      return null;
    },
    /**
     * Forgets a user; one that is mapped keeps its e-mail, to be unmapped by.
     * @param gone whether its cluster has it no more; else nothing is known of it
     */
    forgetUser: (user: { connectionId: string; userId: string; gone: boolean }): null => {
      const { connectionId, userId, gone } = user;
      const { changes } = losesState.run(gone ? 'gone' : 'unknown', connectionId, userId);
      if (changes === 0) deleteUser.run(connectionId, userId);
      return null;
    },
    /** Forgets the users of clusters that are no longer connected; what they are mapped to stays. */
    forgetOtherClusters: ({ connectionIds }: { connectionIds: readonly string[] }) =>
      inTransaction(database, () => {
        for (const table of ['cluster_user', 'cluster']) {
          database
            .prepare(
              `DELETE FROM ${table} WHERE connection_id NOT IN (SELECT value FROM json_each(?))`,
            )
            .run(JSON.stringify(connectionIds));
        }
        return null;
      }),
  };
}

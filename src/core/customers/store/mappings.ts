import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import { fromRow, type Page, type Row, readPage } from '../../store/sqlite/rows.ts';
import { openService, toOther, toService } from './list-customers.ts';
import { addRecord } from './records.ts';
import { emailKey } from './save-lists.ts';

/** Who of the customers has which user; `serviceId` where a service of it is meant. */
export interface Mapping {
  customerId: string;
  serviceId?: string | undefined;
  connectionId: string;
  userId: string;
}

type UnpaidPage = Page & Pick<ParsedInput<'customers.unpaid'>, 'notBilled'>;
type Suggestion = CallOutput<'customers.suggestions'>['rows'][number];
type UserState = CallOutput<'customers.unpaid'>['rows'][number]['state'];

/** Customers in the order of the names that are shown of them. */
export const customerOrder = `iif(customer.company = '', customer.name_order, customer.company_order)`;

/** Pairs of a customer and a user of one e-mail, neither mapped to anything yet. */
const pairs = `
  SELECT customer.customer_id, user.connection_id, user.user_id, user.email,
    CASE WHEN customer.email_key = user.email_key THEN 'client' ELSE 'owner' END AS matched,
    customer.name, customer.company, ${customerOrder} AS place
  FROM cluster_user AS user
  JOIN customer ON user.email_key <> ''
    AND (customer.email_key = user.email_key OR customer.owner_key = user.email_key)
  WHERE customer.gone = 0 AND user.system = 0 AND user.state <> 'gone'
    AND NOT EXISTS (SELECT 1 FROM mapping WHERE mapping.connection_id = user.connection_id
      AND mapping.user_id = user.user_id AND unmapped_at IS NULL)`;

/** The one service of a customer that lacks a user; a pending one only where there is no other. */
const onlyOpenService = `
  SELECT CASE WHEN count(*) = 1 THEN min(service_id) END AS service_id FROM (
    SELECT service_id, dense_rank() OVER (ORDER BY status = 'Pending') AS place FROM service
    WHERE customer_id = ? AND ${openService} AND NOT EXISTS (SELECT 1 FROM mapping
      WHERE mapping.service_id = service.service_id AND unmapped_at IS NULL)) WHERE place = 1`;

function suggestions(database: DatabaseSync, { offset, limit }: Page) {
  const total = database.prepare(`SELECT count(*) AS n FROM (${pairs})`).get();
  const rows = database
    .prepare(`
      WITH pair AS (${pairs})
      SELECT pair.*,
        (SELECT count(*) FROM pair AS other WHERE other.connection_id = pair.connection_id
          AND other.user_id = pair.user_id) > 1
        OR (SELECT count(*) FROM cluster_user AS twin WHERE twin.connection_id = pair.connection_id
          AND twin.email_key = (SELECT email_key FROM cluster_user AS self
            WHERE self.connection_id = pair.connection_id AND self.user_id = pair.user_id)) > 1
        AS ambiguous
      FROM pair ORDER BY place, customer_id, connection_id, user_id LIMIT ? OFFSET ?`)
    .all(limit, offset);
  const service = database.prepare(onlyOpenService);
  return {
    total: Number(total?.n),
    rows: rows.map((row): Suggestion => {
      const serviceId = service.get(row.customer_id as number)?.service_id ?? null;
      return {
        customerId: String(row.customer_id),
        customerName: String(row.company) || String(row.name),
        connectionId: String(row.connection_id),
        userId: String(row.user_id),
        email: String(row.email),
        matched: row.matched === 'client' ? 'client' : 'owner',
        ambiguous: row.ambiguous === 1,
        serviceId: serviceId === null ? null : String(serviceId),
      };
    }),
  };
}

/** Users that belong to no customer, with why nobody is to pay for one where that is so. */
const withoutCustomer = `FROM cluster_user AS user LEFT JOIN not_billed USING (connection_id, user_id)
  WHERE system = 0 AND state <> 'gone' AND NOT EXISTS (
    SELECT 1 FROM mapping JOIN customer USING (customer_id)
    WHERE mapping.connection_id = user.connection_id AND mapping.user_id = user.user_id
      AND unmapped_at IS NULL AND customer.gone = 0)`;
const isUnpaid = 'reason IS NULL';

function unpaid(database: DatabaseSync, { offset, limit, notBilled }: UnpaidPage) {
  let [billed, marked, bytes] = [0, 0, 0n];
  const all = database.prepare(`SELECT bytes, ${isUnpaid} AS unpaid ${withoutCustomer}`);
  for (const row of all.iterate()) {
    if (row.unpaid === 0) marked += 1;
    else {
      billed += 1;
      bytes += BigInt(String(row.bytes));
    }
  }
  const rows = database
    .prepare(
      `SELECT * ${withoutCustomer} AND (${isUnpaid}) = ?
       ORDER BY length(bytes) DESC, bytes DESC, connection_id, user_id LIMIT ? OFFSET ?`,
    )
    .all(notBilled ? 0 : 1, limit, offset);
  return {
    total: notBilled ? marked : billed,
    notBilled: marked,
    totalBytes: toWireInteger(bytes),
    rows: rows.map((row) => ({
      connectionId: String(row.connection_id),
      userId: String(row.user_id),
      email: String(row.email),
      state: String(row.state) as UserState,
      currentBytes: row.bytes === '' ? null : toWireInteger(BigInt(String(row.bytes))),
      notBilled:
        row.reason === null
          ? null
          : {
              reason: String(row.reason),
              at: new Date(Number(row.marked_at)).toISOString(),
              by: String(row.marked_by),
            },
    })),
  };
}

/** Keeps that nobody is to pay for a user, and why; with no reason, that somebody is. */
function setNotBilled(
  database: DatabaseSync,
  { operator, reason, ...user }: ParsedInput<'customers.setNotBilled'> & { operator: string },
): null {
  const { connectionId, userId } = user;
  const values = [connectionId, userId];
  return inTransaction(database, () => {
    if (reason === null) {
      const ended = database
        .prepare('DELETE FROM not_billed WHERE connection_id = ? AND user_id = ?')
        .run(...values);
      if (ended.changes === 0) return null;
    } else {
      database
        .prepare('INSERT OR REPLACE INTO not_billed VALUES (?, ?, ?, ?, ?)')
        .run(...values, reason, Date.now(), operator);
    }
    const action = reason === null ? 'customers.billAgain' : 'customers.setNotBilled';
    addRecord(database, { operator, action, result: 'done', details: { ...user, reason } });
    return null;
  });
}

/** How many users of each cluster belong to no customer, and what they store. */
function unpaidByCluster(database: DatabaseSync) {
  return database
    .prepare(
      `SELECT connection_id, count(*) AS users, total(CAST(bytes AS REAL)) AS bytes
       ${withoutCustomer} AND ${isUnpaid} GROUP BY connection_id`,
    )
    .all()
    .map((row) => fromRow<{ connectionId: string; users: number; bytes: number }>(row));
}

// a customer that is gone pays for nothing
const sharedUsers = `FROM (SELECT connection_id, user_id FROM mapping
    JOIN customer USING (customer_id) WHERE unmapped_at IS NULL AND gone = 0
    GROUP BY connection_id, user_id HAVING count(DISTINCT customer_id) > 1)`;

function shared(database: DatabaseSync, { offset, limit }: Page) {
  const total = database.prepare(`SELECT count(*) AS n ${sharedUsers}`).get();
  const users = database
    .prepare(
      `SELECT connection_id, user_id, ifnull(email, '') AS email ${sharedUsers}
       LEFT JOIN cluster_user USING (connection_id, user_id)
       ORDER BY collation_key(email), connection_id, user_id LIMIT ? OFFSET ?`,
    )
    .all(limit, offset);
  const customers = database.prepare(
    `SELECT customer_id, name, company, external_id, gone, min(mapped_at) AS mapped_at, mapped_by
     FROM mapping JOIN customer USING (customer_id)
     WHERE connection_id = ? AND user_id = ? AND unmapped_at IS NULL
     GROUP BY customer_id ORDER BY mapped_at, customer_id`,
  );
  return {
    total: Number(total?.n),
    rows: users.map(({ connection_id: connection, user_id: user, email }) => ({
      connectionId: String(connection),
      userId: String(user),
      email: String(email),
      customers: customers.all(connection as string, user as string).map((row) => ({
        ...toOther(row),
        gone: row.gone === 1,
        mappedAt: new Date(Number(row.mapped_at)).toISOString(),
        mappedBy: String(row.mapped_by),
      })),
    })),
  };
}

/** Users that a service has: its own, and those that are mapped to its customer as a whole. */
export const mappedToService = `mapping WHERE mapping.customer_id = service.customer_id
  AND unmapped_at IS NULL AND (mapping.service_id IS NULL OR mapping.service_id = service.service_id)`;

/** Whether a mapped user is, as far as its cluster was read, still there. */
export const isThere = `ifnull((SELECT state <> 'gone' FROM cluster_user AS user
    WHERE user.connection_id = mapping.connection_id AND user.user_id = mapping.user_id),
  NOT EXISTS (SELECT 1 FROM cluster WHERE cluster.connection_id = mapping.connection_id))`;

const withoutUser = `service JOIN customer USING (customer_id)
  WHERE service.gone = 0 AND service.status = 'Active'
    AND NOT EXISTS (SELECT 1 FROM ${mappedToService} AND ${isThere})`;

/** The latest cancellation that was finished here and ended a service; one ordered later is none of its. */
export const endedBy = `(SELECT offboarding_id FROM offboarding WHERE state = 'finished'
  AND offboarding.customer_id = service.customer_id
  AND (offboarding.service_id IS NULL OR offboarding.service_id = service.service_id)
  AND ifnull(date(started_at / 1000, 'unixepoch') >= service.registered_on, 1)
  ORDER BY started_at DESC LIMIT 1)`;

/** A service with whose it is: columns, and what is made of them. */
export const ownedService =
  'service.*, customer.name AS customer_name, customer.company, customer.email, customer.currency';
export const toOwnedService = (row: Row) => ({
  ...toService(row),
  customerId: String(row.customer_id),
  customerName: String(row.company) || String(row.customer_name),
  email: String(row.email),
  currency: row.currency === null ? null : String(row.currency),
  billingId: String(row.billing_id),
});

function unused(database: DatabaseSync, page: Page) {
  const columns = `${ownedService}, EXISTS (SELECT 1 FROM ${mappedToService}) AS lost,
    ${endedBy} AS offboarding_id`;
  const query = { columns, from: withoutUser, order: `${customerOrder}, service_id`, page };
  const found = readPage(database, query, (row) => ({
    ...toOwnedService(row),
    lost: row.lost === 1,
    offboardingId: row.offboarding_id === null ? null : String(row.offboarding_id),
  }));
  const left = database
    .prepare(`SELECT count(*) AS n FROM ${withoutUser} AND ${endedBy} IS NULL`)
    .get();
  return { ...found, onboardable: Number(left?.n) };
}

export function mappingReaders(database: DatabaseSync) {
  return {
    suggestions: (page: Page) => suggestions(database, page),
    unpaid: (page: UnpaidPage) => unpaid(database, page),
    unpaidByCluster: (_input: null) => unpaidByCluster(database),
    shared: (page: Page) => shared(database, page),
    unused: (page: Page) => unused(database, page),
    /**
     * Customers whose list said too little: billed ones without a currency, then those whose e-mail
     * no user has and whose owner is not known; whoever was never asked for first, then the longest ago.
     */
    withoutDetails: ({ billingId, limit }: { billingId: string; limit: number }) =>
      database
        .prepare(
          `SELECT customer_id, external_id, EXISTS (SELECT 1 FROM mapping
             WHERE mapping.customer_id = customer.customer_id AND unmapped_at IS NULL) AS mapped
           FROM customer WHERE billing_id = ? AND gone = 0 AND CASE WHEN mapped
             THEN currency IS NULL
             ELSE owner_email IS NULL AND NOT EXISTS (SELECT 1 FROM cluster_user AS user
               WHERE user.email_key = customer.email_key) END
           ORDER BY details_asked_at, mapped DESC, customer_id LIMIT ?`,
        )
        .all(billingId, limit)
        .map((row) => ({
          customerId: String(row.customer_id),
          externalId: String(row.external_id),
        })),
  };
}

export function customerWriters(database: DatabaseSync) {
  return {
    setNotBilled: (input: Parameters<typeof setNotBilled>[1]) => setNotBilled(database, input),
    setTariff: (input: { customerId: string; tariffId: string | null; operator: string }): null =>
      inTransaction(database, () => {
        const { customerId, tariffId, operator } = input;
        database
          .prepare('UPDATE customer SET tariff_id = ? WHERE customer_id = ?')
          .run(tariffId, Number(customerId));
        const action = 'customers.setTariff';
        addRecord(database, {
          operator,
          action,
          customerId,
          result: 'done',
          details: { tariffId },
        });
        return null;
      }),
    /** Notes a customer's currency and owner, null where not known, as asked for on its own. */
    noteCustomer: (input: {
      customerId: string;
      currency: string | null;
      ownerEmail: string | null;
    }): null => {
      const { customerId, currency, ownerEmail } = input;
      database
        .prepare(
          `UPDATE customer SET currency = ifnull(?, currency), owner_email = ifnull(?, owner_email),
             owner_key = ifnull(?, owner_key), details_asked_at = ? WHERE customer_id = ?`,
        )
        .run(
          ...[currency, ownerEmail, ownerEmail && emailKey(ownerEmail)],
          ...[Date.now(), Number(customerId)],
        );
      return null;
    },
  };
}

import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { hourToIso } from '#shared/billing/charges.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { mappingRowReader } from './handed-over.ts';
import { countsOf } from './save-lists.ts';
import { turnsOf } from './turns.ts';

type Query = ParsedInput<'customers.list'>;
type Row = CallOutput<'customers.list'>['rows'][number];
type MappedUser = Row['users'][number];

/** Services that somebody still has. */
export const openService = "gone = 0 AND status NOT IN ('Terminated', 'Cancelled', 'Fraud')";

const itsServices = (which: string): string =>
  `FROM service WHERE service.customer_id = customer.customer_id AND ${which}`;
const servicesOf = `(SELECT count(*) ${itsServices(openService)})`;
/** The mapped users that are still there, as far as their clusters were read. */
const itsUsers = `FROM mapping LEFT JOIN cluster_user AS user USING (connection_id, user_id)
  WHERE mapping.customer_id = customer.customer_id AND unmapped_at IS NULL AND CASE
    WHEN user.state IS NULL THEN NOT EXISTS (SELECT 1 FROM cluster
      WHERE cluster.connection_id = mapping.connection_id
        AND unixepoch(as_of, 'subsec') * 1000 > mapped_at)
    ELSE user.state <> 'gone' END`;

const sortColumns: Record<NonNullable<Query['sort']>['by'], readonly string[]> = {
  name: ['name_order'],
  company: ['company_order'],
  email: ['email_order'],
  externalId: ['CAST(external_id AS INTEGER)', 'external_id'],
  status: ['status'],
  services: [servicesOf],
  users: [`(SELECT count(*) ${itsUsers})`],
};

const isInState = (status: string): string =>
  `EXISTS (SELECT 1 ${itsServices(`gone = 0 AND status = '${status}'`)})`;
const serviceConditions = {
  none: `NOT EXISTS (SELECT 1 ${itsServices(openService)})`,
  active: isInState('Active'),
  suspended: isInState('Suspended'),
  pending: isInState('Pending'),
  terminated: isInState('Terminated'),
  cancelled: isInState('Cancelled'),
};

/** How many services a customer has in each state, as JSON: pairs of state and number. */
const statesOf = `(SELECT json_group_array(json_array(status, n)) FROM (SELECT status, count(*) AS n
  ${itsServices('gone = 0')} GROUP BY status ORDER BY n DESC, status))`;

type StatesOfServices = Row['serviceStates'];

function toStates(states: unknown): StatesOfServices {
  const pairs = JSON.parse(String(states)) as [string, number][];
  return pairs.map(([status, services]) => ({ status, services }));
}

/** The conditions of a list and their values. */
function conditionsOf({ search, filter, only }: Query): { sql: string; values: SQLInputValue[] } {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (sql: string, ...more: SQLInputValue[]): void => {
    conditions.push(sql);
    values.push(...more);
  };
  const words = searchedText(search);
  if (words !== '') add('instr(words, ?) > 0', words);
  if (only !== undefined) add('customer_id = ?', Number(only));
  if (filter?.billingId !== undefined) add('billing_id = ?', filter.billingId);
  if (filter?.status !== undefined) add('status = ?', filter.status);
  if (filter?.users !== undefined) {
    add(`${filter.users === 'none' ? 'NOT ' : ''}EXISTS (SELECT 1 ${itsUsers})`);
  }
  if (filter?.service !== undefined) add(serviceConditions[filter.service]);
  return { sql: conditions.length === 0 ? '1' : conditions.join(' AND '), values };
}

const mappedUsers = `SELECT mapping.connection_id, mapping.user_id, email, state, service_id,
    mapped_at, mapped_by, cluster.as_of
  FROM mapping LEFT JOIN cluster_user USING (connection_id, user_id)
    LEFT JOIN cluster USING (connection_id)
  WHERE customer_id = ? AND unmapped_at IS NULL ORDER BY mapping_id`;

function toUser(row: Columns): MappedUser {
  const isListed = row.state !== null && row.state !== 'gone';
  const isGone =
    !isListed && (row.state === 'gone' || Date.parse(String(row.as_of)) > Number(row.mapped_at));
  return {
    connectionId: String(row.connection_id),
    userId: String(row.user_id),
    email: textOrNull(row.email),
    state: isListed ? (String(row.state) as MappedUser['state']) : null,
    ...(isGone ? { gone: true } : {}),
    serviceId: textOrNull(row.service_id),
    mappedAt: new Date(Number(row.mapped_at)).toISOString(),
    mappedBy: String(row.mapped_by),
  };
}

/** Other customers that have a user and are still listed: whoever is gone pays for nothing. */
const othersOfUser = `SELECT DISTINCT customer_id, name, company, external_id
  FROM mapping JOIN customer USING (customer_id)
  WHERE connection_id = ? AND user_id = ? AND unmapped_at IS NULL AND gone = 0
    AND customer_id <> ? ORDER BY customer_id`;

/** The cancellations of a customer that deleted users, as JSON: when each did, and which. */
const cancellationsOf = `(SELECT json_group_array(json_object('at', steps ->> '$[#-1].at',
    'users', json(users))) FROM offboarding
  WHERE offboarding.customer_id = customer.customer_id AND state = 'finished'
    AND steps ->> '$[#-1].state' = 'done')`;

type Cancellation = {
  at: string;
  users: { connectionId: string; userId: string; email: string }[];
};

/** Notes which users a cancellation deleted since they were mapped; the list of them may be of before that. */
function withDeleted<User extends MappedUser>(users: User[], all: readonly Cancellation[]): User[] {
  return users.map((user) => {
    for (const { at, users: deleted } of all) {
      if (at <= user.mappedAt) continue;
      const found = deleted.find(
        (one) => one.connectionId === user.connectionId && one.userId === user.userId,
      );
      if (!found) continue;
      const email = user.email || found.email || null;
      return { ...user, email, state: null, gone: true as const, deletedAt: at };
    }
    return user;
  });
}

/** When cancellations left a customer without a user. */
function cancelledAt(all: readonly Cancellation[], users: readonly MappedUser[]) {
  const last = all
    .map(({ at }) => at)
    .toSorted()
    .at(-1);
  return last !== undefined && users.every(({ gone }) => gone) ? { cancelledAt: last } : {};
}

/** Whether the billing system was read to its end once: customers come before their services. */
const isRead = 'EXISTS (SELECT 1 FROM billing WHERE billing.billing_id = customer.billing_id)';

const customerColumns = `customer_id, billing_id, external_id, name, company, email, owner_email,
  status, currency, gone, tariff_id, ${isRead} AS is_read, ${servicesOf} AS services, ${cancellationsOf} AS cancellations`;

type Columns = Record<string, unknown>;
const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));

function toRow<User extends MappedUser>(
  columns: Columns,
  mapped: User[],
): Omit<Row, 'users' | 'serviceStates'> & { users: User[] } {
  const cancellations = JSON.parse(String(columns.cancellations)) as Cancellation[];
  const users = withDeleted(mapped, cancellations);
  return {
    customerId: String(columns.customer_id),
    billingId: String(columns.billing_id),
    externalId: String(columns.external_id),
    name: String(columns.name),
    company: String(columns.company),
    email: String(columns.email),
    ownerEmail: textOrNull(columns.owner_email),
    status: String(columns.status),
    currency: textOrNull(columns.currency),
    services: columns.is_read === 1 ? Number(columns.services) : null,
    users,
    gone: columns.gone === 1,
    ...cancelledAt(cancellations, users),
  };
}

/** Returns a customer as others are named with it. */
export function toOther(columns: Columns) {
  return {
    customerId: String(columns.customer_id),
    name: String(columns.company) || String(columns.name),
    externalId: String(columns.external_id),
  };
}

function asOfOf(database: DatabaseSync, billingId?: string): string | null {
  const row = database
    .prepare(
      `SELECT min(as_of) AS as_of FROM billing WHERE CASE WHEN ?1 IS NOT NULL THEN billing_id = ?1
       ELSE removed_address IS NULL OR billing_id IN (SELECT billing_id FROM billing_connection) END`,
    )
    .get(billingId ?? null);
  return row?.as_of == null ? null : new Date(Number(row.as_of)).toISOString();
}

/** Returns a service as the interface sees it. */
export function toService(columns: Columns): CallOutput<'customers.get'>['serviceList'][number] {
  return {
    serviceId: String(columns.service_id),
    externalId: String(columns.external_id),
    productId: String(columns.product_id),
    productName: String(columns.product_name),
    status: String(columns.status),
    username: textOrNull(columns.username),
    registeredOn: textOrNull(columns.registered_on),
    nextDueDate: textOrNull(columns.next_due_date),
    recurringAmount: textOrNull(columns.recurring_amount),
    suspensionReason: textOrNull(columns.suspension_reason),
    gone: columns.gone === 1,
  };
}

export function customerReaders(database: DatabaseSync) {
  const users = database.prepare(mappedUsers);
  const usersOf = (id: unknown): MappedUser[] => users.all(Number(id)).map(toUser);
  const others = database.prepare(othersOfUser);
  const withOthers = (user: MappedUser, customerId: string) => ({
    ...user,
    alsoOf: others.all(user.connectionId, user.userId, Number(customerId)).map(toOther),
    ...beforeOf(user, customerId),
  });
  const rowsOfUser = mappingRowReader(database);
  const named = database.prepare('SELECT * FROM customer WHERE customer_id = ?');
  const beforeOf = (user: MappedUser, customerId: string) => {
    const turns = turnsOf(rowsOfUser(user));
    const own = turns.findLastIndex((turn) => turn.customerId === customerId);
    const [turn, last] = [turns[own], turns[own - 1]];
    const row = last && named.get(Number(last.customerId));
    if (!row) return {};
    const since = turn?.sinceHour == null ? null : hourToIso(turn.sinceHour);
    return { before: { ...toOther(row), since } };
  };
  const one = database.prepare(`SELECT ${customerColumns} FROM customer WHERE customer_id = ?`);
  const services = database.prepare(
    'SELECT * FROM service WHERE customer_id = ? ORDER BY gone, service_id',
  );
  return {
    ...userReaders(database),
    listCustomers: (query: Query): CallOutput<'customers.list'> => {
      const { sql, values } = conditionsOf(query);
      const total = database
        .prepare(`SELECT count(*) AS n FROM customer WHERE ${sql}`)
        .get(...values);
      const { by, descending } = query.sort ?? { by: 'name', descending: false };
      const direction = descending ? 'DESC' : 'ASC';
      const order = sortColumns[by].map((column) => `${column} ${direction}`).join(', ');
      const rows = database
        .prepare(
          // what is counted is counted for the rows of the page, not for all that are sorted
          `SELECT ${customerColumns}, ${statesOf} AS states FROM customer WHERE customer_id IN (
             SELECT customer_id FROM customer WHERE ${sql}
             ORDER BY ${order}, customer_id LIMIT ? OFFSET ?)
           ORDER BY ${order}, customer_id`,
        )
        .all(...values, query.limit, query.offset);
      return {
        total: Number(total?.n),
        rows: rows.map((row) => ({
          ...toRow(row, usersOf(row.customer_id)),
          serviceStates: toStates(row.states),
        })),
        asOf: asOfOf(database, query.filter?.billingId),
      };
    },
    getCustomer: ({ customerId }: { customerId: string }): CallOutput<'customers.get'> | null => {
      const columns = one.get(Number(customerId));
      if (!columns) return null;
      return {
        ...toRow(
          columns,
          usersOf(customerId).map((user) => withOthers(user, customerId)),
        ),
        tariffId: textOrNull(columns.tariff_id),
        serviceList: services.all(Number(customerId)).map(toService),
        asOf: asOfOf(database, String(columns.billing_id)),
      };
    },
  };
}

/** What else is asked about customers and the users they are mapped to. */
function userReaders(database: DatabaseSync) {
  const services = database.prepare(
    `SELECT DISTINCT service.* FROM mapping JOIN service USING (service_id)
     WHERE connection_id = ? AND user_id = ? AND mapping.customer_id = ? AND unmapped_at IS NULL
       AND service.gone = 0 ORDER BY service_id`,
  );
  return {
    /** Who pays for a user: whoever is gone does not. */
    customersOfUser: (input: { connectionId: string; userId: string }) =>
      database
        .prepare(
          `SELECT DISTINCT customer_id, name, company, email FROM customer
           JOIN mapping USING (customer_id)
           WHERE connection_id = ? AND user_id = ? AND unmapped_at IS NULL AND gone = 0`,
        )
        .all(input.connectionId, input.userId)
        .map((row) => ({
          customerId: String(row.customer_id),
          name: String(row.company) || String(row.name),
          email: String(row.email),
          services: services
            .all(input.connectionId, input.userId, Number(row.customer_id))
            .map(toService),
        })),
    /** Whether a billing connection was never read. */
    hasUnreadBilling: (_input: null): boolean =>
      database
        .prepare(
          `SELECT 1 FROM billing_connection
           WHERE billing_id NOT IN (SELECT billing_id FROM billing) LIMIT 1`,
        )
        .get() !== undefined,
    billingState: ({ billingId }: { billingId: string }) => ({
      asOf: asOfOf(database, billingId),
      ...countsOf(database, billingId),
    }),
    /** What a user stored when its cluster was last read, exact decimal text; null: not known. */
    bytesOf: ({ connectionId, userId }: { connectionId: string; userId: string }): string | null =>
      textOrNull(
        database
          .prepare(
            "SELECT nullif(bytes, '') AS bytes FROM cluster_user WHERE connection_id = ? AND user_id = ?",
          )
          .get(connectionId, userId)?.bytes ?? null,
      ),
    clusterAsOf: ({ connectionId }: { connectionId: string }): string | null =>
      textOrNull(
        database.prepare('SELECT as_of FROM cluster WHERE connection_id = ?').get(connectionId)
          ?.as_of ?? null,
      ),
  };
}

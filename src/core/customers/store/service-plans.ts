import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { compareNames } from '#shared/collation-key.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { inTransaction } from '../../store/sqlite/database.ts';
import { fromRow } from '../../store/sqlite/rows.ts';
import { planDriftMethods } from './plan-drift.ts';
import { planTariffReaders } from './plan-tariffs.ts';
import { itsService, newest, ofProduct } from './plan-versions.ts';
import { addRecord, addRecordsOf } from './records.ts';

type Plan = CallOutput<'servicePlans.save'>;
type Product = Plan['products'][number];
/** What a plan says, besides its products. */
type PlanBody = Omit<
  Plan,
  'id' | 'version' | 'retired' | 'holders' | 'savedAt' | 'savedBy' | 'productIds' | 'products'
>;
type Holder = ParsedInput<'servicePlans.assign'>['holder'];

/** A user of a cluster with the plan that counts for it: its own, else that of a service. */
export interface PlannedUser {
  connectionId: string;
  userId: string;
  email: string;
  planId: string;
  customerId: string | null;
  customerName: string | null;
  /** When it got the plan, Unix milliseconds, and who gave it; null: not known. */
  given: { at: number; by: string } | null;
}

const withProducts = `SELECT v.*, (SELECT json_group_array(
    json_object('billingId', billing_id, 'productId', product_id)) FROM plan_product AS p
    WHERE p.plan_id = v.plan_id AND p.version = v.version) AS products
  FROM (${newest}) AS v`;

function toPlan(row: Record<string, unknown>): Plan {
  const products = JSON.parse(String(row.products)) as Product[];
  return {
    ...(JSON.parse(String(row.body)) as Pick<Plan, 'name'>),
    products,
    productIds: [...new Set(products.map(({ productId }) => productId))],
    id: String(row.plan_id),
    version: Number(row.version),
    retired: row.retired === 1,
    holders: Number(row.holders),
    savedAt: new Date(Number(row.saved_at)).toISOString(),
    savedBy: String(row.saved_by),
  };
}

const holderKey = (holder: Holder): string =>
  'serviceId' in holder
    ? `service ${holder.serviceId}`
    : `user ${holder.connectionId} ${holder.userId.toLowerCase()}`;

function assign(
  database: DatabaseSync,
  planId: string | null,
  holder: Holder,
  operator: string,
): void {
  const key = holderKey(holder);
  database.prepare('DELETE FROM plan_holder WHERE holder = ?').run(key);
  if (planId === null) return;
  const of = 'serviceId' in holder ? null : holder;
  database
    .prepare('INSERT INTO plan_holder VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(
      key,
      planId,
      of?.connectionId ?? null,
      of?.userId ?? null,
      'serviceId' in holder ? Number(holder.serviceId) : null,
      Date.now(),
      operator,
    );
}

/** The plan that was assigned to a holder. */
function heldPlan(database: DatabaseSync, holder: Holder): string | null {
  const find = database.prepare('SELECT plan_id FROM plan_holder WHERE holder = ?');
  const held = find.get(holderKey(holder));
  return held ? String(held.plan_id) : null;
}

// A plan of the user itself comes before that of its service, and that before the one of a product.
const planned = `
  SELECT m.connection_id, m.user_id, m.customer_id, customer.name, customer.company, h.plan_id, 1 AS rank,
    h.assigned_at AS given_at, h.assigned_by AS given_by
  FROM plan_holder AS h JOIN mapping AS m ON m.service_id = h.service_id AND unmapped_at IS NULL
  JOIN customer ON customer.customer_id = m.customer_id
  UNION ALL
  SELECT h.connection_id, h.user_id, m.customer_id, customer.name, customer.company, h.plan_id, 0, h.assigned_at,
    h.assigned_by
  FROM plan_holder AS h LEFT JOIN mapping AS m ON m.connection_id = h.connection_id
    AND m.user_id = h.user_id AND unmapped_at IS NULL
  LEFT JOIN customer ON customer.customer_id = m.customer_id
  WHERE h.user_id IS NOT NULL
  UNION ALL
  SELECT m.connection_id, m.user_id, m.customer_id, customer.name, customer.company, v.plan_id, 2, m.mapped_at,
    m.mapped_by
  FROM (${newest}) AS v JOIN plan_product AS product ON ${ofProduct}
  JOIN service ON ${itsService} AND service.gone = 0
  JOIN mapping AS m ON m.service_id = service.service_id AND unmapped_at IS NULL
  JOIN customer ON customer.customer_id = m.customer_id WHERE v.retired = 0`;

function getPlan(database: DatabaseSync, planId: string): Plan | null {
  const row = database.prepare(`${withProducts} WHERE v.plan_id = ?`).get(planId);
  return row ? toPlan(row) : null;
}

export function planMethods(database: DatabaseSync) {
  return {
    ...versionMethods(database),
    ...holderMethods(database),
    ...planDriftMethods(database),
    ...ofCustomerMethods(database),
    ...planTariffReaders(database),
  };
}

/** Plans by name, the newest version of each. */
export function listPlans(database: DatabaseSync, { retired }: { retired: boolean }): Plan[] {
  return database
    .prepare(withProducts)
    .all()
    .map(toPlan)
    .filter((plan) => retired || !plan.retired)
    .sort((left, right) => compareNames(left.name, right.name));
}

/** The next version of a plan, or with no `id` a new one. */
interface NewVersion {
  id?: string | undefined;
  body: PlanBody;
  products: readonly Product[];
}

interface PlanPreview {
  plan: Plan;
  users: PlannedUser[];
  losing: number;
}

/** Null where there is no such plan. */
function addVersion(
  database: DatabaseSync,
  { id, body, products, operator }: NewVersion & { operator: string },
): Plan | null {
  const before = id === undefined ? null : getPlan(database, id);
  if (id !== undefined && before === null) return null;
  const planId = id ?? randomUUID();
  const version = (before?.version ?? 0) + 1;
  database
    .prepare('INSERT INTO plan_version VALUES (?, ?, ?, ?, ?)')
    .run(planId, version, JSON.stringify(body), Date.now(), operator);
  const insert = database.prepare('INSERT INTO plan_product VALUES (?, ?, ?, ?)');
  for (const { billingId, productId } of products) {
    insert.run(planId, version, productId, billingId);
  }
  return getPlan(database, planId);
}

function versionMethods(database: DatabaseSync) {
  const get = (planId: string): Plan | null => getPlan(database, planId);
  return {
    listPlans: (which: { retired: boolean }) => listPlans(database, which),
    savePlan: ({ operator, ...input }: NewVersion & { operator: string }): Plan | null =>
      inTransaction(database, () => {
        const plan = addVersion(database, { ...input, operator });
        if (plan === null) return null;
        const details = { plan: plan.name, version: plan.version };
        addRecord(database, { operator, action: 'servicePlans.save', result: 'done', details });
        return plan;
      }),
    /** A plan as it would be saved, who would have it then, and how many have it now and not then. */
    previewPlan: (input: NewVersion): PlanPreview | null => {
      database.exec('SAVEPOINT preview');
      try {
        const before = input.id === undefined ? [] : plannedUsers(database, { planId: input.id });
        const plan = addVersion(database, { ...input, operator: '' });
        if (plan === null) return null;
        const users = plannedUsers(database, { planId: plan.id });
        const then = new Set(users.map(userKey));
        return { plan, users, losing: before.filter((user) => !then.has(userKey(user))).length };
      } finally {
        database.exec('ROLLBACK TO preview; RELEASE preview');
      }
    },
    retirePlan: ({ planId, operator }: { planId: string; operator: string }): Plan | null =>
      inTransaction(database, () => {
        const plan = get(planId);
        if (plan === null) return null;
        database
          .prepare('INSERT INTO plan_retired VALUES (?, ?) ON CONFLICT DO NOTHING')
          .run(planId, Date.now());
        const details = { plan: plan.name };
        addRecord(database, { operator, action: 'servicePlans.retire', result: 'done', details });
        return get(planId);
      }),
    knownProducts: (_input: null) =>
      database
        .prepare(
          `SELECT billing_id, product_id, coalesce(max(nullif(named, '')), max(name)) AS name,
             sum(services) AS services FROM (
             SELECT billing_id, product_id, name AS named, name, 0 AS services FROM product UNION ALL
             SELECT billing_id, product_id, NULL, product_name, 1 FROM service WHERE gone = 0)
           WHERE billing_id IN (SELECT billing_id FROM billing_connection)
           GROUP BY billing_id, product_id`,
        )
        .all()
        .map((row) => fromRow<CallOutput<'servicePlans.products'>[number]>(row))
        .sort((one, other) => compareNames(one.name, other.name)),
    /** Whether a plan was saved or retired since. */
    plansChangedSince: ({ at }: { at: number }): boolean =>
      database
        .prepare(
          `SELECT 1 WHERE EXISTS (SELECT 1 FROM plan_version WHERE saved_at > ?1)
             OR EXISTS (SELECT 1 FROM plan_retired WHERE at > ?1)`,
        )
        .get(at) !== undefined,
    /** Which billing connections list some products. */
    listingProducts: ({ productIds }: { productIds: string[] }) =>
      database
        .prepare(
          `SELECT billing_id, product_id FROM product
           WHERE product_id IN (SELECT value FROM json_each(?1))
             AND billing_id IN (SELECT billing_id FROM billing_connection)`,
        )
        .all(JSON.stringify(productIds))
        .map((row) => fromRow<{ billingId: string; productId: string }>(row)),
  };
}

function ofCustomerMethods(database: DatabaseSync) {
  return {
    /** The plan that counts for each service and user of a customer, by its newest version. */
    plansOfCustomer: (input: { customerId: string }): CallOutput<'servicePlans.ofCustomer'> => {
      const customerId = Number(input.customerId);
      const services = database
        .prepare(
          `SELECT service_id, coalesce(h.plan_id, (SELECT v.plan_id FROM (${newest}) AS v
             JOIN plan_product AS product ON ${ofProduct}
             WHERE ${itsService} AND v.retired = 0 LIMIT 1)) AS plan_id
           FROM service LEFT JOIN plan_holder AS h USING (service_id)
           WHERE service.customer_id = ? ORDER BY service_id`,
        )
        .all(customerId);
      const users = database
        .prepare(
          `SELECT connection_id, user_id, plan_id, min(rank) FROM (${planned})
           WHERE customer_id = ? GROUP BY connection_id, user_id`,
        )
        .all(customerId);
      const named = (planId: unknown) => {
        const plan = planId === null ? null : getPlan(database, String(planId));
        return plan ? [{ id: plan.id, name: plan.name, version: plan.version }] : [];
      };
      return {
        services: services.flatMap(({ service_id: id, plan_id: planId }) =>
          named(planId).map((plan) => ({ serviceId: String(id), plan })),
        ),
        users: users.flatMap(({ connection_id: connection, user_id: user, plan_id: planId }) =>
          named(planId).map((plan) => ({
            ...{ connectionId: String(connection), userId: String(user), plan },
          })),
        ),
      };
    },
  };
}

/** Which users that have a plan are meant: all, or those of a cluster, of a plan, or one. */
interface PlannedOf {
  connectionId?: string;
  userId?: string;
  planId?: string;
}

const userKey = ({ connectionId, userId }: { connectionId: string; userId: string }): string =>
  `${connectionId} ${userId}`;

/** Users that have a plan, each once. */
export function plannedUsers(database: DatabaseSync, of: PlannedOf): PlannedUser[] {
  const seen = new Map<string, PlannedUser>();
  const rows = database
    .prepare(
      `SELECT p.*, ifnull(email, '') AS email FROM (${planned}) AS p
       LEFT JOIN cluster_user USING (connection_id, user_id)
       WHERE (?1 IS NULL OR connection_id = ?1) AND (?2 IS NULL OR lower(user_id) = ?2)
       ORDER BY rank, plan_id`,
    )
    .all(of.connectionId ?? null, of.userId?.toLowerCase() ?? null);
  for (const row of rows) {
    const [connectionId, userId] = [String(row.connection_id), String(row.user_id)];
    const key = userKey({ connectionId, userId });
    if (seen.has(key)) continue;
    seen.set(key, {
      connectionId,
      userId,
      email: String(row.email),
      planId: String(row.plan_id),
      customerId: row.customer_id === null ? null : String(row.customer_id),
      customerName: row.customer_id === null ? null : String(row.company) || String(row.name),
      given: row.given_at === null ? null : { at: Number(row.given_at), by: String(row.given_by) },
    });
  }
  const users = [...seen.values()];
  return of.planId === undefined ? users : users.filter(({ planId }) => planId === of.planId);
}

function holderMethods(database: DatabaseSync) {
  return {
    /** Returns whether plan and holder are there. */
    assignPlan: (input: { planId: string | null; holder: Holder; operator: string }): boolean =>
      inTransaction(database, () => {
        const { planId, holder, operator } = input;
        if (planId !== null && getPlan(database, planId) === null) return false;
        if (
          'serviceId' in holder &&
          !database
            .prepare('SELECT 1 FROM service WHERE service_id = ?')
            .get(Number(holder.serviceId))
        ) {
          return false;
        }
        const before = heldPlan(database, holder);
        assign(database, planId, holder, operator);
        const plan = planId ?? before;
        const name = plan === null ? null : (getPlan(database, plan)?.name ?? null);
        const details = { planId, plan: name, ...holder };
        const action = planId === null ? 'servicePlans.unassign' : 'servicePlans.assign';
        addRecordsOf(database, { operator, action, result: 'done', details }, holder);
        return true;
      }),
    /** What a plan was given to, services by their product and customer. */
    listHolders: ({ planId }: { planId: string }) =>
      database
        .prepare(
          `SELECT h.*, u.email, service.product_name, service.external_id AS service_number,
             customer.customer_id, customer.name, customer.company
           FROM plan_holder AS h
           LEFT JOIN cluster_user AS u USING (connection_id, user_id)
           LEFT JOIN service USING (service_id)
           LEFT JOIN customer ON customer.customer_id = service.customer_id
           WHERE h.plan_id = ?`,
        )
        .all(planId),
    plannedUsers: (of: PlannedOf) => plannedUsers(database, of),
    /** How many users have each plan, by its id. */
    usersByPlan: (_input: null): Record<string, number> => {
      const users: Record<string, number> = {};
      for (const { planId } of plannedUsers(database, {})) users[planId] = (users[planId] ?? 0) + 1;
      return users;
    },
  };
}

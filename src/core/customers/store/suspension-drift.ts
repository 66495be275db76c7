import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromRow, type Page } from '../../store/sqlite/rows.ts';
import { customerOrder } from './mappings.ts';

type UserState = CallOutput<'customers.suspensionDrift'>['rows'][number]['userState'];

/** States of services whose users are not to be served. */
const stoppedStates = "('Suspended', 'Terminated', 'Cancelled', 'Fraud')";

/** The cancellation in progress that decides whether a user is enabled, if there is one. */
const cancelledBy = `(SELECT offboarding_id FROM offboarding, json_each(offboarding.users) AS ending
  WHERE offboarding.state = 'open' AND ending.value ->> 'connectionId' = mapping.connection_id
    AND ending.value ->> 'userId' = mapping.user_id)`;

/** Whether a service is one whose users are to be served. */
const isServed = `other.gone = 0 AND other.status NOT IN ${stoppedStates}`;

/** Whether a customer has a service whose users are to be served. */
const hasServed = `EXISTS (SELECT 1 FROM service AS other
    WHERE other.customer_id = mapping.customer_id AND ${isServed})`;

/** The latest service of a customer that has none to serve: of users mapped to it as a whole. */
const lastStopped = `(SELECT service_id FROM service AS own
  WHERE own.customer_id = mapping.customer_id AND NOT ${hasServed}
  ORDER BY gone, status <> 'Suspended', service_id DESC LIMIT 1)`;

const drifting = `(SELECT mapping_id, mapping.customer_id, customer.name, customer.company,
    ${customerOrder} AS place,
    service.service_id, service.external_id, product_name,
    mapping.service_id IS NULL OR (service.gone = 1 AND ${hasServed}) AS by_hand,
    CASE service.gone WHEN 1 THEN 'Deleted' ELSE service.status END AS status,
    billing.name AS billing_name, connection_id, user_id, user.email, user.state,
    ${cancelledBy} AS offboarding_id
  FROM mapping JOIN customer ON customer.customer_id = mapping.customer_id
  JOIN service ON service.service_id = ifnull(mapping.service_id, ${lastStopped})
  LEFT JOIN billing_connection AS billing ON billing.billing_id = service.billing_id
  JOIN cluster_user AS user USING (connection_id, user_id)
  WHERE unmapped_at IS NULL AND CASE user.state
    WHEN 'enabled' THEN service.status IN ${stoppedStates} AND service.gone = 0
      OR service.gone = 1 AND customer.gone = 0
    WHEN 'disabled' THEN service.status = 'Active' AND service.gone = 0 END)`;

/** Services whose order waits to be accepted, though their user is there and enabled. */
const pendingWithUser = `SELECT count(DISTINCT service_id) AS n
  FROM mapping JOIN service USING (service_id) JOIN cluster_user AS user USING (connection_id, user_id)
  WHERE unmapped_at IS NULL AND service.gone = 0 AND service.status = 'Pending'
    AND user.state = 'enabled'`;

function suspensionDrift(
  database: DatabaseSync,
  { offset, limit, connectionId }: Page & { connectionId?: string },
) {
  const total = database.prepare(`SELECT count(*) AS n FROM ${drifting}`).get();
  const rows = database
    .prepare(
      `SELECT * FROM ${drifting} WHERE ?1 IS NULL OR connection_id = ?1
       ORDER BY place, mapping_id LIMIT ?2 OFFSET ?3`,
    )
    .all(connectionId ?? null, limit, offset);
  const clusters = database
    .prepare(
      `SELECT connection_id, count(DISTINCT user_id) AS users FROM ${drifting}
       WHERE offboarding_id IS NULL AND NOT by_hand GROUP BY 1 ORDER BY 1`,
    )
    .all();
  return {
    total: Number(total?.n),
    clusters: clusters.map((row) => fromRow<{ connectionId: string; users: number }>(row)),
    pending: Number(database.prepare(pendingWithUser).get()?.n),
    rows: rows.map((row) => ({
      customerId: String(row.customer_id),
      customerName: String(row.company) || String(row.name),
      serviceId: String(row.service_id),
      serviceExternalId: String(row.external_id),
      productName: String(row.product_name),
      byHand: row.by_hand === 1,
      serviceStatus: String(row.status),
      billingName: String(row.billing_name ?? ''),
      connectionId: String(row.connection_id),
      userId: String(row.user_id),
      email: String(row.email),
      userState: String(row.state) as UserState,
      offboardingId: row.offboarding_id === null ? null : String(row.offboarding_id),
      operation: row.state === 'enabled' ? ('users.disable' as const) : ('users.enable' as const),
    })),
  };
}

/** Of the users of each cluster that are not in the state of their service: how many, and their size. */
function stoppedByCluster(database: DatabaseSync) {
  return database
    .prepare(
      `SELECT connection_id, count(CASE state WHEN 'enabled' THEN 1 END) AS enabled,
         count(CASE state WHEN 'disabled' THEN 1 END) AS disabled,
         total(CASE state WHEN 'enabled' THEN CAST(nullif(bytes, '') AS REAL) END) AS bytes
       FROM (SELECT DISTINCT connection_id, user_id, state FROM ${drifting} AS d
         WHERE offboarding_id IS NULL AND NOT by_hand AND (state = 'disabled' OR NOT EXISTS (
           SELECT 1 FROM mapping AS m JOIN service AS s USING (service_id)
           WHERE m.connection_id = d.connection_id AND m.user_id = d.user_id
             AND m.unmapped_at IS NULL AND s.gone = 0 AND s.status = 'Active')))
       JOIN cluster_user USING (connection_id, user_id, state) GROUP BY 1`,
    )
    .all()
    .map((row) =>
      fromRow<{ connectionId: string; enabled: number; disabled: number; bytes: number }>(row),
    );
}

/** Reads which mapped users are in another state than their services. */
export function suspensionReaders(database: DatabaseSync) {
  return {
    stoppedByCluster: (_input: null) => stoppedByCluster(database),
    suspensionDrift: (page: Page & { connectionId?: string }) => suspensionDrift(database, page),
    /** Users of a cluster that an active service has, whatever their other services are. */
    usersOfActiveServices: ({ connectionId }: { connectionId: string }): string[] =>
      database
        .prepare(
          `SELECT DISTINCT user_id FROM mapping JOIN service USING (service_id)
           WHERE connection_id = ? AND unmapped_at IS NULL AND service.gone = 0
             AND service.status = 'Active'`,
        )
        .all(connectionId)
        .map((row) => String(row.user_id)),
  };
}

import type { DatabaseSync } from 'node:sqlite';
import {
  customerOrder,
  endedBy,
  isThere,
  mappedToService,
  ownedService,
  toOwnedService,
} from './mappings.ts';

/** A service with whose it is, for onboarding. */
export type OnboardableService = ReturnType<typeof toOwnedService> & {
  /** Its own user, or one that is mapped to the customer as a whole. */
  user: 'own' | 'of-customer' | null;
};

const hasUser = `EXISTS (SELECT 1 FROM ${mappedToService} AND ${isThere})`;
const isOpen = `service.status IN ('Active', 'Pending') AND NOT ${hasUser}`;
const isOnboardable = `(${isOpen} AND ${endedBy} IS NULL)`;

/** Questions on what could be onboarded: services, and customers by the ids of a table. */
export function onboardableMethods(database: DatabaseSync) {
  return {
    /** Services that could be onboarded, by id, by their ids in a billing system, or all open ones. */
    onboardableServices: (query: {
      billingId?: string | undefined;
      serviceIds?: string[] | undefined;
      externalIds?: string[] | undefined;
      productIds?: string[] | undefined;
    }): OnboardableService[] => {
      const list = (values?: string[]): string | null => (values ? JSON.stringify(values) : null);
      const { billingId = null, serviceIds, externalIds, productIds } = query;
      const named = serviceIds !== undefined || externalIds !== undefined;
      return database
        .prepare(
          `SELECT ${ownedService},
             ${hasUser} AS has_user,
             EXISTS (SELECT 1 FROM ${mappedToService} AND mapping.service_id IS NOT NULL
               AND ${isThere}) AS has_own
           FROM service JOIN customer USING (customer_id)
           WHERE service.gone = 0 AND (?1 IS NULL OR service.billing_id = ?1)
             AND (?2 IS NULL OR service_id IN (SELECT CAST(value AS INTEGER) FROM json_each(?2)))
             AND (?3 IS NULL OR service.external_id IN (SELECT value FROM json_each(?3)))
             AND (?4 IS NULL OR product_id IN (SELECT value FROM json_each(?4)))
             AND (?5 OR ${isOnboardable})
           ORDER BY ${customerOrder}, service_id`,
        )
        .all(billingId, list(serviceIds), list(externalIds), list(productIds), named ? 1 : 0)
        .map((row) => ({
          ...toOwnedService(row),
          user: row.has_own === 1 ? 'own' : row.has_user === 1 ? 'of-customer' : null,
        }));
    },
    onboardableCounts: (_input: null) => {
      const row = database
        .prepare(
          `SELECT count(*) AS services, total(status = 'Pending') AS pending FROM service
           WHERE gone = 0 AND ${isOnboardable}`,
        )
        .get();
      return { services: Number(row?.services), pending: Number(row?.pending) };
    },
    /** Open services without a user that are not to be onboarded: a cancellation ended them here. */
    cancelledHere: (_input: null): number => {
      const query = `SELECT count(*) AS n FROM service WHERE gone = 0 AND ${isOpen}
        AND ${endedBy} IS NOT NULL`;
      return Number(database.prepare(query).get()?.n);
    },
    customersByExternalId: (query: { billingId?: string | undefined; externalIds: string[] }) =>
      database
        .prepare(
          `SELECT customer_id, external_id, name, company, email FROM customer WHERE gone = 0
           AND (?1 IS NULL OR billing_id = ?1)
           AND external_id IN (SELECT value FROM json_each(?2))`,
        )
        .all(query.billingId ?? null, JSON.stringify(query.externalIds))
        .map((row) => ({
          customerId: String(row.customer_id),
          externalId: String(row.external_id),
          customerName: String(row.company) || String(row.name),
          email: String(row.email),
        })),
  };
}

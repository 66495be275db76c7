import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import {
  type AcceptedOnRecord,
  acceptedLineMethods,
  type StatementPlace,
} from './accepted-lines.ts';
import { customerReaders } from './list-customers.ts';
import { planTariffReaders } from './plan-tariffs.ts';

/** What the statement of a customer is made from, beside its usage. */
export interface BilledCustomer {
  customer: CallOutput<'customers.get'>;
  /** Tariffs of its plans, where it has none of its own. */
  planTariffs: string[];
  /** Lines of this period that were held back and accepted. */
  accepted: AcceptedOnRecord[];
}

/** Questions of whoever makes statements: asked once for many customers. */
export function billedCustomerMethods(database: DatabaseSync) {
  const { getCustomer } = customerReaders(database);
  const { acceptedLines } = acceptedLineMethods(database);
  const { tariffsOfPlans } = planTariffReaders(database);
  return {
    /** Yields them in the order asked for; null for a customer that is not there. */
    billedCustomers: (places: StatementPlace[]): (BilledCustomer | null)[] =>
      places.map((place) => {
        const customer = getCustomer(place);
        if (!customer) return null;
        const planTariffs = customer.tariffId === null ? tariffsOfPlans(place) : [];
        return { customer, planTariffs, accepted: acceptedLines(place) };
      }),
    /** Customers with users, by name; with a cluster, only those with a user on it. */
    customersToBill: (of: { billingId: string | null; clusterId: string | null }) =>
      database
        .prepare(
          `SELECT customer_id, billing_id, name, company FROM customer
           WHERE (?1 IS NULL OR billing_id = ?1) AND EXISTS (
             SELECT 1 FROM mapping WHERE mapping.customer_id = customer.customer_id
               AND unmapped_at IS NULL AND (?2 IS NULL OR connection_id = ?2))
           ORDER BY name COLLATE NOCASE, customer_id`,
        )
        .all(of.billingId, of.clusterId)
        .map((row) => ({
          customerId: String(row.customer_id),
          billingId: String(row.billing_id),
          name: String(row.company) || String(row.name),
        })),
  };
}

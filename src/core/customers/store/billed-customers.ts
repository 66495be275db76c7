import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import type { HourPeriod } from '../../usage/coverage/report-period.ts';
import {
  type AcceptedOnRecord,
  acceptedLineMethods,
  type StatementPlace,
} from './accepted-lines.ts';
import { type HandedOver, handedOverReader } from './handed-over.ts';
import { customerReaders } from './list-customers.ts';
import { planTariffReaders } from './plan-tariffs.ts';

/** What the statement of a customer is made from, besides its usage. */
export interface BilledCustomer {
  customer: CallOutput<'customers.get'>;
  /** Tariffs of its plans, where it has none. */
  planTariffs: string[];
  /** Lines of this period that were held back and accepted. */
  accepted: AcceptedOnRecord[];
  /** Users of which it is not clear who pays for them in this period. */
  handedOver: HandedOver[];
}

/** Questions of whoever makes statements: asked once for many customers. */
export function billedCustomerMethods(database: DatabaseSync) {
  const { getCustomer } = customerReaders(database);
  const { acceptedLines } = acceptedLineMethods(database);
  const handedOver = handedOverReader(database);
  const { tariffsOfPlans } = planTariffReaders(database);
  const current = database.prepare(
    `SELECT count(DISTINCT connection_id || ' ' || user_id) AS users FROM mapping
     WHERE customer_id = ?1 AND unmapped_at IS NULL AND (?2 IS NULL OR connection_id = ?2)`,
  );
  /** Whether it has a user in the period, or one that still may be its to pay for. */
  const pays = (id: unknown, on: string | null, { fromHour, toHour }: HourPeriod): boolean => {
    const handed = handedOver({ customerId: String(id), fromHour, toHour }).filter(
      ({ connectionId }) => on === null || on === connectionId,
    );
    const ofOthers = handed.filter(({ isHere, hours }) => isHere && hours?.length === 0);
    return (
      Number(current.get(id as number, on)?.users) > ofOthers.length ||
      handed.some(({ isHere, hours, issued, settled }) =>
        hours ? hours.length > 0 : !isHere && !settled && !issued?.whole,
      )
    );
  };
  return {
    /** Yields them in the order asked for; null for a customer that is not there. */
    billedCustomers: (places: StatementPlace[]): (BilledCustomer | null)[] =>
      places.map((place) => {
        const customer = getCustomer(place);
        if (!customer) return null;
        const planTariffs = customer.tariffId === null ? tariffsOfPlans(place) : [];
        return {
          ...{ customer, planTariffs },
          ...{ accepted: acceptedLines(place), handedOver: handedOver(place) },
        };
      }),
    /**
     * Customers by name that have users, or have handed over one that still may be theirs to pay for;
     * with a cluster, only those with a user on it. `others`: how many the billing systems have besides.
     */
    customersToBill: (of: {
      billingId: string | null;
      clusterId: string | null;
      fromHour: number;
      toHour: number;
    }) => {
      const all = database
        .prepare(
          `SELECT customer_id, billing_id, name, company, gone, EXISTS (
             SELECT 1 FROM mapping WHERE mapping.customer_id = customer.customer_id
               AND (?2 IS NULL OR connection_id = ?2)) AS mapped FROM customer
           WHERE (?1 IS NULL OR billing_id = ?1) ORDER BY name_order, customer_id`,
        )
        .all(of.billingId, of.clusterId);
      const billed = new Set(
        all.filter(({ mapped, customer_id: id }) => mapped === 1 && pays(id, of.clusterId, of)),
      );
      const others = all.filter((row) => row.gone === 0 && !billed.has(row));
      return {
        others: of.clusterId === null ? others.length : 0,
        customers: [...billed].map((row) => ({
          customerId: String(row.customer_id),
          billingId: String(row.billing_id),
          name: String(row.company) || String(row.name),
        })),
      };
    },
  };
}

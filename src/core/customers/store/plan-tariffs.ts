import type { DatabaseSync } from 'node:sqlite';
import { itsService, newest, ofProduct } from './plan-versions.ts';

// From the customer's own users on: beginning with plans, each customer would read the services of all.
const tariffsOfCustomer = `
  WITH own AS (SELECT connection_id, user_id, service_id FROM mapping
    WHERE customer_id = ? AND unmapped_at IS NULL),
  ranked AS (
    SELECT own.connection_id, own.user_id, h.plan_id, 0 AS rank FROM own
    CROSS JOIN plan_holder AS h ON h.holder = 'user ' || own.connection_id || ' ' || lower(own.user_id)
    UNION ALL
    SELECT own.connection_id, own.user_id, h.plan_id, 1 FROM own
    CROSS JOIN plan_holder AS h ON h.holder = 'service ' || own.service_id
    UNION ALL
    SELECT own.connection_id, own.user_id, v.plan_id, 2 FROM own
    CROSS JOIN service ON service.service_id = own.service_id AND service.gone = 0
    CROSS JOIN plan_product AS product ON ${itsService}
    CROSS JOIN (${newest}) AS v ON ${ofProduct}
    WHERE v.retired = 0)
  SELECT DISTINCT json_extract(v.body, '$.tariffId') AS tariff
  FROM ranked JOIN (${newest}) AS v USING (plan_id)
  WHERE rank = (SELECT min(rank) FROM ranked AS other
    WHERE other.connection_id = ranked.connection_id AND other.user_id = ranked.user_id)`;

const mappedUsers = `
  SELECT DISTINCT user_id, customer_id, tariff_id FROM mapping JOIN customer USING (customer_id)
  WHERE connection_id = ? AND unmapped_at IS NULL AND gone = 0 AND user_id IN (SELECT value FROM json_each(?))`;

export function planTariffReaders(database: DatabaseSync) {
  const select = database.prepare(tariffsOfCustomer);
  const tariffsOfPlans = ({ customerId }: { customerId: string }): string[] =>
    select
      .all(Number(customerId))
      .flatMap(({ tariff }) => (tariff === null ? [] : [String(tariff)]));
  return {
    /** Tariffs of the plans of a customer's services and users, each once. */
    tariffsOfPlans,
    /** The tariff that each of these users is billed by; null where there are several, without those of none. */
    tariffsOfUsers: (of: { connectionId: string; userIds: string[] }) => {
      const ofCustomers = new Map<string, string[]>();
      const ofUsers = new Map<string, Set<string>>();
      const rows = database.prepare(mappedUsers).all(of.connectionId, JSON.stringify(of.userIds));
      for (const { user_id, customer_id, tariff_id } of rows) {
        const [userId, customerId] = [String(user_id), String(customer_id)];
        const tariffs =
          ofCustomers.get(customerId) ??
          (tariff_id === null ? tariffsOfPlans({ customerId }) : [String(tariff_id)]);
        ofCustomers.set(customerId, tariffs);
        ofUsers.set(userId, new Set([...(ofUsers.get(userId) ?? []), ...tariffs]));
      }
      return [...ofUsers].flatMap(([userId, [only, second]]): [string, string | null][] =>
        only === undefined ? [] : [[userId, second === undefined ? only : null]],
      );
    },
  };
}

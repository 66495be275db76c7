import type { DatabaseSync } from 'node:sqlite';
import { collationKey } from '#shared/collation-key.ts';
import { comparable } from '#shared/plain-text.ts';
import { type SharedText, shareText } from '../../store/sqlite/shared-text.ts';
import { listPlans, plannedUsers } from './service-plans.ts';

/** A user's customers and service plan, for lists of users. */
export interface UserCustomers {
  userId: string;
  customers: { customerId: string; name: string }[];
  plan: string | null;
}

/** How many users a part is of: some hundredths of a second to store. */
const atOnce = 2000;

/** Returns users as one part of the list figures of a snapshot. */
export function customersPart(users: readonly UserCustomers[]): SharedText {
  const rows = users.map(({ userId, customers, plan }) => {
    const names = customers.map(({ name }) => name).join(', ');
    const key = customers.length === 0 ? null : collationKey(names);
    return [userId, JSON.stringify(customers), comparable(names), key, plan];
  });
  return shareText(JSON.stringify(rows));
}

export function userFigureReaders(database: DatabaseSync) {
  const customersOfCluster = database.prepare(
    `SELECT DISTINCT user_id, mapping.customer_id, customer.name, customer.company
     FROM mapping JOIN customer USING (customer_id)
     WHERE connection_id = ? AND unmapped_at IS NULL AND customer.gone = 0
     ORDER BY user_id, customer_id`,
  );
  return {
    /** Customers and service plan of each user of a cluster that has any, in parts. */
    userFigures: ({ connectionId }: { connectionId: string }): SharedText[] => {
      const users = new Map<string, UserCustomers>();
      const userOf = (userId: string): UserCustomers => {
        const user = users.get(userId) ?? { userId, customers: [], plan: null };
        users.set(userId, user);
        return user;
      };
      for (const row of customersOfCluster.all(connectionId)) {
        const name = String(row.company) || String(row.name);
        userOf(String(row.user_id)).customers.push({ customerId: String(row.customer_id), name });
      }
      const names = new Map(
        listPlans(database, { retired: true }).map(({ id, name }) => [id, name]),
      );
      for (const { userId, planId } of plannedUsers(database, { connectionId })) {
        userOf(userId).plan = names.get(planId) ?? null;
      }
      const all = [...users.values()];
      return Array.from({ length: Math.ceil(all.length / atOnce) }, (_, part) =>
        customersPart(all.slice(part * atOnce, (part + 1) * atOnce)),
      );
    },
  };
}

import type { Customers } from '../customers/customers.ts';
import type { ServicePlans } from '../customers/service-plans.ts';
import type { CustomerStore } from '../customers/store/customer-store.ts';
import type { CustomerFacts } from './evaluate.ts';

interface CustomerSources {
  store: CustomerStore;
  customers: Pick<Customers, 'syncClusters'>;
  plans: Pick<ServicePlans, 'differing'>;
}

/** What customers and plans say of each cluster; nothing of those nobody pays for without customers. */
export async function customerFacts({
  store,
  customers,
  plans,
}: CustomerSources): Promise<Map<string, CustomerFacts>> {
  await customers.syncClusters();
  const hasCustomers = (await store.ask('listConnections', null)).length > 0;
  const unpaid = hasCustomers ? await store.ask('unpaidByCluster', null) : [];
  const facts = new Map<string, CustomerFacts>();
  for (const [connectionId, rows] of Map.groupBy(
    await plans.differing(),
    (row) => row.connectionId,
  )) {
    const drift = [...Map.groupBy(rows, ({ planId }) => planId)].map(([planId, users]) => ({
      planId,
      planName: users[0]?.planName ?? planId,
      users: users.length,
      since: Math.min(...users.map(({ since }) => Date.parse(since))),
    }));
    facts.set(connectionId, { drift, unpaid: null });
  }
  for (const { connectionId, users, bytes } of unpaid) {
    facts.set(connectionId, { drift: [], ...facts.get(connectionId), unpaid: { users, bytes } });
  }
  return facts;
}

import type { Tariff } from '#shared/billing/charges.ts';
import type { Archives } from '../clusters/archives.ts';
import { demoConnectionId } from '../clusters/demo/demo-host.ts';
import type { CustomerBills } from '../customers/bills.ts';
import type { Customers } from '../customers/customers.ts';
import type { DemoBilling } from '../customers/demo-billing.ts';
import type { ServicePlans } from '../customers/service-plans.ts';
import type { CustomerStore } from '../customers/store/customer-store.ts';
import type { OffboardingStep } from '../customers/store/offboarding.ts';
import type { TemporaryRaises } from '../customers/temporary-raises.ts';
import { TariffStore } from '../usage/billing/tariff-store.ts';
import { type CustomerFacts, noFacts } from './evaluate.ts';
import type { OpenCancellation, Unread } from './signal.ts';

interface CustomerSources {
  store: CustomerStore;
  customers: Pick<Customers, 'syncClusters' | 'isUnread'>;
  plans: Pick<ServicePlans, 'differing'>;
  demoBilling: Pick<DemoBilling, 'reading'>;
  raises: Pick<TemporaryRaises, 'byCluster'>;
  bills: Pick<CustomerBills, 'newestTariff'>;
}

/** Returns the tariff that a user is billed by; undefined where none is known, and for nobody in particular. */
export type TariffOf = (payer: string | undefined) => Tariff | undefined;

/** What signals need of customers, plans and tariffs. */
export interface CustomerSource {
  /** By connection. */
  facts(): Promise<ReadonlyMap<string, CustomerFacts>>;
  /** What was not read for a first time yet, as far as a cluster is concerned. */
  unread(connectionId: string): Promise<Unread>;
  tariffs(connectionId: string, payers: ReadonlySet<string>): Promise<TariffOf>;
}

const nothingRead: DemoBilling['reading'] = { customers: false, statistics: false };

/** Reads them from the customers' file, and tariffs from the archives. */
export function customerSource(sources: CustomerSources, archives: Archives): CustomerSource {
  return {
    facts: () => readFacts(sources),
    unread: async (connectionId) => {
      const { customers, demoBilling } = sources;
      const ofDemo = connectionId === demoConnectionId ? demoBilling.reading : nothingRead;
      const isUnread = ofDemo.customers || (await customers.isUnread());
      return { ...ofDemo, plans: ofDemo.customers, customers: isUnread };
    },
    tariffs: (connectionId, payers) => readTariffs(sources, archives, connectionId, payers),
  };
}

/** Users without a customer or tariff are priced by the cluster's own tariff if it has exactly one. */
async function readTariffs(
  { store, bills }: CustomerSources,
  archives: Archives,
  connectionId: string,
  payers: ReadonlySet<string>,
): Promise<TariffOf> {
  const own = await new TariffStore(await archives.get(connectionId)).list();
  const [only, second] = own;
  const general = second === undefined ? only : undefined;
  const names = await store.ask('tariffsOfUsers', { connectionId, userIds: [...payers] });
  const known = new Map<string, Tariff | undefined>(own.map((one) => [one.tariffId, one]));
  for (const tariffId of new Set(names.map(([, name]) => name))) {
    if (tariffId === null || known.has(tariffId)) continue;
    // a tariff that no cluster has gives no price
    known.set(tariffId, await bills.newestTariff(connectionId, tariffId).catch(() => undefined));
  }
  const of = new Map(names);
  return (payer) => {
    const tariffId = payer === undefined ? undefined : of.get(payer);
    if (tariffId === undefined) return general;
    return tariffId === null ? undefined : known.get(tariffId);
  };
}

/** Facts of customers and plans about each cluster. Users nobody pays for are known only once there are customers. */
async function readFacts(sources: CustomerSources): Promise<Map<string, CustomerFacts>> {
  const { store, customers, plans } = sources;
  const facts = new Map<string, CustomerFacts>();
  const add = (connectionId: string, own: Partial<CustomerFacts>): void =>
    void facts.set(connectionId, { ...(facts.get(connectionId) ?? noFacts), ...own });
  if (store.isUnused) return facts;
  await customers.syncClusters();
  const hasCustomers = (await store.ask('listConnections', null)).length > 0;
  for (const [connectionId, rows] of Map.groupBy(
    await plans.differing(),
    (row) => row.connectionId,
  )) {
    const drift = [...Map.groupBy(rows, ({ planId }) => planId)].map(([planId, users]) => ({
      planId,
      planName: users[0]?.planName ?? planId,
      users: users.length,
      since: Math.min(...users.map(({ since }) => Date.parse(since.at))),
    }));
    add(connectionId, { drift });
  }
  for (const { connectionId, users, bytes } of hasCustomers
    ? await store.ask('unpaidByCluster', null)
    : []) {
    add(connectionId, { unpaid: { users, bytes } });
  }
  for (const { connectionId, ...stopped } of await store.ask('stoppedByCluster', null)) {
    add(connectionId, { stopped });
  }
  for (const [connectionId, cancellations] of await openCancellations(store)) {
    add(connectionId, { cancellations });
  }
  for (const [connectionId, raises] of await sources.raises.byCluster()) {
    add(connectionId, { raises });
  }
  return facts;
}

const mostCancellations = 1000;

/** Cancellations that wait for their next step, by the cluster of their first user. */
async function openCancellations(store: CustomerStore): Promise<Map<string, OpenCancellation[]>> {
  const page = { offset: 0, limit: mostCancellations };
  const { rows } = await store.ask('listOffboardings', { ...page, state: 'open' });
  const waiting = rows.flatMap(({ offboardingId, customerName, users, startedAt, steps }) => {
    const isOver = ({ state }: OffboardingStep): boolean => state === 'done' || state === 'skipped';
    const next = steps.find((step) => !isOver(step));
    const [first] = users;
    if (!first || !next || next.state === 'running') return [];
    const times = steps.filter(isOver).map(({ at }) => Date.parse(at ?? startedAt));
    const since = Math.max(Date.parse(startedAt), ...times);
    const { step, words } = next;
    return [{ connectionId: first.connectionId, offboardingId, customerName, step, since, words }];
  });
  return Map.groupBy(waiting, ({ connectionId }) => connectionId);
}

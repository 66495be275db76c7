import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toAppError } from '#shared/errors.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import { type DemoCluster, type DemoHost, demoConnectionId } from '../clusters/demo/demo-host.ts';
import type { Inventories } from '../clusters/inventory/inventories.ts';
import type { SyncService } from '../clusters/refresh/sync-service.ts';
import { type ConsoleLog, logError } from '../platform/log/console-log.ts';
import { parseUsageName, type UsageName } from '../store/archive/objects/read-object.ts';
import type { FetchedObject } from '../store/archive/queries/ingest.ts';
import { TariffStore } from '../usage/billing/tariff-store.ts';
import type { SizeRecords } from '../usage/size-history/size-records.ts';
import { type BillingConnections, demoBillingId } from './billing-connections.ts';
import type { Customers } from './customers.ts';
import type { ServicePlans } from './service-plans.ts';
import type { CustomerStore } from './store/customer-store.ts';

export interface DemoBillingOptions extends Pick<ClusterWork, 'clusters' | 'archives' | 'events'> {
  /** The console's own file of customers. */
  path: string;
  demo: DemoHost;
  store: CustomerStore;
  billing: BillingConnections;
  customers: Customers;
  plans: ServicePlans;
  sync: SyncService;
  inventories: Inventories;
  sizes: SizeRecords;
  log: ConsoleLog;
}

const free = {
  storedGbHours: 0,
  downloadedGb: 10,
  uploadedGb: 0,
  put: 0,
  get: 0,
  list: 0,
  other: 0,
};
const tariff = {
  ...{ name: 'Demo tariff', currency: 'EUR', minorDigits: 2, language: 'en-GB' },
  ...{
    gigabyte: 'decimal' as const,
    pricesIn: 'currency' as const,
    longestSampleGapHours: 24,
    free,
  },
  prices: [
    {
      ...{ validFrom: '2020-01-01T00:00:00.000Z', storedPerGbHour: '0', storedPerGbMonth: '0.02' },
      ...{ downloadedPerGb: '0.005', uploadedPerGb: '0', putPerThousand: '0.0005' },
      ...{ getPerThousand: '0.00004', listPerThousand: '0.0005', otherPerThousand: '0' },
      ...{ baseFee: '5', minimum: '0' },
    },
  ],
};
const planOf = (name: string, quotaGb: bigint, productId: string) => ({
  ...{ name, quotaGb, productIds: [] },
  products: [{ billingId: demoBillingId, productId }],
});
const quotas = [
  planOf('Object Storage Bronze', 100n, '11'),
  planOf('Object Storage Silver', 1000n, '12'),
];
/** Clients of this product have an own tariff, and no plan. */
const individually = '13';

/**
 * The customers of the demo: the WHMCS next to the demo cluster, two months of sizes and statistics, a
 * tariff, plans and mapped users. They are in the demo's folder, never in the console's own file of
 * customers, and leave with the demo, or once a billing system is added.
 */
export class DemoBilling {
  readonly #options: DemoBillingOptions;
  #filling: { abort: AbortController; done: Promise<void> } | null = null;

  /** What is being read for the first time: nothing is concluded from it yet. */
  readonly reading = { customers: false, statistics: false };

  constructor(options: DemoBillingOptions) {
    this.#options = options;
    options.clusters.onRelease(async (connectionId) => {
      if (connectionId === demoConnectionId) await this.end();
    });
  }

  /** Reads the started demo, and fills it if the operator has no customers. Never rejects. */
  fill(): void {
    const abort = new AbortController();
    Object.assign(this.reading, { customers: true, statistics: true });
    // at once: what a refresh finds, whoever begins it, comes after the sizes of the past
    const sizes = this.#options.sizes.queue(demoConnectionId, () =>
      this.#recordSizes(abort.signal),
    );
    const done = this.#fill(sizes, abort.signal)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) logError(this.#options.log, 'demo', toAppError(error));
      })
      .finally(() => this.#isRead('customers', 'statistics'));
    this.#filling = { abort, done };
  }

  /** Switches back to the console's own file of customers. */
  async end(): Promise<void> {
    await this.settle();
    await this.#options.store.use(this.#options.path);
    this.#options.events.emit('customers.changed', {});
  }

  /** Ends what is still noted as being read, also where nothing was to be read. */
  #isRead(...parts: (keyof DemoBilling['reading'])[]): void {
    if (!parts.some((part) => this.reading[part])) return;
    for (const part of parts) this.reading[part] = false;
    this.#options.events.emit('customers.changed', {});
  }

  /** Cancels the filling. */
  async settle(): Promise<void> {
    const filling = this.#filling;
    this.#filling = null;
    filling?.abort.abort();
    await filling?.done;
  }

  async #fill(sizes: Promise<void>, signal: AbortSignal): Promise<void> {
    const { demo, sync, inventories, store } = this.#options;
    const { cluster, directory } = await demo.running();
    await sizes;
    if (signal.aborted) return;
    sync.refetch(demoConnectionId);
    if (!cluster.billing || demo.wanted || (await this.#keepsOwn())) return;
    signal.throwIfAborted();
    await store.use(join(directory, 'customers.sqlite'));
    await this.#fillCustomers(cluster.billing, signal);
    await this.#recordStatistics(cluster, signal);
    signal.throwIfAborted();
    await inventories.start({
      ...{ connectionId: demoConnectionId, parts: ['keys', 'limits', 'quotas'], buckets: false },
      ...{ requestsPerSecond: 500, restart: false },
    });
  }

  async #recordSizes(signal: AbortSignal): Promise<void> {
    const { demo, archives } = this.#options;
    const { pastSizes } = (await demo.running()).cluster;
    if (!pastSizes) return;
    const archive = await archives.get(demoConnectionId);
    for (const sample of pastSizes()) {
      if (signal.aborted) return;
      await archive.write('recordSizes', { ...sample, last: true });
    }
  }

  /** Whether the console's own file has any data of the operator. */
  async #keepsOwn(): Promise<boolean> {
    const { path, store } = this.#options;
    if (!existsSync(path)) return false;
    const connections = await store.ask('listConnections', null);
    const { total } = await store.ask('listCustomers', { offset: 0, limit: 1 });
    const plans = await store.ask('listPlans', { retired: true });
    return connections.length + total + plans.length > 0;
  }

  async #fillCustomers(
    system: NonNullable<DemoCluster['billing']>,
    signal: AbortSignal,
  ): Promise<void> {
    const { archives, billing, customers, plans, sync, events } = this.#options;
    await billing.saveDemo(system);
    const archive = await archives.get(demoConnectionId);
    const { tariffId } = await new TariffStore(archive).save(undefined, tariff);
    for (const plan of quotas) await plans.save({ ...plan, tariffId });
    await sync.refresh(demoConnectionId); // joins the one that was begun
    await customers.refresh(demoBillingId, signal);
    await this.#map(tariffId, signal);
    this.reading.customers = false;
    events.emit('customers.changed', {});
  }

  /** Maps every suggestion, and bills by the tariff itself where no plan does. */
  async #map(tariffId: string, signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    const operator = operatorName();
    const { rows } = await store.ask('suggestions', { offset: 0, limit: 1000 });
    for (const { customerId, connectionId, userId, serviceId } of rows) {
      signal.throwIfAborted();
      const service = serviceId === null ? {} : { serviceId };
      const mapping = { customerId, connectionId, userId, ...service };
      await store.ask('map', { ...mapping, operator, at: Date.now() });
      const customer = await store.ask('getCustomer', { customerId });
      const byPlan = customer?.serviceList.some(
        (of) => of.serviceId === serviceId && of.productId !== individually,
      );
      if (!byPlan) await store.ask('setTariff', { customerId, tariffId, operator });
    }
  }

  /** Archives the demo's statistics as a collection would. */
  async #recordStatistics({ pastStatistics }: DemoCluster, signal: AbortSignal): Promise<void> {
    if (!pastStatistics) return;
    const archive = await this.#options.archives.get(demoConnectionId);
    const now = Date.now();
    const listed: UsageName[] = [];
    let objects: FetchedObject[] = [];
    for (const { name, bytes } of pastStatistics()) {
      const object = parseUsageName(name, now / 1000);
      if (!object) continue;
      listed.push(object);
      if (bytes) objects.push({ ...object, bytes });
      if (objects.length < objectsAtOnce) continue;
      signal.throwIfAborted();
      await archive.write('ingestObjects', { objects, now });
      objects = [];
    }
    await archive.write('ingestObjects', { objects, now });
    await archive.write('recordListing', { listedAt: now, complete: true, objects: listed });
    this.reading.statistics = false;
    this.#options.events.emit('data.changed', {
      ...{ connectionId: demoConnectionId, topics: ['usage'] },
    });
  }
}

const objectsAtOnce = 200;

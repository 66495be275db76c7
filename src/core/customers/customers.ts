import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import { fromWireInteger } from '#shared/units.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { EventBus } from '../platform/events.ts';
import type { BillingConnections } from './billing-connections.ts';
import type { BillingSystem } from './port/billing-system.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { Mapping } from './store/mappings.ts';
import type { ClusterUser } from './store/save-lists.ts';

/** What {@link Customers} works with. */
export interface CustomersOptions {
  store: CustomerStore;
  billing: BillingConnections;
  clusters: Clusters;
  /** Ids of the clusters whose users can be mapped. */
  connectionIds(): Promise<string[]>;
  events: EventBus;
}

type Refreshed = CallOutput<'billing.refresh'>;
type Billing = CallOutput<'billing.list'>[number];

const usersAtOnce = 1000;
const ownersAtOnce = 300;
const mostSuggested = 100_000;

/** Customers over all clusters: read from billing systems, kept, and mapped to S3 users. */
export class Customers {
  readonly #options: CustomersOptions;
  readonly #running = new Map<string, Promise<Refreshed>>();
  readonly #problems = new Map<string, NonNullable<Billing['problem']>>();
  #syncing: Promise<void> | null = null;

  constructor(options: CustomersOptions) {
    this.#options = options;
  }

  /** Reads customers, services and products of a billing connection; what is under way is joined. */
  refresh(billingId: string, signal?: AbortSignal): Promise<Refreshed> {
    const running = this.#running.get(billingId);
    if (running) return running;
    const refreshing = this.#refresh(billingId, signal)
      .then(
        (refreshed) => {
          this.#problems.delete(billingId);
          return refreshed;
        },
        (thrown: unknown) => {
          const { message, hint } = toAppError(thrown);
          this.#problems.set(billingId, { at: new Date().toISOString(), message, hint });
          throw thrown;
        },
      )
      .finally(() => {
        this.#running.delete(billingId);
        this.#options.events.emit('customers.changed', {});
      });
    this.#running.set(billingId, refreshing);
    return refreshing;
  }

  /** Returns a billing connection with why its last refresh failed. */
  withProblem(billing: Billing): Billing {
    const problem = this.#problems.get(billing.id);
    return problem ? { ...billing, problem } : billing;
  }

  async #refresh(billingId: string, signal?: AbortSignal): Promise<Refreshed> {
    const { store, billing } = this.#options;
    const system = await billing.open(billingId);
    const options = signal ? { signal } : {};
    const round = Date.now();
    try {
      for await (const customers of system.customers(options)) {
        await store.ask('savePage', { billingId, round, customers, services: [] });
      }
      for await (const services of system.services(options)) {
        await store.ask('savePage', { billingId, round, customers: [], services });
      }
      const products = await system.products(options);
      const counts = await store.ask('endRound', { billingId, round, products });
      await this.#readOwners(billingId, system, signal);
      return { ...counts, asOf: new Date(round).toISOString() };
    } finally {
      await system.close();
    }
  }

  /** Asks for the owners of customers whose own e-mail no user has: a few hundred each time. */
  async #readOwners(billingId: string, system: BillingSystem, signal?: AbortSignal): Promise<void> {
    const { store } = this.#options;
    await this.syncClusters();
    const unmatched = await store.ask('withoutMatch', { billingId, limit: ownersAtOnce });
    for (const { customerId, externalId } of unmatched) {
      try {
        const details = await system.customerDetails(externalId, signal ? { signal } : {});
        await store.ask('noteCustomer', { customerId, ...details });
      } catch {
        return; // owners only add suggestions: what was read counts without them
      }
    }
  }

  /** Bills a customer by a tariff of its own; null: by that of its plan. */
  async setTariff(customerId: string, tariffId: string | null) {
    const { store, events } = this.#options;
    await this.get(customerId);
    await store.ask('setTariff', { customerId, tariffId, operator: operatorName() });
    events.emit('customers.changed', {});
    return this.get(customerId);
  }

  /** Maps a user to a customer or one of its services; doing it twice is doing it once. */
  async map(mapping: Mapping): Promise<CallOutput<'customers.get'>> {
    const { store, clusters, events } = this.#options;
    await this.get(mapping.customerId);
    await clusters.get(mapping.connectionId);
    await this.syncClusters();
    const at = Date.now();
    const wrong = await store.ask('map', { ...mapping, operator: operatorName(), at });
    if (wrong === 'service') {
      throw new AppError({
        code: 'NOT_FOUND',
        message: 'The customer has no such service.',
        hint: "Take the service from the customer's page.",
      });
    }
    if (wrong === 'system') {
      throw new AppError({
        code: 'INPUT_INVALID',
        message: 'This is a system user: it manages the cluster and belongs to no customer.',
        hint: 'Select a user that a customer stores with.',
      });
    }
    events.emit('customers.changed', {});
    return this.get(mapping.customerId);
  }

  /** Maps every suggestion that is not ambiguous. */
  async mapSuggested(): Promise<CallOutput<'customers.mapSuggested'>> {
    const { store, events } = this.#options;
    await this.syncClusters();
    const { rows } = await store.ask('suggestions', { offset: 0, limit: mostSuggested });
    const clear = rows.filter(({ ambiguous }) => !ambiguous);
    const taken = new Set<string>();
    for (const { customerId, connectionId, userId, serviceId } of clear) {
      // a service that two users of the same e-mail could be of is given to the first
      const isFree = serviceId !== null && !taken.has(serviceId);
      if (isFree) taken.add(serviceId);
      const service = isFree ? { serviceId } : {};
      const by = { operator: operatorName(), at: Date.now() };
      await store.ask('map', { customerId, connectionId, userId, ...service, ...by });
    }
    events.emit('customers.changed', {});
    return { mapped: clear.length, skipped: rows.length - clear.length };
  }

  /** Takes a mapping back; that it was there stays on record. */
  async unmap(mapping: Mapping): Promise<CallOutput<'customers.get'>> {
    const { store, events } = this.#options;
    await store.ask('unmap', { ...mapping, operator: operatorName(), at: Date.now() });
    events.emit('customers.changed', {});
    return this.get(mapping.customerId);
  }

  /** @throws AppError `NOT_FOUND` */
  async get(customerId: string): Promise<CallOutput<'customers.get'>> {
    const found = await this.#options.store.ask('getCustomer', { customerId });
    if (!found) throw unknownCustomer();
    return found;
  }

  /** Brings what is known of clusters' users up to their newest snapshots. */
  syncClusters(): Promise<void> {
    this.#syncing ??= this.#syncClusters().finally(() => {
      this.#syncing = null;
    });
    return this.#syncing;
  }

  async #syncClusters(): Promise<void> {
    const connectionIds = [...(await this.#options.connectionIds())];
    await this.#options.store.ask('forgetOtherClusters', { connectionIds });
    for (const connectionId of connectionIds) {
      await this.#syncCluster(connectionId).catch(() => undefined); // one cluster stops no other
    }
  }

  async #syncCluster(connectionId: string): Promise<void> {
    const { store, clusters } = this.#options;
    const cluster = await clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    const caller = cluster.connection.accessKeyId.toLowerCase();
    const summary = await snapshot.ask('summary');
    if (!summary) return;
    if ((await store.ask('clusterAsOf', { connectionId })) === summary.asOf) return;
    for (let offset = 0; ; offset += usersAtOnce) {
      const { rows } = await snapshot.ask('users', { offset, limit: usersAtOnce });
      const users = rows.map(
        ({ userId, email, state, flags, currentBytes }): ClusterUser => ({
          userId,
          email,
          state,
          // lists of some gateways have no flags: a key id begins with the id of its user
          system: flags.includes('system') || caller.startsWith(userId.toLowerCase()),
          bytes: currentBytes === null ? '' : String(fromWireInteger(currentBytes)),
        }),
      );
      // the time is written with the last part: a cluster that was left half-way is read again
      const asOf = rows.length < usersAtOnce ? summary.asOf : '';
      await store.ask('saveUsers', { connectionId, asOf, first: offset === 0, users });
      if (rows.length < usersAtOnce) return;
    }
  }
}

/** Returns the error for an id that no customer has. */
export function unknownCustomer(): AppError {
  return new AppError({
    code: 'NOT_FOUND',
    message: 'There is no such customer.',
    hint: 'Refresh the billing connection and look again.',
  });
}

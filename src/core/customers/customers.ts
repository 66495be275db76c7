import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError, invalidInput, notFound, toAppError } from '#shared/errors.ts';
import { fromWireInteger } from '#shared/units.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { OperationEngine } from '../changes/operations/engine.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { Cluster } from '../clusters/clusters.ts';
import type { Snapshot } from '../store/snapshot/snapshot.ts';
import type { TargetValue } from '../store/snapshot/writes/save-values.ts';
import type { BillingConnections } from './billing-connections.ts';
import { SystemFailures } from './billing-run.ts';
import type { BillingSystem } from './port/billing-system.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { Mapping } from './store/mappings.ts';
import type { ClusterUser } from './store/save-lists.ts';

export interface CustomersOptions extends Pick<ClusterWork, 'clusters' | 'events'> {
  store: CustomerStore;
  billing: BillingConnections;
  /** Ids of the clusters whose users can be mapped. */
  connectionIds(): Promise<string[]>;
  engine: OperationEngine;
}

type Refreshed = CallOutput<'billing.refresh'>;
type Billing = CallOutput<'billing.list'>[number];
type Customer = CallOutput<'customers.get'>;

const usersAtOnce = 1000;
const detailsAtOnce = 300;
const mostSuggested = 100_000;
/** With more changed users than this, the whole list is read again. */
const mostWritten = 2000;

/** Customers over all clusters: read from billing systems, kept, and mapped to S3 users. */
export class Customers {
  readonly #options: CustomersOptions;
  readonly #running = new Map<string, Promise<Refreshed>>();
  readonly #problems = new Map<string, NonNullable<Billing['problem']>>();
  #syncing: Promise<void> | null = null;
  /** Clusters with changes of users that came after their lists were read. */
  readonly #changed = new Set<string>();
  /** Users that this console changed after the list of their cluster was read, by cluster. */
  readonly #written = new Map<string, Set<string>>();

  constructor(options: CustomersOptions) {
    this.#options = options;
    options.engine.kept.on(({ connectionId, values }) =>
      this.#noteWritten(connectionId, values.flatMap(userOf)),
    );
    options.events.subscribe((event) => {
      if (event.name !== 'data.changed' || !event.payload.topics.includes('users')) return;
      this.#changed.add(event.payload.connectionId);
    });
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
    this.#options.events.emit('customers.changed', { onlyReading: true });
    return refreshing;
  }

  /** Returns a billing connection with whether it is being read, and why its last refresh failed. */
  withRefresh(billing: Billing): Billing {
    const problem = this.#problems.get(billing.id);
    return {
      ...billing,
      ...(problem ? { problem } : {}),
      ...(this.#running.has(billing.id) ? { refreshing: true } : {}),
    };
  }

  /** Whether a billing system was not read for a first time yet: its customers may have any user. */
  async isUnread(): Promise<boolean> {
    const { store } = this.#options;
    return !store.isUnused && (await store.ask('hasUnreadBilling', null));
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
      await this.#readDetails(billingId, system, signal);
      return { ...counts, asOf: new Date(round).toISOString() };
    } finally {
      await system.close();
    }
  }

  /** Reads missing currencies and owners, a few hundred each time. */
  async #readDetails(
    billingId: string,
    system: BillingSystem,
    signal?: AbortSignal,
  ): Promise<void> {
    const { store } = this.#options;
    await this.syncClusters();
    const lacking = await store.ask('withoutDetails', { billingId, limit: detailsAtOnce });
    const ofSystem = new SystemFailures();
    for (const { customerId, externalId } of lacking) {
      const reading = system.customerDetails(externalId, signal ? { signal } : {});
      const answer = await reading.catch(toAppError);
      const failed = answer instanceof AppError ? answer : null;
      // what was read counts without them
      if (signal?.aborted || ofSystem.note(failed)) return;
      const details = answer instanceof AppError ? { currency: null, ownerEmail: null } : answer;
      await store.ask('noteCustomer', { customerId, ...details });
      if (failed?.code === 'TIMED_OUT') return; // each of them takes minutes
    }
  }

  /** Reads what the billing system's list omits: a customer's currency, and its owner. */
  async readDetails(customerId: string, signal?: AbortSignal): Promise<Customer> {
    const { store, billing, events } = this.#options;
    const before = await this.get(customerId);
    const system = await billing.open(before.billingId);
    try {
      const details = await system.customerDetails(before.externalId, signal ? { signal } : {});
      await store.ask('noteCustomer', { customerId, ...details });
    } finally {
      await system.close();
    }
    const after = await this.get(customerId);
    const isNews = after.currency !== before.currency || after.ownerEmail !== before.ownerEmail;
    if (isNews) events.emit('customers.changed', {});
    return after;
  }

  /** Bills a customer by its own tariff; null: by that of its plan. */
  async setTariff(customerId: string, tariffId: string | null) {
    const { store, events } = this.#options;
    await this.get(customerId);
    await store.ask('setTariff', { customerId, tariffId, operator: operatorName() });
    events.emit('customers.changed', {});
    return this.get(customerId);
  }

  /** Maps a user to a customer or one of its services; idempotent. */
  async map({ since, ...mapping }: ParsedInput<'customers.map'>): Promise<Customer> {
    const { store, clusters, events } = this.#options;
    await this.get(mapping.customerId);
    await clusters.get(mapping.connectionId);
    await this.syncClusters();
    const at = Date.now();
    const sinceHour = since === undefined ? undefined : Math.floor(Date.parse(since) / 3_600_000);
    const wrong = await store.ask('map', { ...mapping, sinceHour, operator: operatorName(), at });
    refuseMapping(wrong);
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

  /** Removes a mapping; its record stays. */
  async unmap(mapping: Mapping): Promise<Customer> {
    const { store, events } = this.#options;
    await store.ask('unmap', { ...mapping, operator: operatorName(), at: Date.now() });
    events.emit('customers.changed', {});
    return this.get(mapping.customerId);
  }

  /** Marks a user as one that nobody is to pay for, or with no reason as one like any other. */
  async setNotBilled(input: ParsedInput<'customers.setNotBilled'>) {
    const { store, clusters, events } = this.#options;
    await clusters.get(input.connectionId);
    await store.ask('setNotBilled', { ...input, operator: operatorName() });
    events.emit('customers.changed', {});
    return { notBilled: input.reason !== null };
  }

  /** @throws AppError `NOT_FOUND` */
  async get(customerId: string): Promise<Customer> {
    const found = await this.#options.store.ask('getCustomer', { customerId });
    if (!found) throw unknownCustomer();
    return found;
  }

  /** A customer with its current users, including changes just made by the console. */
  async current(customerId: string): Promise<Customer> {
    const customer = await this.get(customerId);
    const users = customer.users.filter(({ connectionId }) => this.#changed.has(connectionId));
    for (const user of users) await this.#syncUser(user).catch(() => undefined);
    return users.length === 0 ? customer : this.get(customerId);
  }

  async #syncUser({ connectionId, userId }: Pick<Mapping, 'connectionId' | 'userId'>) {
    const { store, clusters } = this.#options;
    const cluster = await clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    const user = await snapshot.ask('user', userId);
    if (user) await store.ask('saveUser', { connectionId, user: toClusterUser(user, cluster) });
    else {
      // of a cluster that was never read nothing is known
      const gone = (await snapshot.ask('summary')) !== null;
      await store.ask('forgetUser', { connectionId, userId, gone });
    }
  }

  #noteWritten(connectionId: string, userIds: Iterable<string>): void {
    const known = this.#written.get(connectionId) ?? [];
    const all = new Set([...known, ...userIds]);
    if (all.size > 0) this.#written.set(connectionId, all);
  }

  /** Updates clusters' users from their newest snapshots, and from later writes. */
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
    const summary = await snapshot.ask('summary');
    if (!summary) return;
    const written = [...(this.#written.get(connectionId) ?? [])];
    this.#written.delete(connectionId);
    const isRead = (await store.ask('clusterAsOf', { connectionId })) === summary.asOf;
    try {
      if (isRead && written.length <= mostWritten) {
        for (const userId of written) await this.#syncUser({ connectionId, userId });
      } else await this.#readUsers(cluster, snapshot, summary.asOf);
    } catch (thrown) {
      this.#noteWritten(connectionId, written);
      throw thrown;
    }
  }

  async #readUsers(cluster: Cluster, snapshot: Snapshot, listed: string): Promise<void> {
    const { store } = this.#options;
    const connectionId = cluster.connection.id;
    this.#changed.delete(connectionId);
    for (let offset = 0; ; offset += usersAtOnce) {
      const { rows } = await snapshot.ask('users', { offset, limit: usersAtOnce });
      const users = rows.map((row) => toClusterUser(row, cluster));
      // the time is written with the last part: a cluster that was left half-way is read again
      const asOf = rows.length < usersAtOnce ? listed : '';
      await store.ask('saveUsers', { connectionId, asOf, first: offset === 0, users });
      if (rows.length < usersAtOnce) return;
    }
  }
}

/** Returns the id of a user whose state or existence was just read. */
function userOf(value: TargetValue): string[] {
  if (value.part === 'keys') return [value.user.userId];
  if (value.part === 'gone' && value.target.kind === 'user') return [value.target.id];
  return [];
}

type UserRow = CallOutput<'users.list'>['rows'][number];

function toClusterUser(
  {
    userId,
    email,
    state,
    flags,
    currentBytes,
  }: Pick<UserRow, 'userId' | 'email' | 'state' | 'flags' | 'currentBytes'>,
  { connection }: { connection: { accessKeyId: string } },
): ClusterUser {
  // lists of some gateways have no flags: a key id begins with the id of its user
  const isCaller = connection.accessKeyId.toLowerCase().startsWith(userId.toLowerCase());
  return {
    ...{ userId, email, state, system: flags.includes('system') || isCaller },
    bytes: currentBytes === null ? '' : String(fromWireInteger(currentBytes)),
  };
}

/** @throws AppError if a user can't be mapped */
export function refuseMapping(wrong: 'service' | 'system' | null): void {
  if (wrong === 'service') {
    throw notFound(
      'The customer has no such service.',
      "Take the service from the customer's page.",
    );
  }
  if (wrong === 'system') {
    throw invalidInput(
      'This is a system user: it manages the cluster and belongs to no customer.',
      'Select a user that a customer stores with.',
    );
  }
}

/** Returns the error for an id that no customer has. */
export function unknownCustomer(): AppError {
  return notFound('There is no such customer.', 'Refresh the billing connection and look again.');
}

import { compareNames } from '#shared/collation-key.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { toCsv } from '#shared/csv.ts';
import { type AppError, invalidInput, notFound } from '#shared/errors.ts';
import { limitResources } from '#shared/limit-resources.ts';
import { toWireInteger } from '#shared/units.ts';
import { rateColumn } from '../changes/bulk/table-columns.ts';
import { type Journal, operatorName } from '../changes/journal/journal.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { Customers } from './customers.ts';
import { productsOfPlan } from './plan-products.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { KeptException, PlannedUser } from './store/service-plans.ts';

type Plan = CallOutput<'servicePlans.save'>;
type Drift = CallOutput<'servicePlans.drift'>;
type Difference = Drift['rows'][number]['differences'][number];
type GridRow = CallOutput<'limits.grid'>['rows'][number];

export interface ServicePlansOptions extends Pick<ClusterWork, 'clusters' | 'events'> {
  store: CustomerStore;
  customers: Customers;
  journal: Pick<Journal, 'list'>;
}

type DriftFound = Omit<Drift['rows'][number], 'cause'>;
type Exception = NonNullable<Drift['rows'][number]['exception']>;

const rowsAtOnce = 1000;

export class ServicePlans {
  readonly #options: ServicePlansOptions;

  constructor(options: ServicePlansOptions) {
    this.#options = options;
  }

  /** @throws AppError `NOT_FOUND`, and those of {@link productsOfPlan} */
  async save(input: ParsedInput<'servicePlans.save'>): Promise<Plan> {
    const { store } = this.#options;
    const { id, quotaGb, products: _products, productIds: _ids, ...plan } = input;
    const products = await productsOfPlan(input, store);
    const body = {
      ...plan,
      ...(quotaGb === undefined ? {} : { quotaGb: toWireInteger(quotaGb) }),
    };
    return this.#changed(
      await store.ask('savePlan', { id, body, products, operator: operatorName() }),
    );
  }

  async retire(planId: string): Promise<Plan> {
    const operator = operatorName();
    return this.#changed(await this.#options.store.ask('retirePlan', { planId, operator }));
  }

  async assign({ id, holder }: ParsedInput<'servicePlans.assign'>) {
    const { store, events } = this.#options;
    const assigned = await store.ask('assignPlan', {
      planId: id,
      holder,
      operator: operatorName(),
    });
    if (!assigned) throw noSuchHolder();
    events.emit('customers.changed', {});
    return { assigned: id !== null };
  }

  /** Users that differ from their plan, by what the inventory last read of them. */
  async drift(query: ParsedInput<'servicePlans.drift'>): Promise<Drift> {
    const { rows: all, unknown } = await this.#allDrift();
    const found = all.filter(
      ({ planId, customerId }) =>
        (query.id === undefined || query.id === planId) &&
        (query.customerId === undefined || query.customerId === customerId),
    );
    const rows = (query.excepted ? found : found.filter(({ exception }) => isOver(exception))).sort(
      (one, other) => compareNames(one.email || one.userId, other.email || other.userId),
    );
    const { offset, limit } = query;
    const shown: Drift['rows'] = [];
    for (const row of rows.slice(offset, offset + limit)) {
      const cause = await this.#cause(row);
      const isLast = cause !== null && cause.at > (row.given?.at ?? '');
      shown.push({ ...row, cause: isLast ? cause : null, given: isLast ? null : row.given });
    }
    const excepted = found.filter(({ exception }) => !isOver(exception)).length;
    return { total: rows.length, unknown, excepted, rows: shown };
  }

  /** Who differs from a plan and has no running exception. */
  async differing(): Promise<Omit<DriftFound, 'differences'>[]> {
    const { rows } = await this.#allDrift();
    return rows.filter(({ exception }) => isOver(exception));
  }

  /** A table that gives users what their plans say; who has a running exception is omitted. */
  async fix({ connectionId, id, userIds }: ParsedInput<'servicePlans.fix'>) {
    await this.#options.clusters.get(connectionId);
    const wanted = userIds && new Set(userIds);
    const { rows } = await this.#allDrift();
    const selected = rows.filter(
      (row) =>
        row.connectionId === connectionId &&
        (id === undefined || row.planId === id) &&
        (wanted ? wanted.has(row.userId) : isOver(row.exception)),
    );
    if (selected.length === 0) throw nothingDiffers();
    const columns = ['id', 'quota_gb', ...limitResources.map(rateColumn)];
    const cells = selected.map(({ userId, differences }) => [
      userId,
      ...(['quotaGb', ...limitResources] as const).map((field) => {
        const difference = differences.find((one) => one.field === field);
        return difference ? String(difference.wanted ?? 'clear') : '';
      }),
    ]);
    return { users: selected.length, text: toCsv({ columns, rows: cells }) };
  }

  /** Plans with how many users have each. */
  async list(query: ParsedInput<'servicePlans.list'>): Promise<CallOutput<'servicePlans.list'>> {
    const { store } = this.#options;
    const plans = await store.ask('listPlans', query);
    const users = await store.ask('usersByPlan', null);
    return plans.map((plan) => ({ ...plan, users: users[plan.id] ?? 0 }));
  }

  async holders(planId: string): Promise<CallOutput<'servicePlans.holders'>> {
    const { store } = this.#options;
    const given = await store.ask('listHolders', { planId });
    const planned = await store.ask('plannedUsers', { planId });
    const direct = given.map((row) => toHolder(row));
    const names = new Set(direct.map(({ userId }) => userId));
    // whoever has it by a service or a product of it
    const indirect = planned.filter(({ userId }) => !names.has(userId));
    const others = indirect.map(({ connectionId, userId, email, customerId, customerName }) => ({
      ...{ holder: null, name: email || userId, connectionId, userId, customerId, customerName },
    }));
    const byName = (one: { name: string }, other: { name: string }): number =>
      compareNames(one.name, other.name);
    return [...direct.sort(byName), ...others.sort(byName)];
  }

  async except(input: ParsedInput<'servicePlans.except'>) {
    await this.#options.clusters.get(input.connectionId);
    const until = Date.parse(input.until);
    if (until <= Date.now()) throw notInFuture();
    const { connectionId, userId, reason } = input;
    const kept = { connectionId, userId, reason, until, createdAt: Date.now() };
    const exception = { ...kept, createdBy: operatorName() };
    await this.#options.store.ask('saveException', exception);
    this.#options.events.emit('customers.changed', {});
    return toException({ ...exception, raised: false });
  }

  async endException(user: ParsedInput<'servicePlans.endException'>) {
    const operator = operatorName();
    const ended = await this.#options.store.ask('endException', { ...user, operator });
    this.#options.events.emit('customers.changed', {});
    return { ended };
  }

  /** The last change, in the journal of its cluster, of what differs. */
  async #cause({
    connectionId,
    userId,
    differences,
  }: DriftFound): Promise<Drift['rows'][number]['cause']> {
    const query = { filter: { targetId: userId }, offset: 0, limit: 20 };
    const { rows } = await this.#options.journal
      .list(connectionId, query)
      .catch(() => ({ rows: [] }));
    const fields = differences.map(({ field }) => (field === 'quotaGb' ? 'quotas' : 'limits'));
    const last = rows.find(
      ({ operation, result }) =>
        fields.some((field) => [`${field}.set`, `${field}.clear`].includes(operation)) &&
        result !== 'refused',
    );
    if (!last) return null;
    const { at, operator, title, journalId } = last;
    return { at, operator, title, journalId };
  }

  /** Everyone who differs, by what the inventory last read of them. */
  async #allDrift(): Promise<{ rows: DriftFound[]; unknown: number }> {
    const { store, customers } = this.#options;
    await customers.syncClusters();
    const plans = new Map(
      (await store.ask('listPlans', { retired: true })).map((plan) => [plan.id, plan]),
    );
    const users = await store.ask('plannedUsers', {});
    const seen = await this.#seen(users);
    let unknown = 0;
    const found = users.flatMap((user) => {
      const [plan, row] = [plans.get(user.planId), seen.get(keyOf(user))];
      if (!plan) return [];
      const asOf = row ? oldest(row) : null;
      if (!row || asOf === null) {
        unknown += 1;
        return [];
      }
      const differences = differencesOf(plan, row);
      return differences.length === 0 ? [] : [{ user, plan, differences, asOf }];
    });
    const times = await store.ask(
      'noteDrift',
      found.map(({ user: { connectionId, userId }, plan, differences }) => ({
        ...{ connectionId, userId },
        what: JSON.stringify([plan.id, plan.version, differences]),
      })),
    );
    const kept = await store.ask('listExceptions', null);
    const exceptions = new Map(kept.map((one) => [keyOf(one), toException(one)]));
    const rows = found.map(
      ({ user: { planId, given, ...user }, plan, differences, asOf }, index) => ({
        ...user,
        given: lastGiven(given, plan),
        ...{ planId, planName: plan.name, version: plan.version, differences, asOf },
        since: new Date(times[index] ?? 0).toISOString(),
        exception: exceptions.get(keyOf(user)) ?? null,
      }),
    );
    return { rows, unknown };
  }

  async #seen(users: readonly PlannedUser[]): Promise<Map<string, GridRow>> {
    const seen = new Map<string, GridRow>();
    for (const connectionId of new Set(users.map((user) => user.connectionId))) {
      const cluster = await this.#options.clusters.get(connectionId).catch(() => null);
      const snapshot = await cluster?.snapshot().catch(() => null);
      if (!snapshot) continue;
      for (let offset = 0; ; offset += rowsAtOnce) {
        const page = { of: 'user', offset, limit: rowsAtOnce } as const;
        const { rows } = await snapshot.ask('limitGrid', page);
        for (const row of rows) seen.set(keyOf({ connectionId, userId: row.id }), row);
        if (rows.length < rowsAtOnce) break;
      }
    }
    return seen;
  }

  #changed(plan: Plan | null): Plan {
    if (!plan) throw noSuchHolder();
    this.#options.events.emit('customers.changed', {});
    return plan;
  }
}

const keyOf = ({ connectionId, userId }: { connectionId: string; userId: string }): string =>
  `${connectionId} ${userId.toLowerCase()}`;

/** What gave a user its plan as it is: that it was assigned, or that its version was saved later. */
function lastGiven(given: PlannedUser['given'], plan: Plan): DriftFound['given'] {
  const at = given ? new Date(given.at).toISOString() : '';
  if (plan.savedAt > at) {
    return { kind: 'version', at: plan.savedAt, by: plan.savedBy };
  }
  return given && { kind: 'assigned', at, by: given.by };
}

function toException({ reason, until, createdAt, createdBy, raised }: KeptException): Exception {
  return {
    ...{ reason, createdBy, raised, ended: until <= Date.now() },
    until: new Date(until).toISOString(),
    createdAt: new Date(createdAt).toISOString(),
  };
}

/** Whether nothing lets the user differ any more. */
function isOver(exception: Exception | null): boolean {
  return exception === null || exception.ended;
}

function toHolder(row: Record<string, unknown>): CallOutput<'servicePlans.holders'>[number] {
  const text = (value: unknown): string | null => (value == null ? null : String(value));
  const [connectionId, userId] = [text(row.connection_id), text(row.user_id)];
  const customer = {
    customerId: text(row.customer_id),
    customerName: text(row.company) || text(row.name),
  };
  if (connectionId !== null && userId !== null) {
    const name = text(row.email) || userId;
    return { holder: { connectionId, userId }, name, connectionId, userId, ...customer };
  }
  return {
    holder: { serviceId: String(row.service_id) },
    name: `${text(row.product_name) ?? 'Service'} #${text(row.service_number) ?? ''}`,
    ...{ connectionId, userId, ...customer },
  };
}

function oldest({ quota, limits }: GridRow): string | null {
  const times = [quota?.asOf, limits?.asOf].filter((time) => time !== undefined);
  return times.sort()[0] ?? null;
}

/** In which fields a user differs from what its plan says; what the plan leaves out may be anything. */
function differencesOf(plan: Plan, { quota, limits }: GridRow): Difference[] {
  const found: Difference[] = [];
  const compare = (
    field: Difference['field'],
    wanted: Difference['wanted'],
    value: Difference['found'],
  ): void => {
    if (String(wanted) !== String(value)) found.push({ field, wanted, found: value });
  };
  if (plan.quotaGb !== undefined && quota)
    compare('quotaGb', plan.quotaGb, quota.set ? quota.sizeGb : null);
  if (plan.limits && limits) {
    for (const field of limitResources) {
      const wanted = plan.limits[field];
      if (wanted !== undefined) compare(field, wanted, limits.limits[field] ?? null);
    }
  }
  return found;
}

function noSuchHolder(): AppError {
  return notFound(
    'There is no such plan, or nobody of that id to have it.',
    'Take both from the lists of plans, users and services.',
  );
}

function nothingDiffers(): AppError {
  return notFound(
    'No user of this cluster differs from its plan.',
    'Reload quotas and limits of the cluster if you expect a difference.',
  );
}

function notInFuture(): AppError {
  return invalidInput('The exception would already have ended.', 'Enter a day in the future.');
}

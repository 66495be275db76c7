import { compareNames } from '#shared/collation-key.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { toCsv } from '#shared/csv.ts';
import { type AppError, invalidInput, notFound } from '#shared/errors.ts';
import { limitResources } from '#shared/limit-resources.ts';
import { toWireInteger } from '#shared/units.ts';
import { rateColumn } from '../changes/bulk/table-columns.ts';
import { type Journal, operatorName } from '../changes/journal/journal.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import { compareUsers, keyOf } from './compared-users.ts';
import type { Customers } from './customers.ts';
import { productsOfPlan } from './plan-products.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { KeptException } from './store/plan-drift.ts';
import type { PlannedUser } from './store/service-plans.ts';

type Plan = CallOutput<'servicePlans.save'>;
type Drift = CallOutput<'servicePlans.drift'>;

export interface ServicePlansOptions extends Pick<ClusterWork, 'clusters' | 'events'> {
  store: CustomerStore;
  customers: Customers;
  journal: Pick<Journal, 'list'>;
}

type DriftFound = Omit<Drift['rows'][number], 'cause'>;
type DriftFilter = Pick<
  ParsedInput<'servicePlans.drift'>,
  'id' | 'connectionId' | 'customerId' | 'search'
>;
type Exception = NonNullable<Drift['rows'][number]['exception']>;

export class ServicePlans {
  readonly #options: ServicePlansOptions;

  constructor(options: ServicePlansOptions) {
    this.#options = options;
  }

  /** @throws AppError `NOT_FOUND`, and those of {@link productsOfPlan} */
  async save(input: ParsedInput<'servicePlans.save'>): Promise<Plan> {
    const version = await this.#version(input);
    const operator = operatorName();
    return this.#changed(await this.#options.store.ask('savePlan', { ...version, operator }));
  }

  /**
   * Counts the users that a plan would have if it were saved so, and how many of them would differ.
   * @throws AppError as {@link save}
   */
  async preview(
    input: ParsedInput<'servicePlans.preview'>,
  ): Promise<CallOutput<'servicePlans.preview'>> {
    const { store, customers, clusters } = this.#options;
    await customers.syncClusters();
    const version = await this.#version({ ...input, name: '' });
    const preview = await store.ask('previewPlan', version);
    if (!preview) throw noSuchHolder();
    const { plan, users, losing } = preview;
    const compared = await compareUsers(users, new Map([[plan.id, plan]]), clusters);
    return {
      users: users.length,
      differing: compared.filter(({ differences }) => differences.length > 0).length,
      unknown: compared.filter(({ asOf }) => asOf === null).length,
      losing,
    };
  }

  async #version(input: ParsedInput<'servicePlans.save'>) {
    const { id, quotaGb, products: _products, productIds: _ids, ...plan } = input;
    const products = await productsOfPlan(input, this.#options.store);
    const quota = quotaGb === undefined ? {} : { quotaGb: toWireInteger(quotaGb) };
    return { id, body: { ...plan, ...quota }, products };
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
    if (query.connectionId !== undefined) await this.#options.clusters.get(query.connectionId);
    const { rows: all, unknown } = await this.#allDrift();
    const found = matching(all, query);
    const open = found.filter(({ exception }) => isOver(exception));
    const rows = (query.excepted ? found : open).sort((one, other) =>
      compareNames(one.email || one.userId, other.email || other.userId),
    );
    const clusters = [...Map.groupBy(open, ({ connectionId }) => connectionId)].map(
      ([connectionId, { length: users }]) => ({ connectionId, users }),
    );
    const { offset, limit } = query;
    const shown: Drift['rows'] = [];
    for (const row of rows.slice(offset, offset + limit)) {
      const cause = await this.#cause(row);
      const isLast = cause !== null && (row.since.is === 'before' || cause.at > row.since.at);
      const last = isLast && { cause, given: null, since: { at: cause.at, is: 'exact' as const } };
      shown.push({ cause: null, ...row, ...last });
    }
    const excepted = found.length - open.length;
    return { total: rows.length, unknown, excepted, clusters, rows: shown };
  }

  /** Who differs from a plan and has no running exception. */
  async differing(): Promise<Omit<DriftFound, 'differences'>[]> {
    const { rows } = await this.#allDrift();
    return rows.filter(({ exception }) => isOver(exception));
  }

  /** A table that gives users what their plans say; who has a running exception is omitted. */
  async fix({ userIds, ...filter }: ParsedInput<'servicePlans.fix'>) {
    await this.#options.clusters.get(filter.connectionId);
    const wanted = userIds && new Set(userIds);
    const { rows } = await this.#allDrift();
    const selected = matching(rows, filter).filter((row) =>
      wanted ? wanted.has(row.userId) : isOver(row.exception),
    );
    if (selected.length === 0) throw nothingDiffers();
    const columns = ['id', 'quota_gb', ...limitResources.map(rateColumn), 'reason'];
    const cells = selected.map(({ userId, planName, differences }) => [
      userId,
      ...(['quotaGb', ...limitResources] as const).map((field) => {
        const difference = differences.find((one) => one.field === field);
        return difference ? String(difference.wanted ?? 'clear') : '';
      }),
      `Differs from plan ${planName}`,
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
    const { store, customers, clusters } = this.#options;
    await customers.syncClusters();
    const plans = await store.ask('listPlans', { retired: true });
    const byId = new Map(plans.map((plan) => [plan.id, plan]));
    const compared = await compareUsers(await store.ask('plannedUsers', {}), byId, clusters);
    const read = compared.filter((one) => one.asOf !== null);
    const noted = await store.ask(
      'noteDrift',
      read.map(({ user: { connectionId, userId }, plan, differences, asOf }) => ({
        ...{ connectionId, userId, asOf: Date.parse(asOf ?? '') },
        what: differences.length === 0 ? '' : JSON.stringify([plan.id, plan.version, differences]),
      })),
    );
    const kept = await store.ask('listExceptions', null);
    const exceptions = new Map(kept.map((one) => [keyOf(one), toException(one)]));
    const rows = read.flatMap((one, index) => {
      const { user, plan, differences, asOf } = one;
      const times = noted[index];
      if (differences.length === 0 || asOf === null || !times) return [];
      const { planId, given, ...of } = user;
      return {
        ...{ ...of, planId, planName: plan.name, version: plan.version, differences, asOf },
        ...arisen(lastGiven(given, plan), times),
        exception: exceptions.get(keyOf(user)) ?? null,
      };
    });
    return { rows, unknown: compared.length - read.length };
  }

  #changed(plan: Plan | null): Plan {
    if (!plan) throw noSuchHolder();
    this.#options.events.emit('customers.changed', {});
    return plan;
  }
}

/** What gave a user its plan as it is: that it was assigned, or that its version was saved later. */
function lastGiven(given: PlannedUser['given'], plan: Plan): DriftFound['given'] {
  const at = given ? new Date(given.at).toISOString() : '';
  if (plan.savedAt > at) {
    return { kind: 'version', at: plan.savedAt, by: plan.savedBy };
  }
  return given && { kind: 'assigned', at, by: given.by };
}

/** Since when a user differs: since it got its plan, unless it was as the plan says after that. */
function arisen(
  given: DriftFound['given'],
  { since, matchedAt }: { since: number; matchedAt: number | null },
): Pick<DriftFound, 'given' | 'since'> {
  const matched = matchedAt === null ? '' : new Date(matchedAt).toISOString();
  if (given && given.at > matched) return { given, since: { at: given.at, is: 'exact' } };
  return {
    given: null,
    since: matched
      ? { at: matched, is: 'after' }
      : { at: new Date(since).toISOString(), is: 'before' },
  };
}

/** The rows that a filter is for. */
function matching<Row extends DriftFound>(
  rows: readonly Row[],
  { id, connectionId, customerId, search }: DriftFilter,
): Row[] {
  const wanted = search?.trim().toLowerCase() ?? '';
  return rows.filter(
    (row) =>
      (id === undefined || row.planId === id) &&
      (connectionId === undefined || row.connectionId === connectionId) &&
      (customerId === undefined || row.customerId === customerId) &&
      [row.email, row.userId, row.customerName].some((text) =>
        text?.toLowerCase().includes(wanted),
      ),
  );
}

function toException({ reason, until, createdAt, createdBy, raised }: KeptException): Exception {
  return {
    ...{ reason, createdBy, raised, ended: until <= Date.now() },
    until: new Date(until).toISOString(),
    createdAt: new Date(createdAt).toISOString(),
  };
}

/** Returns whether no exception lets the user differ. */
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

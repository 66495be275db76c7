import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { toWireInteger } from '#shared/units.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { EventBus } from '../platform/events.ts';
import type { Customers } from './customers.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { PlannedUser } from './store/service-plans.ts';

type Plan = CallOutput<'servicePlans.list'>[number];
type Drift = CallOutput<'servicePlans.drift'>;
type Difference = Drift['rows'][number]['differences'][number];
type GridRow = CallOutput<'limits.grid'>['rows'][number];

/** What {@link ServicePlans} works with. */
export interface ServicePlansOptions {
  store: CustomerStore;
  customers: Customers;
  clusters: Clusters;
  events: EventBus;
}

const rowsAtOnce = 1000;
const limitFields = [
  'opsDefault',
  'opsGet',
  'opsPut',
  'opsList',
  'opsDelete',
  'bandwidthOut',
] as const;

/** Service plans, who has them, and who differs from them. */
export class ServicePlans {
  readonly #options: ServicePlansOptions;

  constructor(options: ServicePlansOptions) {
    this.#options = options;
  }

  async save({ quotaGb, ...plan }: ParsedInput<'servicePlans.save'>): Promise<Plan> {
    const saved = await this.#options.store.ask('savePlan', {
      ...plan,
      ...(quotaGb === undefined ? {} : { quotaGb: toWireInteger(quotaGb) }),
      operator: operatorName(),
    });
    return this.#changed(saved);
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
    if (!assigned) throw notFound();
    events.emit('customers.changed', {});
    return { assigned: id !== null };
  }

  /** Users that differ from their plan, by what the inventory last read of them. */
  async drift(query: ParsedInput<'servicePlans.drift'>): Promise<Drift> {
    const { store, customers } = this.#options;
    await customers.syncClusters();
    const plans = new Map(
      (await store.ask('listPlans', { retired: true })).map((plan) => [plan.id, plan]),
    );
    const users = await store.ask('plannedUsers', null);
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
    const rows = found
      .map(({ user: { planId, ...user }, plan, differences, asOf }, index) => ({
        ...user,
        ...{ planId, planName: plan.name, version: plan.version, differences, asOf },
        since: new Date(times[index] ?? 0).toISOString(),
      }))
      .filter(
        ({ planId, customerId }) =>
          (query.id === undefined || query.id === planId) &&
          (query.customerId === undefined || query.customerId === customerId),
      );
    const { offset, limit } = query;
    return { total: rows.length, unknown, rows: rows.slice(offset, offset + limit) };
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
    if (!plan) throw notFound();
    this.#options.events.emit('customers.changed', {});
    return plan;
  }
}

const keyOf = ({ connectionId, userId }: { connectionId: string; userId: string }): string =>
  `${connectionId} ${userId.toLowerCase()}`;

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
    for (const field of limitFields) {
      const wanted = plan.limits[field];
      if (wanted !== undefined) compare(field, wanted, limits.limits[field] ?? null);
    }
  }
  return found;
}

function notFound(): AppError {
  return new AppError({
    code: 'NOT_FOUND',
    message: 'There is no such plan, or nobody of that id to have it.',
    hint: 'Take both from the lists of plans, users and services.',
  });
}

import type { CallOutput } from '#shared/contract/index.ts';
import { limitResources } from '#shared/limit-resources.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { PlannedUser } from './store/service-plans.ts';

type Plan = CallOutput<'servicePlans.save'>;
type Difference = CallOutput<'servicePlans.drift'>['rows'][number]['differences'][number];
type GridRow = CallOutput<'limits.grid'>['rows'][number];
type Clusters = ClusterWork['clusters'];

/** A user next to its plan. */
export interface ComparedUser {
  user: PlannedUser;
  plan: Plan;
  /** Empty where it is as its plan says. */
  differences: Difference[];
  /** When it was read; null: nothing was, and no difference is known. */
  asOf: string | null;
}

const rowsAtOnce = 1000;

/** Compares users with their plans, by what the inventory last read of them; who has none is omitted. */
export async function compareUsers(
  users: readonly PlannedUser[],
  plans: ReadonlyMap<string, Plan>,
  clusters: Clusters,
): Promise<ComparedUser[]> {
  const read = await readOf(users, clusters);
  return users.flatMap((user) => {
    const [plan, row] = [plans.get(user.planId), read.get(keyOf(user))];
    if (!plan) return [];
    const asOf = row ? oldest(row) : null;
    return [{ user, plan, asOf, differences: row && asOf ? differencesOf(plan, row) : [] }];
  });
}

/** What was last read of users, by cluster and user. */
async function readOf(
  users: readonly PlannedUser[],
  clusters: Clusters,
): Promise<Map<string, GridRow>> {
  const seen = new Map<string, GridRow>();
  for (const connectionId of new Set(users.map((user) => user.connectionId))) {
    const cluster = await clusters.get(connectionId).catch(() => null);
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

export const keyOf = ({ connectionId, userId }: { connectionId: string; userId: string }): string =>
  `${connectionId} ${userId.toLowerCase()}`;

function oldest({ quota, limits }: GridRow): string | null {
  const times = [quota?.asOf, limits?.asOf].filter((time) => time !== undefined);
  return times.sort()[0] ?? null;
}

/** In which fields a user differs from what its plan says; what the plan leaves out may be anything. */
function differencesOf(
  plan: Pick<Plan, 'quotaGb' | 'limits'>,
  { quota, limits }: GridRow,
): Difference[] {
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

import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import type { TargetName } from '../writes/save-values.ts';

export interface InventoryRound {
  keys: boolean;
  limits: boolean;
  quotas: boolean;
  buckets: boolean;
}

/** A target of which something is still to be read in this round. */
export interface PendingTarget extends TargetName {
  /** Place in the list, to continue from. */
  place: number;
  keys: boolean;
  limits: boolean;
  quotas: boolean;
}

export interface PendingQuery {
  of: 'user' | 'bucket';
  /** The place of the last one known; 0 at the beginning. */
  after: number;
  limit: number;
}

/** How much is known and how old it is, without the running task. */
type InventoryFacts = Omit<CallOutput<'inventory.status'>, 'taskId'>;

const times = `
  SELECT keys_as_of AS at FROM user_detail
  UNION ALL SELECT limits_as_of FROM target WHERE kind <> 'default'
  UNION ALL SELECT quota_as_of FROM target WHERE kind <> 'default'`;

export function readInventoryFacts(database: DatabaseSync): InventoryFacts {
  const count = (sql: string): number =>
    Number(database.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.n);
  const ages = database
    .prepare(`SELECT min(at) AS oldest, max(at) AS newest FROM (${times})`)
    .get();
  const time = (value: unknown): string | null =>
    value === null || value === undefined ? null : new Date(Number(value)).toISOString();
  return {
    users: count('user'),
    usersKnown: count(`user JOIN user_detail USING (user_id)
      JOIN target ON kind = 'user' AND target.id = user_id
      WHERE limits_as_of IS NOT NULL AND quota_as_of IS NOT NULL`),
    buckets: count('bucket'),
    bucketsKnown: count(`bucket JOIN target ON kind = 'bucket' AND target.id = name
      WHERE limits_as_of IS NOT NULL AND quota_as_of IS NOT NULL`),
    oldest: time(ages?.oldest),
    newest: time(ages?.newest),
    unfinished: count('inventory_round') > 0,
  };
}

/** Continues an unfinished round of the same parts, or begins one. */
export function beginRound(
  database: DatabaseSync,
  { restart, ...round }: InventoryRound & { restart: boolean },
): void {
  if (restart) database.exec('DELETE FROM inventory_round');
  database
    .prepare(
      `INSERT INTO inventory_round VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       keys = excluded.keys, limits = excluded.limits, quotas = excluded.quotas,
       buckets = excluded.buckets`,
    )
    .run(
      Date.now(),
      Number(round.keys),
      Number(round.limits),
      Number(round.quotas),
      Number(round.buckets),
    );
}

// What of a target is older than the round: "done" is nothing but the age of its values.
const needs = {
  user: `inventory_round.keys AND coalesce(keys_as_of, 0) < started_at AS keys,
    inventory_round.limits AND coalesce(limits_as_of, 0) < started_at AS limits,
    inventory_round.quotas AND coalesce(quota_as_of, 0) < started_at AS quotas
    FROM inventory_round, user AS listed
    LEFT JOIN user_detail USING (user_id)
    LEFT JOIN target ON target.kind = 'user' AND target.id = listed.user_id`,
  bucket: `0 AS keys, inventory_round.limits AND coalesce(limits_as_of, 0) < started_at AS limits,
    inventory_round.quotas AND coalesce(quota_as_of, 0) < started_at AS quotas
    FROM inventory_round, bucket AS listed
    LEFT JOIN target ON target.kind = 'bucket' AND target.id = listed.name`,
};

/** Returns the next targets of the round, in the order of their list, after a place in it. */
export function pendingTargets(
  database: DatabaseSync,
  { after, of, limit }: PendingQuery,
): PendingTarget[] {
  const id = of === 'user' ? 'listed.user_id' : 'listed.name';
  const included = of === 'user' ? 'true' : 'inventory_round.buckets';
  return database
    .prepare(
      `SELECT * FROM (SELECT listed.id AS place, ${id} AS name, ${needs[of]}
         WHERE ${included} AND listed.id > ?)
       WHERE keys OR limits OR quotas ORDER BY place LIMIT ?`,
    )
    .all(after, limit)
    .map((row) => ({
      kind: of,
      id: String(row.name),
      place: Number(row.place),
      keys: row.keys === 1,
      limits: row.limits === 1,
      quotas: row.quotas === 1,
    }));
}

export function remainingTargets(database: DatabaseSync): number {
  const count = (of: 'user' | 'bucket'): number =>
    Number(
      database
        .prepare(
          `SELECT count(*) AS n FROM (SELECT inventory_round.buckets AS buckets, ${needs[of]})
           WHERE (keys OR limits OR quotas) AND (buckets OR ?)`,
        )
        .get(of === 'user' ? 1 : 0)?.n,
    );
  return count('user') + count('bucket');
}

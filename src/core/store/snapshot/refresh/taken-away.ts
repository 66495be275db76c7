import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';

/** A refresh that is whole in its file, but not yet in place. */
export interface SealedRefresh {
  counts: Omit<CallOutput<'sync.refresh'>, 'asOf'>;
  /** What it takes away of what was seen before; null where nothing was. */
  takenAway: TakenAway | null;
}

export type TakenAway = Omit<NonNullable<CallOutput<'sync.status'>['heldBack']>, 'at'>;

/** How much of each list a refresh may take away, beyond what needs no confirmation. */
export interface MayTakeAway {
  users: number;
  buckets: number;
}

/** This many of what is missing are named. */
const named = 20;

const listed = {
  users: { table: 'user', key: 'user_id', name: 'email' },
  buckets: { table: 'bucket', key: 'name', name: 'name' },
} as const;

/**
 * Says what a refresh takes away.
 * @param database the next snapshot, with the current one attached as `old`
 * @param lists of each list: how many of those seen before are in it, and how many it holds
 */
export function whatIsTakenAway(
  database: DatabaseSync,
  lists: Record<'users' | 'buckets', { kept: number; after: number }>,
): TakenAway | null {
  const rows = database.prepare('SELECT key, value FROM old.meta').all();
  const meta = new Map(rows.map((row) => [String(row.key), Number(row.value)]));
  if (!meta.has('asOf')) return null;
  const ofList = (list: 'users' | 'buckets'): TakenAway['users'] => {
    const before = meta.get(list) ?? 0;
    const { kept, after } = lists[list];
    const missing = Math.max(0, before - kept);
    const names = missing * 2 > before ? missingNames(database, list) : [];
    return { before, after, missing, names };
  };
  return { users: ofList('users'), buckets: ofList('buckets') };
}

function missingNames(database: DatabaseSync, list: 'users' | 'buckets'): string[] {
  const { table, key, name } = listed[list];
  return database
    .prepare(`SELECT coalesce(nullif(${name}, ''), ${key}) AS name FROM old.${table} AS seen
      WHERE NOT EXISTS (SELECT 1 FROM main.${table} AS next WHERE next.${key} = seen.${key})
      LIMIT ${named}`)
    .all()
    .map((row) => String(row.name));
}

/**
 * Holds a refresh back that takes away more than half of what was seen, unless that was confirmed.
 * @param may what was confirmed; undefined where anything may be taken away
 * @throws AppError `REFRESH_HELD_BACK`
 */
export function assertMayTakeAway(takenAway: TakenAway | null, may: MayTakeAway | undefined): void {
  if (!takenAway || !may) return;
  const tooMuch = (['users', 'buckets'] as const).filter((list) => {
    const { before, missing } = takenAway[list];
    return missing * 2 > before && missing > may[list];
  });
  if (tooMuch.length === 0) return;
  const words = tooMuch.map((list) => {
    const { before, missing } = takenAway[list];
    return `${missing.toLocaleString('en-US')} of ${before.toLocaleString('en-US')} ${list}`;
  });
  throw new AppError({
    code: 'REFRESH_HELD_BACK',
    message: `The gateway's lists lack ${words.join(' and ')} seen before. They were not applied.`,
    hint: 'Check that the gateway answers for the whole cluster, then accept the shorter lists or keep what was seen.',
    details: { takenAway },
  });
}

import type { DatabaseSync } from 'node:sqlite';
import { readShared, type SharedText, shareText } from '../../sqlite/shared-text.ts';

type Kind = 'user' | 'bucket';

/** A part of the facts about users or about buckets, as JSON. */
export type PressurePart =
  /** Bytes a day by user id or bucket name; null: it came too short ago. */
  | { of: 'growth'; rows: SharedText }
  /** `[id, resource, rate, limit, share, at, hours]` each. */
  | { of: 'busy'; rows: SharedText };

/** Which facts: a question about others is not answered. */
export interface FactsName {
  of: Kind;
  stamp: string;
}

export interface FactsPart extends FactsName {
  part: PressurePart;
}

/** What the archive tells of users or of buckets, besides the parts. */
export interface PressureFacts extends FactsName {
  /** The last sample: who was there and has no growth does not grow. Null: too few samples of anybody. */
  sampledAt: number | null;
}

/** Facts in temporary tables of an open file. A file that took its place has none. */
export interface FactsState {
  /** The stamp of the facts that are being handed over. */
  filling?: string;
  facts?: PressureFacts;
}

const keys = { user: 'user_id', bucket: 'name' } as const;

/** By the numbers of users or buckets, so that they are read along with them. */
const emptyTables = (of: Kind): string => `
  CREATE TEMP TABLE IF NOT EXISTS growth_${of} (id INTEGER PRIMARY KEY, daily REAL);
  CREATE TEMP TABLE IF NOT EXISTS busy_${of} (id INTEGER PRIMARY KEY, resource TEXT, rate REAL,
    rate_limit REAL, share REAL, busy_at INTEGER, hours INTEGER);
  DELETE FROM temp.growth_${of};
  DELETE FROM temp.busy_${of}`;

const adding: Record<PressurePart['of'], (of: Kind) => string> = {
  growth: (of) => `
    INSERT OR REPLACE INTO temp.growth_${of} SELECT listed.id, fact.value
      FROM json_each(?) AS fact CROSS JOIN ${of} AS listed ON listed.${keys[of]} = fact.key`,
  busy: (of) => `
    INSERT OR REPLACE INTO temp.busy_${of} SELECT listed.id, value ->> 1, value ->> 2, value ->> 3,
      value ->> 4, value ->> 5, value ->> 6
      FROM json_each(?) AS fact CROSS JOIN ${of} AS listed ON listed.${keys[of]} = fact.value ->> 0`,
};

/** Forgets the facts before; those of `stamp` follow by {@link addFacts}. */
export function beginFacts(
  database: DatabaseSync,
  state: FactsState,
  { of, stamp }: FactsName,
): null {
  delete state.facts;
  database.exec(emptyTables(of));
  state.filling = stamp;
  return null;
}

/** @returns false where another file took the place of the one they were begun with */
export function addFacts(
  database: DatabaseSync,
  { filling }: FactsState,
  { of, stamp, part }: FactsPart,
): boolean {
  if (filling !== stamp) return false;
  database.prepare(adding[part.of](of)).run(readShared(part.rows));
  return true;
}

/** The facts are whole: questions about them are answered from now on. Returns as {@link addFacts}. */
export function endFacts(state: FactsState, facts: PressureFacts): boolean {
  if (state.filling !== facts.stamp) return false;
  state.facts = facts;
  return true;
}

const rates = (of: string): string => `iif(${of} > 0, ${of}, ops_default)`;

/** Users or buckets with rate limits, as JSON: `[id, get, put, list, other, out]` each. */
export function limitedTargets(database: DatabaseSync, of: Kind): SharedText {
  const row = database
    .prepare(
      `SELECT json_group_array(json_array(id, ${rates('ops_get')}, ${rates('ops_put')},
         ${rates('ops_list')}, ops_default, bandwidth_out)) AS rows FROM target
       WHERE kind = ? AND limits_set = 1
         AND max(ops_default, ops_get, ops_put, ops_list, bandwidth_out) > 0`,
    )
    .get(of);
  return shareText(String(row?.rows ?? '[]'));
}

import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { findBuckets, findUsers, oldKeys } from './find-targets.ts';
import { type GridQuery, limitsOf, listGrid, quotaOf, readDefaults } from './list-grid.ts';
import { type KeyQuery, listKeys } from './list-keys.ts';
import { type SweepTarget, type SweepValue, saveValues } from './save-values.ts';
import { withSnapshot } from './sweep-database.ts';

/** What a round of the sweep reads. */
export interface SweepRound {
  keys: boolean;
  limits: boolean;
  quotas: boolean;
  buckets: boolean;
}

/** A target of which something is still to be read in this round. */
export interface PendingTarget extends SweepTarget {
  /** Place in the list, to go on from. */
  place: number;
  keys: boolean;
  limits: boolean;
  quotas: boolean;
}

/** How far the sweep is, but for the running task. */
export type SweepFacts = Omit<CallOutput<'sweep.status'>, 'taskId'>;

const emptyFacts: SweepFacts = {
  users: 0,
  usersKnown: 0,
  buckets: 0,
  bucketsKnown: 0,
  oldest: null,
  newest: null,
  unfinished: false,
};

/** What the sweep's worker offers on its database. */
export function sweepMethods(database: DatabaseSync, directory: string) {
  const seen = <Result>(ask: () => Result, missing: Result): Result =>
    withSnapshot(database, directory, ask, missing);
  return {
    facts: (): SweepFacts => seen(() => readFacts(database), emptyFacts),
    save: (values: SweepValue[]) => saveValues(database, values),
    /** Goes on with an unfinished round of the same parts, or begins one. */
    beginRound: (input: SweepRound & { restart: boolean }) => beginRound(database, input),
    endRound: () => database.exec('DELETE FROM round'),
    pending: (input: { after: number; of: 'user' | 'bucket'; limit: number }): PendingTarget[] =>
      seen(() => pendingTargets(database, input), []),
    /** How many targets the round still has to read. */
    remaining: (): number => seen(() => remaining(database), 0),
    listKeys: (query: KeyQuery) => seen(() => listKeys(database, query), { total: 0, rows: [] }),
    listGrid: (query: GridQuery) =>
      seen(() => listGrid(database, query), {
        total: 0,
        rows: [],
        defaults: readDefaults(database),
      }),
    /** Limits and quota of one target as last read. */
    values: ({ kind, id }: SweepTarget) => {
      const read = database.prepare('SELECT * FROM target WHERE kind = ? AND id = ?');
      read.setReadBigInts(true);
      const row = read.get(kind, id);
      return { limits: row ? limitsOf(row) : null, quota: row ? quotaOf(row) : null };
    },
    findUsers: (input: { emails: string[]; ids: string[] }) =>
      seen(() => findUsers(database, input), []),
    findBuckets: (names: string[]) => seen(() => findBuckets(database, names), []),
    oldKeys: (input: { userIds: string[]; before: number }) =>
      seen(() => oldKeys(database, input), { keys: [], unknown: input.userIds.length }),
    close: () => database.close(),
  };
}

/** What the sweep's worker offers. */
export type SweepMethods = ReturnType<typeof sweepMethods>;

function readFacts(database: DatabaseSync): SweepFacts {
  const count = (sql: string): number => Number(database.prepare(sql).get()?.n);
  const ages = database
    .prepare(
      `SELECT min(min(coalesce(keys_as_of, quota_as_of, limits_as_of),
          coalesce(limits_as_of, keys_as_of, quota_as_of),
          coalesce(quota_as_of, keys_as_of, limits_as_of))) AS oldest,
        max(max(coalesce(keys_as_of, 0), coalesce(limits_as_of, 0), coalesce(quota_as_of, 0))) AS newest
       FROM target WHERE kind <> 'default'`,
    )
    .get();
  const time = (value: unknown): string | null =>
    value === null || value === undefined ? null : new Date(Number(value)).toISOString();
  return {
    users: count('SELECT count(*) AS n FROM seen.user'),
    usersKnown: count(
      `SELECT count(*) AS n FROM seen.user JOIN target ON kind = 'user' AND target.id = user_id
       WHERE keys_as_of IS NOT NULL AND limits_as_of IS NOT NULL AND quota_as_of IS NOT NULL`,
    ),
    buckets: count('SELECT count(*) AS n FROM seen.bucket'),
    bucketsKnown: count(
      `SELECT count(*) AS n FROM seen.bucket JOIN target ON kind = 'bucket' AND target.id = name
       WHERE limits_as_of IS NOT NULL AND quota_as_of IS NOT NULL`,
    ),
    oldest: time(ages?.oldest),
    newest: time(ages?.newest),
    unfinished: count('SELECT count(*) AS n FROM round') > 0,
  };
}

function beginRound(
  database: DatabaseSync,
  { restart, ...round }: SweepRound & { restart: boolean },
): void {
  if (restart) database.exec('DELETE FROM round');
  database
    .prepare(
      `INSERT INTO round VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
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
  user: `round.keys AND coalesce(keys_as_of, 0) < started_at AS keys,
    round.limits AND coalesce(limits_as_of, 0) < started_at AS limits,
    round.quotas AND coalesce(quota_as_of, 0) < started_at AS quotas
    FROM round, seen.user AS listed
    LEFT JOIN target ON target.kind = 'user' AND target.id = listed.user_id`,
  bucket: `0 AS keys, round.limits AND coalesce(limits_as_of, 0) < started_at AS limits,
    round.quotas AND coalesce(quota_as_of, 0) < started_at AS quotas
    FROM round, seen.bucket AS listed
    LEFT JOIN target ON target.kind = 'bucket' AND target.id = listed.name`,
};

function pendingTargets(
  database: DatabaseSync,
  { after, of, limit }: { after: number; of: 'user' | 'bucket'; limit: number },
): PendingTarget[] {
  const id = of === 'user' ? 'listed.user_id' : 'listed.name';
  const swept = of === 'user' ? 'true' : 'round.buckets';
  return database
    .prepare(
      `SELECT listed.id AS place, ${id} AS name, ${needs[of]}
       WHERE ${swept} AND listed.id > ? AND (keys OR limits OR quotas)
       ORDER BY listed.id LIMIT ?`,
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

function remaining(database: DatabaseSync): number {
  const count = (of: 'user' | 'bucket'): number =>
    Number(
      database
        .prepare(
          `SELECT count(*) AS n FROM (SELECT round.buckets AS buckets, ${needs[of]})
           WHERE (keys OR limits OR quotas) AND (buckets OR ?)`,
        )
        .get(of === 'user' ? 1 : 0)?.n,
    );
  return count('user') + count('bucket');
}

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction } from '../../sqlite/database.ts';

/** What one refresh found, or a part of it. Sizes in bytes, null where the gateway's can't be true. */
interface SizeSample {
  /** Unix milliseconds; parts of one refresh have the same. */
  at: number;
  /** Users of the list, those without buckets too. */
  users: { userId: string; email: string; bytes: bigint | null; buckets: number }[];
  /** Buckets of the list. */
  buckets: { name: string; ownerId: string; bytes: bigint | null }[];
  /** Whether no part comes after this one. Only then anything is written. */
  last: boolean;
}

type SizeTarget = { user: string } | { bucket: string } | { cluster: true };

/** Sizes over time: the value at each change, and when anybody looked. Times Unix milliseconds. */
export interface SizeHistory {
  /** Every refresh in the period, and the last before it. */
  looks: number[];
  /** The value from each of these moments on; the first may be before the period. */
  changes: { at: number; bytes: bigint }[];
}

export function sizeReaders(database: DatabaseSync) {
  return {
    readSizes: (query: { target: SizeTarget; from: number; to: number }): SizeHistory =>
      readSizes(database, query),
    /** When anybody looked in the period, with the last look before it and the first after it. */
    sizeLooks: ({ from, to }: { from: number; to: number }): number[] =>
      readLooks(database, from, to),
    /** When anybody looked last; null where nobody ever did. */
    lastLook: (): number | null => {
      const at = database.prepare('SELECT max(at) AS at FROM size_refresh').get()?.at;
      return at == null ? null : Number(at);
    },
    userStarts: (query: { at: number; userIds: readonly string[] }) =>
      readUserStarts(database, query),
    /** Of every user with a size in the period: their changes, as {@link SizeHistory.changes}. */
    readAllUserSizes: ({ from, to }: { from: number; to: number }): PackedSizes => ({
      looks: readLooks(database, from, to),
      ...packUserSizes(database, from, to),
    }),
  };
}

/** The changes of all users, user after user: arrays of numbers travel between threads at no cost. */
export interface PackedSizes {
  looks: number[];
  userIds: string[];
  /** Where the changes of each user end. */
  ends: number[];
  at: Float64Array;
  bytes: BigInt64Array;
}

/** Returns what was packed, user by user. */
export function* unpackUserSizes({
  userIds,
  ends,
  at,
  bytes,
}: PackedSizes): Generator<{ userId: string; changes: SizeHistory['changes'] }> {
  for (const [user, userId] of userIds.entries()) {
    const changes: SizeHistory['changes'] = [];
    for (let place = ends[user - 1] ?? 0; place < (ends[user] ?? 0); place += 1) {
      changes.push({ at: at[place] ?? 0, bytes: bytes[place] ?? 0n });
    }
    yield { userId, changes };
  }
}

/** In one statement: with one for each user most of the time went into asking. */
function packUserSizes(database: DatabaseSync, from: number, to: number) {
  const statement = database.prepare(
    `SELECT u.user_id, s.at, s.bytes
     FROM (SELECT DISTINCT user_id FROM user_size WHERE at < ?2 ORDER BY user_id) AS u
     CROSS JOIN user_size AS s ON s.user_id = u.user_id
       AND s.at >= coalesce((SELECT max(at) FROM user_size WHERE user_id = u.user_id AND at <= ?1), 0)
       AND s.at <= coalesce((SELECT min(at) FROM user_size WHERE user_id = u.user_id AND at >= ?2), ?2)`,
  );
  statement.setReturnArrays(true);
  const userIds: string[] = [];
  const ends: number[] = [];
  const at: number[] = [];
  const bytes: bigint[] = [];
  for (const row of statement.iterate(from, to) as unknown as Iterable<[string, bigint, bigint]>) {
    const last = userIds.length - 1;
    const place = userIds[last] === row[0] ? last : userIds.push(row[0]) - 1;
    at.push(Number(row[1]));
    bytes.push(row[2]);
    ends[place] = at.length;
  }
  return { userIds, ends, at: Float64Array.from(at), bytes: BigInt64Array.from(bytes) };
}

/**
 * Of some users, those that were not there yet at a moment, with the time from which on each may have been
 * there: when the console created it, or when users were last listed without it. Of whoever was never
 * listed nothing is concluded.
 */
function readUserStarts(
  database: DatabaseSync,
  { at, userIds }: { at: number; userIds: readonly string[] },
): { userId: string; at: number }[] {
  return database
    .prepare(
      `SELECT user_id, coalesce(created, missing) AS at FROM (SELECT value AS user_id,
         (SELECT max(intent.at) FROM journal_entry AS outcome JOIN journal_entry AS intent USING (journal_id)
           WHERE outcome.target_id = value AND outcome.kind = 'outcome' AND outcome.result = 'verified'
             AND intent.kind = 'intent' AND intent.operation = 'users.create' AND intent.at >= ?1) AS created,
         (SELECT max(at) FROM size_refresh WHERE at >= ?1
           AND at < (SELECT min(at) FROM user_size WHERE user_id = value)
           AND at < (SELECT seen_at FROM known_user WHERE user_id = value)) AS missing
         FROM json_each(?2)) WHERE coalesce(created, missing) IS NOT NULL`,
    )
    .all(at, JSON.stringify(userIds))
    .map((row) => ({ userId: String(row.user_id), at: Number(row.at) }));
}

function readSizes(
  database: DatabaseSync,
  { target, from, to }: { target: SizeTarget; from: number; to: number },
): SizeHistory {
  return {
    looks: readLooks(database, from, to),
    changes: readChanges(database, target, from, to),
  };
}

/** One look beyond either end, so that the ends can be joined by lines too. */
function readLooks(database: DatabaseSync, from: number, to: number): number[] {
  return database
    .prepare(
      `SELECT at FROM size_refresh
       WHERE at >= coalesce((SELECT max(at) FROM size_refresh WHERE at <= ?1), ?1)
         AND at <= coalesce((SELECT min(at) FROM size_refresh WHERE at >= ?2), ?2)
       ORDER BY at`,
    )
    .all(from, to)
    .map((row) => Number(row.at));
}

function readChanges(
  database: DatabaseSync,
  target: SizeTarget,
  from: number,
  to: number,
): SizeHistory['changes'] {
  const [table, where, values] =
    'user' in target
      ? ['user_size', 'user_id = ?', [target.user]]
      : 'bucket' in target
        ? ['bucket_size', 'bucket = ?', [target.bucket]]
        : ['size_refresh', '1', []];
  return database
    .prepare(
      `SELECT at, bytes FROM ${table} WHERE ${where}
         AND at >= coalesce((SELECT max(at) FROM ${table} WHERE ${where} AND at <= ?), 0)
         AND at <= coalesce((SELECT min(at) FROM ${table} WHERE ${where} AND at >= ?), ?)
       ORDER BY at`,
    )
    .all(...values, ...values, from, ...values, to, to)
    .map((row) => ({ at: Number(row.at), bytes: row.bytes as bigint }));
}

export function sizeWriters(database: DatabaseSync) {
  const recorder = new SizeRecorder(database);
  const parts = new SampleParts();
  return {
    /** Keeps what changed since the last sample; a sample that is not newer is omitted. */
    recordSizes(part: SizeSample): void {
      const sample = parts.join(part);
      if (!sample) return;
      try {
        inTransaction(database, () => recorder.record(sample));
      } catch (thrown) {
        recorder.forget();
        throw thrown;
      }
    },
  };
}

/**
 * Puts the parts of a sample together, also where those of another come in between: a sample that lost
 * its parts would say that every user and bucket is gone. What began before the one that ends never
 * ended, and is dropped.
 */
class SampleParts {
  readonly #begun = new Map<number, SizeSample>();

  join(part: SizeSample): SizeSample | null {
    const sample = this.#begun.get(part.at) ?? { ...part, users: [], buckets: [] };
    for (const user of part.users) sample.users.push(user);
    for (const bucket of part.buckets) sample.buckets.push(bucket);
    this.#begun.set(part.at, sample);
    if (!part.last) return null;
    for (const at of this.#begun.keys()) if (at <= part.at) this.#begun.delete(at);
    return sample;
  }
}

type LastValues = Map<string, bigint | null>;

class SizeRecorder {
  readonly #database: DatabaseSync;
  readonly #lastLook: StatementSync;
  /** The last value of each user and bucket, null for what is gone, as of `at`. */
  #known: { at: number | null; users: LastValues; buckets: LastValues } | null = null;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#lastLook = database.prepare('SELECT max(at) AS at FROM size_refresh');
  }

  record({ at, users, buckets }: SizeSample): void {
    const last = this.#lastLook.get()?.at;
    const before = last == null ? null : Number(last);
    if (before !== null && before >= at) return;
    // Another process may have recorded since: then what this one remembers is read again.
    const known = this.#known?.at === before ? this.#known : this.#readKnown();
    this.#recordUsers(at, users, known.users);
    this.#recordBuckets(at, buckets, known.buckets);
    // A size that can't be true is as it was last known.
    const bytes = buckets.reduce(
      (sum, { name, bytes }) => sum + (bytes ?? known.buckets.get(name) ?? 0n),
      0n,
    );
    this.#database
      .prepare('INSERT INTO size_refresh VALUES (?, ?, ?, ?)')
      .run(at, users.length, buckets.length, bytes);
    this.#known = { ...known, at };
  }

  /** The transaction was rolled back. */
  forget(): void {
    this.#known = null;
  }

  #recordUsers(at: number, users: SizeSample['users'], known: LastValues): void {
    const add = this.#database.prepare('INSERT INTO user_size VALUES (?, ?, ?, ?, ?)');
    const name = this.#database.prepare(
      `INSERT INTO known_user VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE
       SET email = excluded.email, seen_at = excluded.seen_at WHERE email <> excluded.email`,
    );
    const gone = new Set(known.keys());
    for (const { userId, email, bytes, buckets } of users) {
      if (bytes !== null) {
        if (known.get(userId) !== bytes) add.run(userId, at, bytes, buckets, 0);
        known.set(userId, bytes);
      }
      gone.delete(userId);
      name.run(userId, email, at);
    }
    for (const userId of gone) {
      if (known.get(userId) !== null) add.run(userId, at, 0, 0, 1);
      known.set(userId, null);
    }
  }

  #recordBuckets(at: number, buckets: SizeSample['buckets'], known: LastValues): void {
    const add = this.#database.prepare('INSERT INTO bucket_size VALUES (?, ?, ?, ?, ?)');
    const gone = new Set(known.keys());
    for (const { name, ownerId, bytes } of buckets) {
      if (bytes !== null) {
        if (known.get(name) !== bytes) add.run(name, at, ownerId, bytes, 0);
        known.set(name, bytes);
      }
      gone.delete(name);
    }
    for (const name of gone) {
      if (known.get(name) !== null) add.run(name, at, '', 0, 1);
      known.set(name, null);
    }
  }

  #readKnown(): { users: LastValues; buckets: LastValues } {
    return {
      users: this.#lastValues('user_size', 'user_id'),
      buckets: this.#lastValues('bucket_size', 'bucket'),
    };
  }

  #lastValues(table: 'user_size' | 'bucket_size', key: 'user_id' | 'bucket'): LastValues {
    // SQLite yields the other columns of the row that holds the maximum.
    const rows = this.#database
      .prepare(`SELECT ${key} AS name, bytes, gone, max(at) FROM ${table} GROUP BY ${key}`)
      .all();
    return new Map(
      rows.map((row) => [String(row.name), Number(row.gone) === 1 ? null : (row.bytes as bigint)]),
    );
  }
}

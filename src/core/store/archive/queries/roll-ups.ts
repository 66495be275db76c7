import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Count, EntryCounts } from '../objects/object-scanner.ts';

/** The six figures, in the order of the tables' columns. */
export const counterNames = ['put', 'get', 'list', 'other', 'uploaded', 'downloaded'] as const;

/** Largest integer a column holds. */
const int64Max = 2n ** 63n - 1n;
/** SQLITE_CONSTRAINT_DATATYPE: a sum past 64 bits became a double, which the column refuses. */
const datatypeRefused = 3091;

type Sums = [Count, Count, Count, Count, Count, Count];
type ExactSums = [bigint, bigint, bigint, bigint, bigint, bigint];

/** Exact at any size, and quick while both are small. */
function plus(sum: Count, value: Count, sign: 1 | -1): Count {
  if (typeof sum === 'number' && typeof value === 'number') {
    const result = sum + sign * value;
    if (Number.isSafeInteger(result)) return result;
  }
  return BigInt(sum) + BigInt(sign) * BigInt(value);
}

function toSums({ put, get, list, other, uploaded, downloaded }: EntryCounts): Sums {
  return [put, get, list, other, uploaded, downloaded];
}

/** Sums of one transaction that are not in a roll-up yet, by two numbers. */
class PendingSums {
  readonly #sums = new Map<number, Map<number, Sums>>();

  add(first: number, second: number, more: Sums, sign: 1 | -1): void {
    let ofFirst = this.#sums.get(first);
    if (!ofFirst) {
      ofFirst = new Map();
      this.#sums.set(first, ofFirst);
    }
    let sums = ofFirst.get(second);
    if (!sums) {
      sums = [0, 0, 0, 0, 0, 0];
      ofFirst.set(second, sums);
    }
    sums[0] = plus(sums[0], more[0], sign);
    sums[1] = plus(sums[1], more[1], sign);
    sums[2] = plus(sums[2], more[2], sign);
    sums[3] = plus(sums[3], more[3], sign);
    sums[4] = plus(sums[4], more[4], sign);
    sums[5] = plus(sums[5], more[5], sign);
  }

  /** In the order in which the rows are in the table. */
  *inOrder(): Generator<[first: number, second: number, sums: Sums]> {
    for (const [first, ofFirst] of [...this.#sums].sort(([a], [b]) => a - b)) {
      for (const [second, sums] of [...ofFirst].sort(([a], [b]) => a - b)) {
        yield [first, second, sums];
      }
    }
  }

  clear(): void {
    this.#sums.clear();
  }
}

/** Every roll-up with the columns that lead to a row: `part` comes last. */
const tables = {
  usage_hour: ['hour', 'subject_id'],
  usage_subject_day: ['subject_id', 'day'],
  usage_total: ['hour'],
} as const;

class RollUp {
  readonly #addToFirst: StatementSync;
  readonly #addPart: StatementSync;

  constructor(database: DatabaseSync, table: keyof typeof tables) {
    const key = tables[table];
    const columns = [...key, 'part', ...counterNames].join(', ');
    const marks = (count: number): string => Array(count).fill('?').join(', ');
    const sums = counterNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ');
    this.#addToFirst = database.prepare(
      `INSERT INTO ${table} (${columns})
       VALUES (${marks(key.length)}, 0, ${marks(counterNames.length)})
       ON CONFLICT DO UPDATE SET ${sums}`,
    );
    const numbered = (from: number, count: number): string =>
      Array.from({ length: count }, (_, index) => `?${from + index}`).join(', ');
    this.#addPart = database.prepare(
      `INSERT INTO ${table} (${columns})
       SELECT ${numbered(1, key.length)}, 1 + coalesce(max(part), 0),
         ${numbered(1 + key.length, counterNames.length)}
       FROM ${table} WHERE ${key.map((name, index) => `${name} = ?${index + 1}`).join(' AND ')}`,
    );
  }

  /** @param key the values of the table's leading columns */
  add(key: readonly number[], sums: Sums): void {
    // As `bigint`: SQLite takes a number for a double, and doubles must not be added there.
    for (const part of partsWithin64Bits(sums.map(BigInt) as ExactSums)) {
      try {
        this.#addToFirst.run(...key, ...part);
      } catch (thrown) {
        const refused =
          thrown instanceof Error && 'errcode' in thrown && thrown.errcode === datatypeRefused;
        if (!refused) throw thrown;
        this.#addPart.run(...key, ...part);
      }
    }
  }
}

/** Sums past 64 bits in several, each of which fits. Nearly always yields what it was given. */
function* partsWithin64Bits(sums: ExactSums): Generator<ExactSums> {
  let rest = sums;
  while (rest.some((sum) => sum > int64Max || sum < -int64Max)) {
    const part = rest.map((sum) =>
      sum > int64Max ? int64Max : sum < -int64Max ? -int64Max : sum,
    ) as ExactSums;
    yield part;
    rest = rest.map((sum, index) => sum - (part[index] ?? 0n)) as ExactSums;
  }
  yield rest;
}

/**
 * Keeps the sums by hour, by day and over all in step with the counters: what is added goes in with
 * {@link RollUps.flush}, within the transaction that writes the counters.
 */
export class RollUps {
  readonly #pending = new PendingSums();
  readonly #hours: RollUp;
  readonly #days: RollUp;
  readonly #totals: RollUp;

  constructor(database: DatabaseSync) {
    this.#hours = new RollUp(database, 'usage_hour');
    this.#days = new RollUp(database, 'usage_subject_day');
    this.#totals = new RollUp(database, 'usage_total');
  }

  /** @param hour whole hours since the Unix epoch */
  add(hour: number, subject: number, counters: EntryCounts, sign: 1 | -1 = 1): void {
    this.#pending.add(hour, subject, toSums(counters), sign);
  }

  flush(): void {
    const days = new PendingSums();
    const totals = new PendingSums();
    for (const [hour, subject, sums] of this.#pending.inOrder()) {
      this.#hours.add([hour, subject], sums);
      days.add(subject, Math.floor(hour / 24), sums, 1);
      totals.add(hour, 0, sums, 1);
    }
    for (const [subject, day, sums] of days.inOrder()) this.#days.add([subject, day], sums);
    for (const [hour, , sums] of totals.inOrder()) this.#totals.add([hour], sums);
    this.forget();
  }

  /** Drops what was added since the last flush: its transaction was rolled back. */
  forget(): void {
    this.#pending.clear();
  }
}

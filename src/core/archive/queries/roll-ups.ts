import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Count, EntryCounts } from '../read-object.ts';

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

/** Sums of one transaction that are not in the roll-up yet, by time slot and subject. */
class PendingSums {
  readonly #slots = new Map<number, Map<number, Sums>>();

  add(slot: number, subject: number, counters: EntryCounts, sign: 1 | -1): void {
    let subjects = this.#slots.get(slot);
    if (!subjects) {
      subjects = new Map();
      this.#slots.set(slot, subjects);
    }
    let sums = subjects.get(subject);
    if (!sums) {
      sums = [0, 0, 0, 0, 0, 0];
      subjects.set(subject, sums);
    }
    sums[0] = plus(sums[0], counters.put, sign);
    sums[1] = plus(sums[1], counters.get, sign);
    sums[2] = plus(sums[2], counters.list, sign);
    sums[3] = plus(sums[3], counters.other, sign);
    sums[4] = plus(sums[4], counters.uploaded, sign);
    sums[5] = plus(sums[5], counters.downloaded, sign);
  }

  *entries(): Generator<{ slot: number; subject: number; sums: Sums }> {
    for (const [slot, subjects] of this.#slots) {
      for (const [subject, sums] of subjects) yield { slot, subject, sums };
    }
  }

  /** As `bigint`: SQLite takes a number for a double, and doubles must not be added there. */
  *drain(): Generator<{ slot: number; subject: number; sums: ExactSums }> {
    for (const [slot, subjects] of [...this.#slots].sort(([a], [b]) => a - b)) {
      for (const [subject, sums] of [...subjects].sort(([a], [b]) => a - b)) {
        yield { slot, subject, sums: sums.map(BigInt) as ExactSums };
      }
    }
    this.#slots.clear();
  }
}

/** One roll-up table with what this transaction adds to it. */
class RollUp {
  readonly #pending = new PendingSums();
  readonly #addToFirst: StatementSync;
  readonly #addPart: StatementSync;

  constructor(database: DatabaseSync, table: 'usage_hour' | 'usage_day', slot: 'hour' | 'day') {
    const columns = counterNames.join(', ');
    const sums = counterNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ');
    this.#addToFirst = database.prepare(
      `INSERT INTO ${table} (${slot}, subject_id, part, ${columns}) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET ${sums}`,
    );
    this.#addPart = database.prepare(
      `INSERT INTO ${table} (${slot}, subject_id, part, ${columns})
       SELECT ?1, ?2, 1 + coalesce(max(part), 0), ?3, ?4, ?5, ?6, ?7, ?8
       FROM ${table} WHERE ${slot} = ?1 AND subject_id = ?2`,
    );
  }

  add(slot: number, subject: number, counters: EntryCounts, sign: 1 | -1): void {
    this.#pending.add(slot, subject, counters, sign);
  }

  /** What {@link flush} would write. */
  pending(): Iterable<{ slot: number; subject: number; sums: Sums }> {
    return this.#pending.entries();
  }

  addSums(
    slot: number,
    subject: number,
    [put, get, list, other, uploaded, downloaded]: Sums,
  ): void {
    this.#pending.add(slot, subject, { put, get, list, other, uploaded, downloaded }, 1);
  }

  flush(): void {
    for (const { slot, subject, sums } of this.#pending.drain()) {
      for (const part of partsWithin64Bits(sums)) this.#write(slot, subject, part);
    }
  }

  forget(): void {
    for (const _ of this.#pending.drain());
  }

  #write(slot: number, subject: number, sums: ExactSums): void {
    try {
      this.#addToFirst.run(slot, subject, ...sums);
    } catch (thrown) {
      const refused =
        thrown instanceof Error && 'errcode' in thrown && thrown.errcode === datatypeRefused;
      if (!refused) throw thrown;
      this.#addPart.run(slot, subject, ...sums);
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
 * Keeps the sums by hour and by day in step with the counters: what is added goes in with
 * {@link RollUps.flush}, within the transaction that writes the counters.
 */
export class RollUps {
  readonly #hours: RollUp;
  readonly #days: RollUp;

  constructor(database: DatabaseSync) {
    this.#hours = new RollUp(database, 'usage_hour', 'hour');
    this.#days = new RollUp(database, 'usage_day', 'day');
  }

  /** @param hour whole hours since the Unix epoch */
  add(hour: number, subject: number, counters: EntryCounts, sign: 1 | -1 = 1): void {
    this.#hours.add(hour, subject, counters, sign);
  }

  /** Writes the sums. */
  flush(): void {
    for (const { slot, subject, sums } of this.#hours.pending()) {
      this.#days.addSums(Math.floor(slot / 24), subject, sums);
    }
    this.#hours.flush();
    this.#days.flush();
  }

  /** Drops what was added since the last flush: its transaction was rolled back. */
  forget(): void {
    this.#hours.forget();
    this.#days.forget();
  }
}

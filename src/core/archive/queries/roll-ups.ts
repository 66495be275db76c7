import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UsageCounters } from '../../gateway/usage-object.ts';

/** The six figures, in the order of the tables' columns. */
export const counterNames = ['put', 'get', 'list', 'other', 'uploaded', 'downloaded'] as const;

/** Largest integer a column holds. */
const int64Max = 2n ** 63n - 1n;
/** SQLITE_CONSTRAINT_DATATYPE: a sum past 64 bits became a double, which the column refuses. */
const datatypeRefused = 3091;

type Sums = [bigint, bigint, bigint, bigint, bigint, bigint];

/** Sums of one transaction that are not in the roll-up yet, by time slot and subject. */
class PendingSums {
  readonly #slots = new Map<number, Map<number, Sums>>();

  add(slot: number, subject: number, counters: UsageCounters, sign: 1n | -1n): void {
    let subjects = this.#slots.get(slot);
    if (!subjects) {
      subjects = new Map();
      this.#slots.set(slot, subjects);
    }
    const { put, get, list, other, uploaded, downloaded } = counters;
    const sums = subjects.get(subject);
    if (!sums) {
      subjects.set(
        subject,
        sign === 1n
          ? [put, get, list, other, uploaded, downloaded]
          : [-put, -get, -list, -other, -uploaded, -downloaded],
      );
      return;
    }
    sums[0] += sign * put;
    sums[1] += sign * get;
    sums[2] += sign * list;
    sums[3] += sign * other;
    sums[4] += sign * uploaded;
    sums[5] += sign * downloaded;
  }

  *drain(): Generator<{ slot: number; subject: number; sums: Sums }> {
    for (const [slot, subjects] of [...this.#slots].sort(([a], [b]) => a - b)) {
      for (const [subject, sums] of [...subjects].sort(([a], [b]) => a - b)) {
        yield { slot, subject, sums };
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

  add(slot: number, subject: number, counters: UsageCounters, sign: 1n | -1n): void {
    this.#pending.add(slot, subject, counters, sign);
  }

  flush(): void {
    for (const { slot, subject, sums } of this.#pending.drain()) {
      for (const part of partsWithin64Bits(sums)) this.#write(slot, subject, part);
    }
  }

  forget(): void {
    for (const _ of this.#pending.drain());
  }

  #write(slot: number, subject: number, sums: Sums): void {
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
function* partsWithin64Bits(sums: Sums): Generator<Sums> {
  let rest = sums;
  while (rest.some((sum) => sum > int64Max || sum < -int64Max)) {
    const part = rest.map((sum) =>
      sum > int64Max ? int64Max : sum < -int64Max ? -int64Max : sum,
    ) as Sums;
    yield part;
    rest = rest.map((sum, index) => sum - (part[index] ?? 0n)) as Sums;
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
  add(hour: number, subject: number, counters: UsageCounters, sign: 1n | -1n = 1n): void {
    this.#hours.add(hour, subject, counters, sign);
    this.#days.add(Math.floor(hour / 24), subject, counters, sign);
  }

  /** Writes the sums. */
  flush(): void {
    this.#hours.flush();
    this.#days.flush();
  }

  /** Drops what was added since the last flush: its transaction was rolled back. */
  forget(): void {
    this.#hours.forget();
    this.#days.forget();
  }
}

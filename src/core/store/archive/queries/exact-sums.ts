import type { DatabaseSync } from 'node:sqlite';
import { addTo, type UsageCounters } from '../../../gateway/usage-object.ts';
import { counterNames } from './roll-ups.ts';
import type { SqlPart } from './usage-source.ts';

/** A sum with what it was added up by: a subject's number, or a time slot. */
export interface KeyedSum {
  key: number;
  sums: UsageCounters;
}

const plainSums = counterNames.map((name) => `sum(${name}) AS ${name}`).join(', ');

/** The figures in two halves, each of which can be added up two billion times. */
const halvedSums = counterNames
  .map((name) => `sum(${name} >> 32) AS ${name}_high, sum(${name} & 4294967295) AS ${name}_low`)
  .join(', ');

function isOverflow(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.includes('integer overflow');
}

/**
 * Adds up rows of `slot, subject_id` and the six figures, exactly: SQLite refuses a sum past 64 bits,
 * and the statement is then run again with every figure in halves.
 * @param parts from `sourcesOfPeriod`; sums of one key in several parts are added
 * @param key which of their columns to add up by
 * @param only a condition on `subject_id`
 */
export function exactSums(
  database: DatabaseSync,
  parts: readonly SqlPart[],
  key: 'slot' | 'subject_id',
  only: SqlPart | null,
): KeyedSum[] {
  const sums = new Map<number, UsageCounters>();
  for (const part of parts) {
    for (const { key: of, sums: more } of sumsOfPart(database, part, key, only)) {
      const sum = sums.get(of);
      if (sum) addTo(sum, more);
      else sums.set(of, more);
    }
  }
  return [...sums].map(([of, sum]) => ({ key: of, sums: sum }));
}

function sumsOfPart(
  database: DatabaseSync,
  part: SqlPart,
  key: 'slot' | 'subject_id',
  only: SqlPart | null,
): KeyedSum[] {
  const rows = (sums: string): unknown[][] => {
    const statement = database.prepare(
      `SELECT ${key} AS key, ${sums} FROM (${part.sql}) ${only ? `WHERE ${only.sql}` : ''} GROUP BY key`,
    );
    statement.setReturnArrays(true);
    return statement.all(...part.values, ...(only?.values ?? [])) as unknown as unknown[][];
  };
  try {
    return rows(plainSums).map(([of, ...sums]) => ({ key: Number(of), sums: toCounters(sums) }));
  } catch (thrown) {
    if (!isOverflow(thrown)) throw thrown;
  }
  return rows(halvedSums).map(([of, ...halves]) => ({
    key: Number(of),
    sums: toCounters(
      counterNames.map(
        (_, index) => (asInteger(halves[2 * index]) << 32n) + asInteger(halves[2 * index + 1]),
      ),
    ),
  }));
}

function asInteger(value: unknown): bigint {
  return typeof value === 'bigint' ? value : 0n;
}

function toCounters(sums: readonly unknown[]): UsageCounters {
  return {
    put: asInteger(sums[0]),
    get: asInteger(sums[1]),
    list: asInteger(sums[2]),
    other: asInteger(sums[3]),
    uploaded: asInteger(sums[4]),
    downloaded: asInteger(sums[5]),
  };
}

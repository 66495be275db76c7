import type { DatabaseSync } from 'node:sqlite';
import type { UsageCounters } from '../../gateway/usage-object.ts';
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
 * @param rows from `sourceOfPeriod`
 * @param key which of its columns to add up by
 * @param only a condition on `subject_id`
 */
export function exactSums(
  database: DatabaseSync,
  rows: SqlPart,
  key: 'slot' | 'subject_id',
  only: SqlPart | null,
): KeyedSum[] {
  const statement = (sums: string): string =>
    `SELECT ${key} AS key, ${sums} FROM (${rows.sql}) ${only ? `WHERE ${only.sql}` : ''} GROUP BY ${key}`;
  const values = [...rows.values, ...(only?.values ?? [])];
  try {
    return database
      .prepare(statement(plainSums))
      .all(...values)
      .map((row) => ({ key: Number(row.key), sums: readSums((name) => row[name]) }));
  } catch (thrown) {
    if (!isOverflow(thrown)) throw thrown;
  }
  return database
    .prepare(statement(halvedSums))
    .all(...values)
    .map((row) => ({
      key: Number(row.key),
      sums: readSums(
        (name) => (asInteger(row[`${name}_high`]) << 32n) + asInteger(row[`${name}_low`]),
      ),
    }));
}

function asInteger(value: unknown): bigint {
  return typeof value === 'bigint' ? value : 0n;
}

function readSums(read: (name: (typeof counterNames)[number]) => unknown): UsageCounters {
  return {
    put: asInteger(read('put')),
    get: asInteger(read('get')),
    list: asInteger(read('list')),
    other: asInteger(read('other')),
    uploaded: asInteger(read('uploaded')),
    downloaded: asInteger(read('downloaded')),
  };
}

/** Adds one set of figures to another, in place. */
export function addTo(sum: UsageCounters, more: UsageCounters): void {
  sum.put += more.put;
  sum.get += more.get;
  sum.list += more.list;
  sum.other += more.other;
  sum.uploaded += more.uploaded;
  sum.downloaded += more.downloaded;
}

/** Six times nothing. */
export function noCounters(): UsageCounters {
  return { put: 0n, get: 0n, list: 0n, other: 0n, uploaded: 0n, downloaded: 0n };
}

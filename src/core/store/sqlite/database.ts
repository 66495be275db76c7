import type { DatabaseSync } from 'node:sqlite';
import { comparable } from '#shared/plain-text.ts';

/**
 * Runs `work` whole or not at all. Once this returns, the result is on the disk (`synchronous=FULL`).
 */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw thrown;
  }
}

const damageCodes = new Set([11, 26]); // SQLITE_CORRUPT, SQLITE_NOTADB

/** Returns SQLite's primary result code of what was thrown; 0 where it is no error of SQLite. */
export function errorCodeOf(thrown: unknown): number {
  return thrown instanceof Error && 'errcode' in thrown ? Number(thrown.errcode) & 0xff : 0;
}

/** Whether SQLite found the file malformed, or no database at all. */
export function isDamage(thrown: unknown): thrown is Error {
  return damageCodes.has(errorCodeOf(thrown));
}

/** Lets a database's questions use {@link comparableSql}. */
export function defineComparable(database: DatabaseSync): void {
  database.function('comparable', { deterministic: true }, (text) => comparable(String(text)));
}

/**
 * Returns the SQL for a text in the form that searches compare. SQLite's own `lower` knows ASCII alone,
 * and is the faster one.
 */
export function comparableSql(text: string): string {
  return `CASE WHEN ${text} GLOB '*[^ -~\n]*' THEN comparable(${text}) ELSE lower(${text}) END`;
}

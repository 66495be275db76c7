import type { DatabaseSync } from 'node:sqlite';

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

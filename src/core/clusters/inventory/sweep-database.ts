import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { snapshotPath } from '../../store/snapshot/snapshot-paths.ts';
import { defineComparable } from '../../store/sqlite/comparable-text.ts';
import { migrate, NewerDatabaseError } from '../../store/sqlite/migrations.ts';
import { sweepMigrations } from './migrations/index.ts';

/** Where the values of the background sweep of a connection lie. */
export function sweepPath(directory: string): string {
  return join(directory, 'sweep.sqlite');
}

function connect(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    migrate(database, sweepMigrations);
    defineComparable(database);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

const damageCodes = new Set([11, 26]); // SQLITE_CORRUPT, SQLITE_NOTADB

function mustBeSetAside(thrown: unknown): boolean {
  if (thrown instanceof NewerDatabaseError) return true;
  return (
    thrown instanceof Error && 'errcode' in thrown && damageCodes.has(Number(thrown.errcode) & 0xff)
  );
}

/** Opens the sweep's file. All of it can be fetched again: a damaged or newer one is set aside. */
export function openSweepDatabase(directory: string): DatabaseSync {
  const path = sweepPath(directory);
  try {
    return connect(path);
  } catch (thrown) {
    if (!mustBeSetAside(thrown)) throw thrown;
    renameSync(path, `${path}.set-aside-${Date.now()}`);
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    return connect(path);
  }
}

/**
 * Runs a question with the snapshot attached as `seen`: attached anew each time, since a refresh puts
 * another file in its place.
 * @returns `missing` while there is no snapshot
 */
export function withSnapshot<Result>(
  database: DatabaseSync,
  directory: string,
  ask: () => Result,
  missing: Result,
): Result {
  const path = snapshotPath(directory);
  if (!existsSync(path)) return missing;
  database.prepare('ATTACH ? AS seen').run(path);
  try {
    const table = database.prepare("SELECT 1 FROM seen.sqlite_schema WHERE name = 'bucket'").get();
    return table ? ask() : missing;
  } finally {
    database.exec('DETACH seen');
  }
}

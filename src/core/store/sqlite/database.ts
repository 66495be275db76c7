import type { DatabaseSync } from 'node:sqlite';
import { collationKey } from '#shared/collation-key.ts';
import { comparable } from '#shared/plain-text.ts';

/** One numbered step of a database's shape. Its file is named `NNNN-what.ts`, with that version. */
export interface Migration {
  /** 1, 2, 3 … without a gap. */
  version: number;
  /** The file's name without its ending: `0001-initial`. */
  name: string;
  up(database: DatabaseSync): void;
}

/** The file was written by a newer console than this one. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';
  readonly found: number;
  readonly known: number;

  constructor(found: number, known: number) {
    super(`The database is of version ${found}; this console knows ${known}.`);
    this.found = found;
    this.known = known;
  }
}

/** The version a database is at; 0 when it is new. */
export function databaseVersion(database: DatabaseSync): number {
  const row = database.prepare('PRAGMA user_version').get();
  return Number(row?.user_version ?? 0);
}

function assertGapless(migrations: readonly Migration[]): void {
  migrations.forEach((migration, index) => {
    const prefix = String(migration.version).padStart(4, '0');
    if (migration.version !== index + 1 || !migration.name.startsWith(`${prefix}-`)) {
      throw new Error(`Migration ${migration.name} is out of order or misnamed.`);
    }
  });
}

/**
 * Brings a database to the newest version, or to `target`, in one transaction: where a step fails, the
 * file is as it was, and an earlier console can still open it.
 * @returns the versions it was at before and is at now
 * @throws NewerDatabaseError when the file is of a version this console does not know
 */
export function migrate(
  database: DatabaseSync,
  migrations: readonly Migration[],
  target: number = migrations.length,
): { from: number; to: number } {
  assertGapless(migrations);
  const from = databaseVersion(database);
  if (from > migrations.length) throw new NewerDatabaseError(from, migrations.length);
  if (from < target) {
    inTransaction(database, () => {
      for (const migration of migrations.slice(from, target)) migration.up(database);
      database.exec(`PRAGMA user_version = ${target}`);
    });
  }
  return { from, to: databaseVersion(database) };
}

/** What is done with each transaction of a database besides its own work. */
interface CommitHook {
  /** Within it, before it is committed; what this throws undoes it. */
  before(): void;
  /** Once it is on the disk. */
  after(): void;
}

const hooks = new WeakMap<DatabaseSync, CommitHook>();

/** Lets each transaction of this database do something more, from now on. */
export function onCommit(database: DatabaseSync, hook: CommitHook): void {
  hooks.set(database, hook);
}

/**
 * Runs `work` whole or not at all. Once this returns, the result is on the disk (`synchronous=FULL`).
 */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  const hook = hooks.get(database);
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    hook?.before();
    database.exec('COMMIT');
    hook?.after();
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

/** Returns whether SQLite found the file malformed, or no database at all. */
export function isDamage(thrown: unknown): thrown is Error {
  return damageCodes.has(errorCodeOf(thrown));
}

/**
 * Lets a database's questions use {@link comparableSql} and sort names by `collation_key(name)`. Null
 * stays null.
 */
export function defineTexts(database: DatabaseSync): void {
  const define = (name: string, of: (text: string) => string): void =>
    database.function(name, { deterministic: true }, (text) =>
      text === null ? null : of(String(text)),
    );
  define('comparable', comparable);
  define('collation_key', collationKey);
}

/**
 * Returns the SQL for a text in the form that searches compare. SQLite's own `lower` knows ASCII alone,
 * and is the faster one.
 */
export function comparableSql(text: string): string {
  return `CASE WHEN ${text} GLOB '*[^ -~\n]*' THEN comparable(${text}) ELSE lower(${text}) END`;
}

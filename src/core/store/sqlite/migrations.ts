import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './database.ts';

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
 * Brings a database to the newest version, or to `target`; each step in its own transaction.
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
  for (const migration of migrations.slice(from, target)) {
    inTransaction(database, () => {
      migration.up(database);
      database.exec(`PRAGMA user_version = ${migration.version}`);
    });
  }
  return { from, to: databaseVersion(database) };
}

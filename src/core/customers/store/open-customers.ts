import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '#shared/errors.ts';
import { databaseVersion, migrate, NewerDatabaseError } from '../../store/sqlite/migrations.ts';
import { customerMigrations } from './migrations/index.ts';

const day = 86_400_000;
const keptBackups = 14;

function damaged(path: string, finding: string): AppError {
  return new AppError({
    code: 'ARCHIVE_DAMAGED',
    message: `The file of customers cannot be used: ${finding}.`,
    hint: `Put a backup back in its place (${join(dirname(path), 'customers-backups')}); the file stays as it is until then.`,
  });
}

function backUp(database: DatabaseSync, path: string): void {
  const folder = join(dirname(path), 'customers-backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
  const target = join(folder, `customers-${stamp}.sqlite`);
  database.prepare('VACUUM INTO ?').run(`${target}.part`);
  renameSync(`${target}.part`, target);
  for (const old of listBackups(path).slice(0, -keptBackups)) rmSync(old);
}

/** Backups of the file, oldest first. */
function listBackups(path: string): string[] {
  const folder = join(dirname(path), 'customers-backups');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^customers-\w+\.sqlite$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

/** Whether the newest backup is older than a day. */
function isDue(backups: readonly string[]): boolean {
  const newest = backups.at(-1);
  return newest === undefined || Date.now() - statSync(newest).mtimeMs > day;
}

/**
 * Opens the file of customers, mappings, plans and invoices: made at first use, migrated after a
 * backup, never rebuilt.
 * @throws AppError `ARCHIVE_DAMAGED`, `ARCHIVE_NEWER`
 */
export function openCustomerDatabase(path: string): DatabaseSync {
  const isThere = existsSync(path) && statSync(path).size > 0;
  const backups = listBackups(path);
  if (!isThere && backups.length > 0) throw damaged(path, 'it is not where it was');
  const database = new DatabaseSync(path, { timeout: 15_000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    const version = databaseVersion(database);
    if (isThere && (version < customerMigrations.length || isDue(backups))) backUp(database, path);
    migrate(database, customerMigrations);
    return database;
  } catch (thrown) {
    database.close();
    if (thrown instanceof NewerDatabaseError) {
      throw new AppError({
        code: 'ARCHIVE_NEWER',
        message: `The file of customers is of version ${thrown.found}; this console knows ${thrown.known}.`,
        hint: 'Start the newer console that wrote it; this one leaves it as it is.',
      });
    }
    const code = thrown instanceof Error && 'errcode' in thrown ? Number(thrown.errcode) & 0xff : 0;
    if (code === 11 || code === 26) throw damaged(path, String((thrown as Error).message));
    throw thrown;
  }
}

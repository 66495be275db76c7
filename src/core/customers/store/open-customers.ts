import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { day } from '#shared/durations.ts';
import { AppError } from '#shared/errors.ts';
import {
  databaseVersion,
  defineTexts,
  isDamage,
  migrate,
  NewerDatabaseError,
} from '../../store/sqlite/database.ts';
import { backUp, listBackupPaths } from './backups.ts';
import { keepHistory } from './history/history-chain.ts';
import { customerMigrations } from './migrations/index.ts';

function damaged(path: string, finding: string): AppError {
  return new AppError({
    code: 'ARCHIVE_DAMAGED',
    message: `The file of customers cannot be used: ${finding}.`,
    hint: `Restore a backup in Settings, Storage locations (${join(dirname(path), 'customers-backups')}); the file stays as it is until then.`,
  });
}

/** Whether the newest backup is older than a day. */
function isDue(backups: readonly string[]): boolean {
  const newest = backups.at(-1);
  return newest === undefined || Date.now() - statSync(newest).mtimeMs > day;
}

/**
 * Opens the file of customers, mappings, plans and invoices: made at first use, migrated after a
 * backup, never rebuilt.
 * @param restored the backup that was just put in its place
 * @throws AppError `ARCHIVE_DAMAGED`, `ARCHIVE_NEWER`
 */
export function openCustomerDatabase(path: string, restored?: string): DatabaseSync {
  const isThere = existsSync(path) && statSync(path).size > 0;
  const backups = listBackupPaths(path);
  if (!isThere && backups.length > 0) throw damaged(path, 'it is not where it was');
  const database = new DatabaseSync(path, { timeout: 15_000 });
  try {
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000',
    );
    const version = databaseVersion(database);
    if (isThere && (version < customerMigrations.length || isDue(backups))) backUp(database, path);
    migrate(database, customerMigrations);
    defineTexts(database);
    keepHistory(database, path, restored);
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
    if (isDamage(thrown)) throw damaged(path, thrown.message);
    throw thrown;
  }
}

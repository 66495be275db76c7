import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError, notFound } from '#shared/errors.ts';
import { fileStamp } from '../../platform/printed-time.ts';
import { databaseVersion } from '../../store/sqlite/database.ts';
import { customerMigrations } from './migrations/index.ts';

const keptBackups = 14;

export interface CustomerBackup {
  fileName: string;
  /** ISO 8601. */
  takenAt: string;
  bytes: number;
}

const folderOf = (path: string): string => join(dirname(path), 'customers-backups');

/** Returns the path of a backup taken now; the time first, so that names sort by it. */
function newBackupPath(path: string, reason = ''): string {
  mkdirSync(folderOf(path), { recursive: true, mode: 0o700 });
  return join(folderOf(path), `customers-${fileStamp()}${reason}.sqlite`);
}

/** Copies the open database among its backups, and takes the oldest of them away. */
export function backUp(database: DatabaseSync, path: string): CustomerBackup {
  const target = newBackupPath(path);
  database.prepare('VACUUM INTO ?').run(`${target}.part`);
  renameSync(`${target}.part`, target);
  for (const old of listBackupPaths(path).slice(0, -keptBackups)) rmSync(old);
  return toBackup(target);
}

/** Backups of the file, oldest first. */
export function listBackupPaths(path: string): string[] {
  const folder = folderOf(path);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^customers-\w+\.sqlite$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

function toBackup(path: string): CustomerBackup {
  const { mtimeMs, size } = statSync(path);
  const takenAt = new Date(mtimeMs).toISOString();
  return { fileName: basename(path), takenAt, bytes: size };
}

/** Backups of the file, newest first. */
export function listBackups(path: string): CustomerBackup[] {
  return listBackupPaths(path).reverse().map(toBackup);
}

/**
 * Puts a backup in the place of the file, which is closed. What was there is kept among the backups.
 * @throws AppError `NOT_FOUND`, `ARCHIVE_DAMAGED` (the backup), `ARCHIVE_NEWER`; the file is as it was
 */
export function restoreBackup(
  path: string,
  fileName: string,
): { restored: CustomerBackup; setAside: string | null } {
  const source = join(folderOf(path), basename(fileName));
  if (!existsSync(source)) throw notThere();
  assertUsable(source);
  const copy = `${path}.part`;
  copyFileSync(source, copy);
  let setAside: string | null = null;
  if (existsSync(path)) {
    setAside = newBackupPath(path, '_before_restore');
    renameSync(path, setAside);
  }
  // what the log of the file before held was taken in when it was closed
  for (const ending of ['-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
  renameSync(copy, path);
  return { restored: toBackup(source), setAside: setAside && basename(setAside) };
}

function assertUsable(path: string): void {
  let finding: string;
  let version = 0;
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    finding = String(database.prepare('PRAGMA integrity_check(1)').get()?.integrity_check);
    version = databaseVersion(database);
    database.close();
  } catch (thrown) {
    finding = thrown instanceof Error ? thrown.message : String(thrown);
  }
  if (finding !== 'ok') {
    throw new AppError({
      code: 'ARCHIVE_DAMAGED',
      message: `This backup is damaged: ${finding}.`,
      hint: 'Select another backup; nothing was replaced.',
    });
  }
  if (version > customerMigrations.length) {
    throw new AppError({
      code: 'ARCHIVE_NEWER',
      message: `This backup is of version ${version}; this console knows ${customerMigrations.length}.`,
      hint: 'Restore it with the newer console that wrote it.',
    });
  }
}

function notThere(): AppError {
  return notFound(
    'There is no such backup.',
    'Look at the list of backups again: the oldest are deleted automatically.',
  );
}

import { copyFileSync, existsSync, realpathSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { formatCounted } from '#shared/counted.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { databaseVersion, migrate } from '../../sqlite/database.ts';
import { archiveDamaged, archiveNewer } from '../file/archive-errors.ts';
import { integrityFinding } from '../file/backups.ts';
import { isMarkedOpen } from '../file/file-marks.ts';
import { archiveMigrations } from '../migrations/index.ts';
import { copiedWithoutLog } from '../queries/archive-loss.ts';

export interface ClusterFinding {
  cluster: 'same' | 'different' | 'unknown';
  evidence: string;
}

/**
 * Compares the users of two archives. User ids are random 64-bit numbers that a cluster gives out once,
 * while service ids and names of objects are alike everywhere.
 */
export function compareClusters(own: DatabaseSync, other: DatabaseSync): ClusterFinding {
  const [ours, theirs] = [userIds(own), userIds(other)];
  const shared = [...theirs].filter((id) => ours.has(id)).length;
  const users = (count: number): string => formatCounted(count, 'user');
  if (shared > 0) {
    return { cluster: 'same', evidence: `${users(shared)} of it are known to this archive too.` };
  }
  if (ours.size > 0 && theirs.size > 0) {
    const evidence = `None of its ${users(theirs.size)} is known to this archive, which knows ${users(ours.size)}.`;
    return { cluster: 'different', evidence };
  }
  const which = theirs.size === 0 ? 'It' : 'This archive';
  return { cluster: 'unknown', evidence: `${which} holds no users yet to compare.` };
}

function userIds(database: DatabaseSync): Set<string> {
  const rows = database
    .prepare(
      `SELECT user_id FROM subject WHERE user_id <> '' UNION SELECT user_id FROM known_user
       UNION SELECT user_id FROM user_size`,
    )
    .all();
  return new Set(rows.map((row) => String(row.user_id).toLowerCase()));
}

/** Files that belong to one database: it, what was committed and not merged yet, and their index. */
const parts = ['', '-wal', '-shm'] as const;

/**
 * Copies another archive's file, with what was committed last and is next to it, and brings the copy
 * to today's format. The file itself is only read.
 * @param path the other archive's file
 * @param own this archive's file
 * @param copy where the copy is to be; {@link dropCopy} takes it away
 * @throws `INPUT_INVALID`, `ARCHIVE_DAMAGED`, `ARCHIVE_NEWER`
 */
export function copyOtherArchive(path: string, own: string, copy: string): void {
  if (!existsSync(path)) throw notAnArchive(path, 'There is no file of that name');
  if (realpathSync(path) === realpathSync(own)) {
    throw notAnArchive(path, "It is this cluster's own archive");
  }
  try {
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    prepare(path, copy);
  } catch (thrown) {
    dropCopy(copy);
    throw thrown;
  }
}

export function dropCopy(copy: string): void {
  for (const part of parts) rmSync(`${copy}${part}`, { force: true });
}

export function openCopy(copy: string): DatabaseSync {
  return new DatabaseSync(copy, { readBigInts: true });
}

function prepare(path: string, copy: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = openCopy(copy);
    const version = databaseVersion(database);
    if (version > archiveMigrations.length) {
      throw archiveNewer(path, version, archiveMigrations.length);
    }
    const finding = integrityFinding(database);
    if (finding) throw archiveDamaged(path, finding, null);
    if (isMarkedOpen(database) && !existsSync(`${path}-wal`)) {
      throw archiveDamaged(path, copiedWithoutLog, null, 'incomplete');
    }
    if (!holdsStatistics(database)) throw notAnArchive(path, 'It holds no archive of this console');
    migrate(database, archiveMigrations);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw archiveDamaged(path, thrown instanceof Error ? thrown.message : 'unreadable', null);
  } finally {
    database?.close();
  }
}

function holdsStatistics(database: DatabaseSync): boolean {
  const tables = database.prepare(
    `SELECT count(*) AS n FROM sqlite_schema
     WHERE type = 'table' AND name IN ('usage_object', 'usage_raw', 'subject')`,
  );
  return Number(tables.get()?.n) === 3;
}

function notAnArchive(path: string, why: string): AppError {
  return invalidInput(
    `${path} cannot be merged. ${why}.`,
    "Enter the path of the other workstation's archive.sqlite or of one of its backups.",
  );
}

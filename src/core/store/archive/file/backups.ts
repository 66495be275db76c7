import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { isProcessRunning } from '../../../platform/files/write-file-atomically.ts';
import { fileStamp } from '../../../platform/printed-time.ts';
import { readCounts, shortfallOf } from './archive-record.ts';
import { markClosed } from './file-marks.ts';

/** A copy of the archive. `takenAt` is ISO 8601 in UTC, `bytes` the file's size. */
export type ArchiveBackup = CallOutput<'archive.backups'>[number];

const namePattern = /^archive-(\d{8}T\d{9}Z)-([a-z0-9-]+)\.sqlite$/;
/** What earlier consoles set aside, next to the archive. */
const earlierPattern = /^archive-set-aside-(\d{8}T\d{9}Z)\.sqlite$/;
const partialPattern = /^archive-.*\.(\d+)-[0-9a-f]{8}\.partial(-journal)?$/;

function backupDirectory(directory: string): string {
  return join(directory, 'archive-backups');
}

function expandTime(compact: string): string {
  return compact.replace(
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z$/,
    '$1-$2-$3T$4:$5:$6.$7Z',
  );
}

/** A file is on the disk, not only handed to the system, once this returns. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export function newBackupPath(directory: string, reason: string): string {
  const folder = backupDirectory(directory);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `archive-${fileStamp()}-${reason}.sqlite`);
}

/**
 * Copies the archive as it is at this moment, other connections' unfinished work omitted, into one
 * file. It is written under another name, checked, and gets its own once it is whole.
 * @param reason a word for the file's name: `demand`, `before-v2`
 */
export function takeBackup(
  database: DatabaseSync,
  directory: string,
  reason: string,
): ArchiveBackup {
  const path = newBackupPath(directory, reason);
  const partial = `${path.slice(0, -'.sqlite'.length)}.${process.pid}-${randomBytes(4).toString('hex')}.partial`;
  try {
    const before = readCounts(database);
    database.prepare('VACUUM INTO ?').run(partial);
    completeCopy(partial, (copy) => shortfallOf(before, readCounts(copy)));
    renameSync(partial, path);
  } catch (thrown) {
    rmSync(partial, { force: true });
    throw thrown;
  }
  syncDirectory(backupDirectory(directory));
  const backup = listBackups(directory).find((one) => one.path === path);
  if (!backup) throw notWhole('its file is not there');
  return backup;
}

/** SQLite's own finding on the whole file; null when it is sound. */
export function integrityFinding(database: DatabaseSync): string | null {
  const row = database.prepare('PRAGMA integrity_check(1)').get();
  const finding = String(row?.integrity_check ?? 'no answer');
  return finding === 'ok' ? null : finding.replaceAll(/\s+/g, ' ').trim();
}

/** Checks a copy, marks it as whole, and waits until it is on the disk. */
function completeCopy(path: string, missing: (copy: DatabaseSync) => string[]): void {
  const copy = new DatabaseSync(path);
  try {
    markClosed(copy);
    const finding = integrityFinding(copy);
    if (finding) throw notWhole(finding);
    const lacks = missing(copy);
    if (lacks.length > 0) throw notWhole(`it lacks ${lacks.join(', ')}`);
  } finally {
    copy.close();
  }
  syncFile(path);
}

function notWhole(finding: string): AppError {
  return new AppError({
    code: 'DISK_FAILED',
    message: `The backup could not be verified and was discarded: ${finding}.`,
    hint: 'Check the disk of the data folder, then back up again. The archive itself was not changed.',
  });
}

/** Makes a rename durable; Windows cannot open a directory and needs no such step. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function listFolder(folder: string, pattern: RegExp, reason?: string): ArchiveBackup[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((fileName) => {
    const match = pattern.exec(fileName);
    if (!match) return [];
    const path = join(folder, fileName);
    return [
      {
        fileName,
        path,
        takenAt: expandTime(match[1] ?? ''),
        reason: reason ?? match[2] ?? '',
        bytes: statSync(path).size,
      },
    ];
  });
}

/** The backups of an archive and what was set aside for one, newest first. Partial files are none. */
export function listBackups(directory: string): ArchiveBackup[] {
  return [
    ...listFolder(backupDirectory(directory), namePattern),
    ...listFolder(directory, earlierPattern, 'before-restore'),
  ].sort((left, right) =>
    left.takenAt < right.takenAt ? 1 : left.takenAt > right.takenAt ? -1 : 0,
  );
}

/** The newest backup that passes SQLite's check; what was set aside as not whole is none. */
export function newestGoodBackup(directory: string): ArchiveBackup | null {
  const isWhole = ({ path, reason }: ArchiveBackup): boolean =>
    reason !== 'damaged' && reason !== 'incomplete' && isReadable(path);
  return listBackups(directory).find(isWhole) ?? null;
}

function isReadable(path: string): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get();
    return Number(tables?.n) > 0 && integrityFinding(database) === null;
  } catch {
    return false;
  } finally {
    database?.close();
  }
}

/** Deletes what processes left behind that ended while they took a backup or restored one. */
export function clearPartialBackups(directory: string): void {
  const folder = backupDirectory(directory);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const process_ = partialPattern.exec(name)?.[1];
    if (process_ !== undefined && !isProcessRunning(Number(process_))) {
      rmSync(join(folder, name), { force: true });
    }
  }
}

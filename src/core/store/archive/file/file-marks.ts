import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** Longer would delay writers; what a long read keeps in the log is merged next time. */
const patience = 250;
const usual = 15_000;

/** Brings all that is committed from the write-ahead log into the file itself. */
export function checkpoint(database: DatabaseSync): void {
  database.exec(`PRAGMA busy_timeout = ${patience}`);
  try {
    database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  } finally {
    database.exec(`PRAGMA busy_timeout = ${usual}`);
  }
}

/**
 * SQLite's application id, a field of the file's first page that needs no table: "OPEN" while the file
 * is open for writing. Then part of what was committed may be in its write-ahead log alone.
 */
const openMark = 0x4f_50_45_4e;

/** Returns whether the file was in use when this copy of it was taken, or when its console was killed. */
export function isMarkedOpen(database: DatabaseSync): boolean {
  return Number(database.prepare('PRAGMA application_id').get()?.application_id) === openMark;
}

/** Marks the file as in use; to be in the main file before anything else is written. */
export function markOpen(database: DatabaseSync): void {
  database.exec(`PRAGMA application_id = ${openMark}`);
}

/** Marks the file as whole: all that was committed is in it. */
export function markClosed(database: DatabaseSync): void {
  database.exec('PRAGMA application_id = 0');
}

interface FileIdentity {
  device: bigint;
  inode: bigint;
}

export interface OpenedFiles {
  file: FileIdentity | null;
  /** The write-ahead log, where committed work may be alone. */
  log: FileIdentity | null;
}

function identityOf(path: string): FileIdentity | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found ? { device: found.dev, inode: found.ino } : null;
}

function isSame(left: FileIdentity | null, right: FileIdentity | null): boolean {
  return left?.device === right?.device && left?.inode === right?.inode;
}

/** The files at an archive's path now. */
export function filesAt(path: string): OpenedFiles {
  return { file: identityOf(path), log: identityOf(`${path}-wal`) };
}

/** Returns whether the files that were opened are still the ones at the archive's path. */
export function areInPlace(path: string, { file, log }: OpenedFiles): boolean {
  const now = filesAt(path);
  return isSame(file, now.file) && (log === null || isSame(log, now.log));
}

import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isProcessRunning } from '../../platform/files/write-file-atomically.ts';
import { fileStamp } from '../../platform/printed-time.ts';
import { defineTexts, isDamage, migrate, NewerDatabaseError } from '../sqlite/database.ts';
import { snapshotMigrations } from './migrations/index.ts';
import { BrokenOrderError } from './orders/stored-orders.ts';

/** A snapshot file that could not be used and was set aside under another name. */
export interface SetAside {
  reason: 'damaged' | 'newer';
  path: string;
}

export function snapshotPath(directory: string): string {
  return join(directory, 'snapshot.sqlite');
}

/** The file a refresh builds next to it, named for this process so that two never share one. */
export function nextSnapshotPath(directory: string): string {
  return join(directory, `snapshot.next-${process.pid}.sqlite`);
}

/**
 * Returns where a copy for another workstation is made; one that is left behind goes as {@link
 * nextSnapshotPath} does.
 */
export function snapshotCopyPath(directory: string): string {
  return `${nextSnapshotPath(directory)}.copy-${randomUUID()}`;
}

/** Returns whether a file was being built by a process that is gone, or by an earlier life of this one. */
export function isLeftNextSnapshot(name: string): boolean {
  const processId = /^snapshot\.next-(\d+)\.sqlite/.exec(name)?.[1];
  if (processId === undefined) return false;
  return Number(processId) === process.pid || !isProcessRunning(Number(processId));
}

/** Opens the snapshot's file, creating it and bringing it to the newest version. */
export function openSnapshotDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    migrate(database, snapshotMigrations);
    defineTexts(database);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/**
 * Creates the file a refresh builds. Nothing is journalled, since a half-built one is thrown away. The
 * cache is small on purpose: it also bounds how much SQLite sorts at once for an index, and runs that
 * fit into the processor's cache take half the time.
 */
export function createNextDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA page_size = 8192;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -2048`);
  migrate(database, snapshotMigrations);
  return database;
}

/** Returns why a file could not be used, or null where the fault is elsewhere (a full disk, a lock). */
export function whyUnusable(thrown: unknown): SetAside['reason'] | null {
  if (thrown instanceof NewerDatabaseError) return 'newer';
  if (thrown instanceof BrokenOrderError) return 'damaged';
  if (isDamage(thrown)) return 'damaged';
  // A table or column that should be there is not: written by no console of ours.
  return thrown instanceof Error && /no such (table|column)/.test(thrown.message)
    ? 'damaged'
    : null;
}

/** Renames an unusable file, so that it can be looked at and the next refresh begins afresh. */
export function setSnapshotAside(path: string, reason: SetAside['reason']): SetAside {
  const aside = path.replace(/\.sqlite$/, `.${reason}-${fileStamp()}.sqlite`);
  for (const suffix of ['', '-journal', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return { reason, path: aside };
}

/**
 * Looks over all of a file, which takes about a second for half a million buckets.
 * @returns whether every page of it is sound
 */
export function isSnapshotSound(path: string): boolean {
  if (!existsSync(path)) return true;
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      const row = database.prepare('PRAGMA quick_check(1)').get();
      return row?.quick_check === 'ok';
    } finally {
      database.close();
    }
  } catch (thrown) {
    return whyUnusable(thrown) === null;
  }
}

/**
 * Returns whether a file ends before it should: SQLite itself notices only when it comes to the missing
 * part.
 */
export function isCutShort(path: string, size: number): boolean {
  if (size === 0) return false;
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header, 0, 100, 0) < 100) return true;
  } finally {
    closeSync(file);
  }
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  return size < pageSize * header.readUInt32BE(28);
}

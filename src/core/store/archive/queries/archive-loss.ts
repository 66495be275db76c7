import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { formatCount } from '#shared/counted.ts';
import { type ArchiveDamage, archiveDamaged } from '../file/archive-errors.ts';
import { type ArchiveRecord, readCounts, readRecord, shortfallOf } from '../file/archive-record.ts';
import { newestGoodBackup } from '../file/backups.ts';
import { isMarkedOpen } from '../file/file-marks.ts';
import { readHeadFile } from './head-file.ts';
import { isOnRecord } from './journal-head.ts';

/** Found where a file's own mark says it was open and no log is next to it. */
export const copiedWithoutLog =
  'it was copied while in use or after a crash, without its write-ahead log';

/** Returns whether the file is there and holds anything at all. */
export function hasContent(path: string): boolean {
  return existsSync(path) && statSync(path).size > 0;
}

/**
 * Refuses to begin a new archive where files next to it say that there was one.
 * @throws AppError `ARCHIVE_DAMAGED`
 */
export function assertNeverBegun(path: string): void {
  const evidence = evidenceOf(path);
  if (evidence === null) return;
  const isMissing = !existsSync(path);
  throw damaged(
    path,
    `${isMissing ? 'the file is not there' : 'the file is empty'}, but ${evidence}`,
    isMissing ? 'missing' : 'empty',
  );
}

function evidenceOf(path: string): string | null {
  const record = readRecord(path);
  if (record && (record.objects > 0 || record.entries > 0 || record.sampledAt > 0)) {
    return `it held ${formatCount(record.objects)} statistics objects and ${formatCount(record.entries)} journal entries`;
  }
  if (remembersEntries(path)) return 'journal-head.json says that its journal had entries';
  if (hasContent(`${path}-wal`)) return 'its write-ahead log is there';
  return newestGoodBackup(dirname(path)) ? 'backups of it exist' : null;
}

function remembersEntries(path: string): boolean {
  const head = readHeadFile(path);
  return head !== null && head !== 'damaged' && head.farthest.entries > 0;
}

/** What is next to an archive's file. To be read before the file is opened, which changes it. */
interface ArchiveSiblings {
  record: ArchiveRecord | null;
  hasLog: boolean;
}

export function readSiblings(path: string): ArchiveSiblings {
  return { record: readRecord(path), hasLog: existsSync(`${path}-wal`) };
}

/**
 * Compares an archive with the record next to it, and with its own mark of being in use.
 * @throws AppError `ARCHIVE_DAMAGED` where it lacks what was in it
 */
export function assertNothingLost(
  database: DatabaseSync,
  path: string,
  { record, hasLog }: ArchiveSiblings,
): void {
  const counts = readCounts(database);
  if (record === null) {
    if (hasLog || !isMarkedOpen(database)) return;
    throw damaged(path, copiedWithoutLog, 'incomplete');
  }
  const missing = shortfallOf(record, counts);
  if (missing.length === 0 || isExplained(database, record)) return;
  // Cut by hand, not by a lost log: the journal says so itself, for ever.
  const journalAlone = record.entries > counts.entries && missing.length === 1;
  if (journalAlone && record.schema !== counts.schema) return;
  throw damaged(path, `it lacks ${missing.join(', ')} that were on record`, 'incomplete');
}

/** Whether a restore or another decision left the recorded state behind. */
function isExplained(database: DatabaseSync, { entries, hash }: ArchiveRecord): boolean {
  return hasTable(database, 'journal_entry') && isOnRecord(database, { entries, hash });
}

function damaged(path: string, finding: string, damage: ArchiveDamage) {
  const backup = newestGoodBackup(dirname(path))?.path ?? null;
  return archiveDamaged(path, finding, backup, damage);
}

function hasTable(database: DatabaseSync, name: string): boolean {
  return (
    database
      .prepare('SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?')
      .get('table', name) !== undefined
  );
}

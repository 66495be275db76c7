import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { formatCounted } from '#shared/counted.ts';
import { AppError, notFound } from '#shared/errors.ts';
import { databaseVersion, inTransaction, migrate } from '../sqlite/database.ts';
import { archivePath } from './archive.ts';
import { archiveNewer } from './file/archive-errors.ts';
import { type ArchiveRecord, readCounts, readRecord, writeRecord } from './file/archive-record.ts';
import {
  type ArchiveBackup,
  integrityFinding,
  listBackups,
  newBackupPath,
  syncDirectory,
  syncFile,
} from './file/backups.ts';
import { markClosed } from './file/file-marks.ts';
import { archiveMigrations } from './migrations/index.ts';
import { hasContent } from './queries/archive-loss.ts';
import type { JournalHead } from './queries/head-file.ts';
import { chainEntries } from './queries/journal.ts';
import {
  type JournalBody,
  knownHeads,
  lostHeads,
  mismatchEntries,
  mismatchOperation,
  ownEntries,
  rememberedHeads,
  rememberHead,
} from './queries/journal-head.ts';
import { ensureIdentity, identityOf, type KeptKey, setIdentity } from './queries/journal-seal.ts';
import { sealEntries, sealedIdentity } from './queries/sealed-head.ts';

/** What the journal notes of a file that takes the archive's place, or is used as it is. */
interface ReplacementFacts {
  backup: ArchiveBackup | null;
  /** What the archive held by its record, and what it holds from now on. */
  before: ArchiveRecord | null;
  after: ArchiveRecord;
  /** Where the journal ended that is left behind. */
  left: JournalHead[];
}

export type ReplacementEntries = (facts: ReplacementFacts) => JournalBody[];

interface ReplacementOptions {
  /** A word for its name among the backups: `before-restore`, `damaged`. */
  reason?: string;
  entries?: ReplacementEntries;
  /** The key that seals the remembered head; null where there is none. */
  key?: KeptKey | null;
}

/**
 * Puts a backup in the archive's place; no process may have the archive open. The file that was there
 * is kept among the backups. There is no moment without an archive: the new one, whose journal tells
 * of the restore, replaces the old in one step.
 * @throws `NOT_FOUND`, `ARCHIVE_DAMAGED` (the backup), `ARCHIVE_NEWER`; the archive is as it was
 */
export function restoreBackup(
  directory: string,
  fileName: string,
  options: ReplacementOptions = {},
): { restored: ArchiveBackup; setAside: string | null } {
  const restored = findBackup(directory, fileName);
  return { restored, setAside: replaceArchive(directory, restored, options) };
}

/** Puts a new archive in the place of one that is damaged or missing, as {@link restoreBackup} does. */
export function beginNewArchive(
  directory: string,
  options: ReplacementOptions = {},
): { setAside: string | null } {
  return { setAside: replaceArchive(directory, null, options) };
}

function replaceArchive(
  directory: string,
  backup: ArchiveBackup | null,
  { reason = 'before-restore', entries = () => [], key = null }: ReplacementOptions,
): string | null {
  const path = archivePath(directory);
  const incoming = `${path}.restoring`;
  clearIncoming(incoming);
  try {
    if (backup) copyBackup(backup, incoming);
    const after = prepare(incoming, path, backup, { entries, key });
    syncFile(incoming);
    const setAside = putAside(path, reason);
    renameSync(incoming, path);
    syncDirectory(directory);
    remember(path, after, key);
    return setAside;
  } finally {
    clearIncoming(incoming);
  }
}

/** Lets an archive that lacks what was on record be used as it is; its journal says so for ever. */
export function continueIncomplete(
  directory: string,
  entries: ReplacementEntries,
  key: KeptKey | null = null,
): void {
  const path = archivePath(directory);
  remember(path, prepare(path, path, null, { entries, key }), key);
}

function findBackup(directory: string, fileName: string): ArchiveBackup {
  const backup = listBackups(directory).find((one) => one.fileName === fileName);
  if (backup) return backup;
  throw notFound('The archive has no backup of that name.', 'Select one from the list of backups.');
}

function clearIncoming(incoming: string): void {
  for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(incoming + ending, { force: true });
}

/** With what was committed last, where the file was set aside together with its write-ahead log. */
function copyBackup(backup: ArchiveBackup, incoming: string): void {
  try {
    if (!existsSync(`${backup.path}-wal`)) {
      copyFileSync(backup.path, incoming);
      return;
    }
    const source = new DatabaseSync(backup.path);
    try {
      source.prepare('VACUUM INTO ?').run(incoming);
    } finally {
      source.close();
    }
  } catch (thrown) {
    throw unusableBackup(backup, thrown instanceof Error ? thrown.message : 'unreadable');
  }
}

function prepare(
  file: string,
  path: string,
  backup: ArchiveBackup | null,
  saying: Required<Omit<ReplacementOptions, 'reason'>>,
): PreparedArchive {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readBigInts: true });
    if (backup) assertUsable(database, backup);
    migrate(database, archiveMigrations);
    keepIdentity(database, path, saying.key);
    record(database, path, backup, saying);
    markClosed(database);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
    return { ...readCounts(database), journal: ensureIdentity(database) };
  } catch (thrown) {
    if (thrown instanceof AppError || !backup) throw thrown;
    throw unusableBackup(backup, thrown instanceof Error ? thrown.message : 'unreadable');
  } finally {
    database?.close();
  }
}

function assertUsable(database: DatabaseSync, backup: ArchiveBackup): void {
  const version = databaseVersion(database);
  if (version > archiveMigrations.length) {
    throw archiveNewer(backup.path, version, archiveMigrations.length);
  }
  const finding = version === 0 ? 'it is not an archive' : integrityFinding(database);
  if (finding) throw unusableBackup(backup, finding);
}

/** Says in the journal of a file what it replaces, and what that had which this file has not. */
function record(
  database: DatabaseSync,
  path: string,
  backup: ArchiveBackup | null,
  { entries, key }: Required<Omit<ReplacementOptions, 'reason'>>,
): void {
  const before = readRecord(path);
  const left = [...headsOf(path), ...rememberedHeads(path)];
  inTransaction(database, () => {
    const after = readCounts(database);
    const own = mismatchEntries(database, lostHeads(database, null));
    // A new key sealed nothing yet.
    if (key && !key.isNew) {
      const { secret } = key;
      // Whose head it was is the operator's decision; whether it is as it was sealed is a finding.
      const journal = sealedIdentity(path, secret) ?? ensureIdentity(database);
      own.push(...sealEntries(database, path, { secret, journal }));
    }
    own.push(...lostFindings(database, path));
    chainEntries(database, [...own, ...entries({ backup, before, after, left })]);
  });
}

/** Where the journal of the present file ends; of a file that can't be read, nothing is known. */
function headsOf(path: string): JournalHead[] {
  return ofPresentFile(path, (database) => knownHeads(database, null)) ?? [];
}

/**
 * What takes the archive's place is from now on the journal that it was: anchors stay comparable. Where
 * the file can't say which, what is remembered next to it does.
 */
function keepIdentity(database: DatabaseSync, path: string, key: KeptKey | null): void {
  const identity = ofPresentFile(path, identityOf) ?? sealedIdentity(path, key ? key.secret : null);
  if (identity) setIdentity(database, identity);
}

/** What the replaced journal had found of itself, and its replacement would not know. */
function lostFindings(database: DatabaseSync, path: string): JournalBody[] {
  const known = new Set(findingsOf(database).map(({ journalId }) => journalId));
  const lost = (ofPresentFile(path, findingsOf) ?? []).filter(
    ({ journalId }) => !known.has(journalId),
  );
  if (lost.length === 0) return [];
  return ownEntries(database, {
    operation: mismatchOperation,
    title: 'Findings of the journal that was replaced',
    before: { journal: `${formatCounted(lost.length, 'finding')} in the replaced journal` },
    after: { journal: lost.map(({ words }) => words).join('; ') },
    input: {},
  });
}

function findingsOf(database: DatabaseSync): { journalId: string; words: string }[] {
  return database
    .prepare("SELECT body FROM journal_entry WHERE operation = ? AND kind = 'intent'")
    .all(mismatchOperation)
    .map(({ body }) => {
      const { journalId, after } = JSON.parse(String(body)) as {
        journalId: string;
        after: { journal: string };
      };
      return { journalId, words: after.journal };
    });
}

function ofPresentFile<Value>(path: string, read: (database: DatabaseSync) => Value): Value | null {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    return read(database);
  } catch {
    return null;
  } finally {
    database?.close();
  }
}

function putAside(path: string, reason: string): string | null {
  const hasLog = existsSync(`${path}-wal`);
  if (!hasContent(path) && !hasLog) return null;
  const setAside = newBackupPath(dirname(path), reason);
  if (existsSync(path)) linkSync(path, setAside);
  // What was committed and not yet merged belongs to the old file and would spoil the new one.
  if (hasLog) renameSync(`${path}-wal`, `${setAside}-wal`);
  rmSync(`${path}-shm`, { force: true });
  return setAside;
}

/** What was prepared, and the identity of its journal. */
type PreparedArchive = ArchiveRecord & { journal: string };

function remember(
  path: string,
  { entries, hash, journal, ...counts }: PreparedArchive,
  key: KeptKey | null,
): void {
  // A new key takes over what it finds when the archive is opened.
  const known = key && !key.isNew ? { secret: key.secret, journal } : null;
  rememberHead(path, () => known)({ entries, hash, setBack: true });
  writeRecord(path, { entries, hash, ...counts }, true);
}

function unusableBackup({ fileName }: ArchiveBackup, finding: string): AppError {
  return new AppError({
    code: 'ARCHIVE_DAMAGED',
    message: `The backup ${fileName} is damaged and was not restored: ${finding}.`,
    hint: 'Select another backup. The archive was not changed.',
    details: { fileName, finding },
  });
}

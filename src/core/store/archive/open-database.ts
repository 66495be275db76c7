import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { databaseVersion, errorCodeOf, isDamage, migrate } from '../sqlite/database.ts';
import { archiveDamaged, archiveNewer } from './file/archive-errors.ts';
import { RecordKeeper } from './file/archive-record.ts';
import {
  clearPartialBackups,
  integrityFinding,
  newestGoodBackup,
  takeBackup,
} from './file/backups.ts';
import { checkpoint, isMarkedOpen, markOpen } from './file/file-marks.ts';
import { archiveMigrations } from './migrations/index.ts';
import {
  assertNeverBegun,
  assertNothingLost,
  hasContent,
  readSiblings,
} from './queries/archive-loss.ts';
import { noticeMismatch } from './queries/journal.ts';

/** How a thread opens the archive: one `writer`, `reader`s, and a `checker` that only checks. */
export type ArchiveRole = 'writer' | 'reader' | 'checker';

/** Up to this size the whole file is checked before it is used; a larger one while it is used. */
export const usualCheckedAtOpen = 64 * 1024 * 1024;

function connect(path: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly, readBigInts: true, timeout: 15_000 });
  database.exec('PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768');
  return database;
}

const readOnlyRefused = 8; // SQLITE_READONLY

/**
 * For reading only. After a process was killed, what it committed last is next to the file and has to
 * be merged first, which a read-only connection can't do: then one that may write is opened, with
 * writing switched off.
 */
function connectToRead(path: string): DatabaseSync {
  const database = connect(path, true);
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (thrown) {
    database.close();
    if (errorCodeOf(thrown) !== readOnlyRefused) throw thrown;
    const recovering = connect(path, false);
    recovering.exec('PRAGMA query_only = ON');
    return recovering;
  }
}

/** Checks without writing whether the file is readable, of a known version and, if small, intact. */
function inspect(path: string, checkedAtOpen: number): number {
  let database: DatabaseSync | undefined;
  try {
    const siblings = readSiblings(path);
    database = connectToRead(path);
    const version = databaseVersion(database);
    if (version > archiveMigrations.length) {
      throw archiveNewer(path, version, archiveMigrations.length);
    }
    const mustCheck = statSync(path).size <= checkedAtOpen || version < archiveMigrations.length;
    const finding = mustCheck ? integrityFinding(database) : null;
    if (finding) throw new DamagedFile(finding);
    if (version === 0) assertNeverBegun(path);
    assertNothingLost(database, path, siblings);
    return version;
  } catch (thrown) {
    throw asDamaged(path, thrown);
  } finally {
    database?.close();
  }
}

class DamagedFile extends Error {}

function asDamaged(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof DamagedFile || isDamage(thrown))) return thrown;
  const backup = newestGoodBackup(dirname(path))?.path ?? null;
  return archiveDamaged(path, thrown.message, backup);
}

/** Runs `work`; SQLite's "malformed" and "not a database" become `ARCHIVE_DAMAGED` with the way out. */
export function guardDamage<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw asDamaged(path, thrown);
  }
}

function openWriter(path: string, checkedAtOpen: number): DatabaseSync {
  clearPartialBackups(dirname(path));
  const isThere = hasContent(path);
  if (!isThere) assertNeverBegun(path);
  const version = isThere ? inspect(path, checkedAtOpen) : 0;
  const database = connect(path, false);
  try {
    // FULL: a commit is on the disk when it returns, which deletion on the gateway relies on.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    if (version > 0 && version < archiveMigrations.length) {
      takeBackup(database, dirname(path), `before-v${archiveMigrations.length}`);
    }
    migrate(database, archiveMigrations);
    if (!isMarkedOpen(database)) markOpen(database);
    noticeMismatch(database, path);
    checkpoint(database);
    new RecordKeeper(database, path).keepDurably();
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/**
 * Opens the archive's file. The writer creates and migrates it, after a check and a backup; it never
 * rebuilds one. Throws `ARCHIVE_DAMAGED` or `ARCHIVE_NEWER` and leaves such a file as it is.
 */
export function openArchiveDatabase(
  path: string,
  role: ArchiveRole,
  checkedAtOpen: number = usualCheckedAtOpen,
): DatabaseSync {
  return guardDamage(path, () =>
    role === 'writer' ? openWriter(path, checkedAtOpen) : connectToRead(path),
  );
}

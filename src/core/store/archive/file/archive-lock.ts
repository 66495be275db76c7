import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '#shared/errors.ts';
import { errorCodeOf } from '../../sqlite/database.ts';

export interface ArchiveLock {
  release(): void;
}

const sqliteBusy = 5;
/** Long enough for another process to put a backup in place, in tries and milliseconds between them. */
const tries = 100;
const betweenTries = 50;

/**
 * One lock an archive, across processes: whoever has the archive open shares it, whoever puts another
 * file in its place holds it alone. It is a transaction on its own SQLite file, which the
 * operating system ends with the process, however that ends: a lock can't outlive its holder.
 * @param path the archive's file
 * @throws AppError `ARCHIVE_IN_USE`
 */
export function lockArchive(path: string, mode: 'shared' | 'alone'): ArchiveLock {
  const database = new DatabaseSync(lockPath(path), { timeout: 0 });
  try {
    if (mode === 'alone') {
      database.exec('BEGIN EXCLUSIVE');
    } else {
      database.exec('BEGIN');
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
    }
    return {
      release: () => {
        if (database.isOpen) database.close();
      },
    };
  } catch (thrown) {
    database.close();
    if (errorCodeOf(thrown) !== sqliteBusy) throw thrown;
    throw archiveInUse(path, mode);
  }
}

/**
 * Shares the lock; waits while another process holds it alone.
 * @throws AppError `ARCHIVE_IN_USE`
 */
export async function shareArchive(path: string): Promise<ArchiveLock> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return lockArchive(path, 'shared');
    } catch (thrown) {
      const isHeld = thrown instanceof AppError && thrown.code === 'ARCHIVE_IN_USE';
      if (!isHeld || attempt === tries) throw thrown;
    }
    await pause(betweenTries);
  }
}

/**
 * Makes sure that no process has the archive open, this one included.
 * @throws AppError `ARCHIVE_IN_USE`
 */
export function assertArchiveUnused(path: string): void {
  if (existsSync(dirname(path))) lockArchive(path, 'alone').release();
}

function lockPath(path: string): string {
  return join(dirname(path), 'archive-lock.sqlite');
}

function archiveInUse(path: string, mode: 'shared' | 'alone'): AppError {
  return new AppError({
    code: 'ARCHIVE_IN_USE',
    message:
      mode === 'alone'
        ? `Another process is using the archive ${path}, for example a scheduled collection.`
        : `Another process is replacing the archive ${path}.`,
    hint: 'Wait until it has finished, then try again. Nothing was changed.',
    retryable: true,
    details: { path },
  });
}

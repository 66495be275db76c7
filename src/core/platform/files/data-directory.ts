import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '#shared/errors.ts';

/** The console's data directory while this process uses it. */
export interface DataDirectory {
  readonly path: string;
  /** Lets another console use it. */
  release(): void;
}

/**
 * Creates the data directory (mode 0700) and keeps every other console out of it.
 * @param path absolute path
 * @param shared leaves the lock out: for a short-lived process that runs beside a console
 * @throws AppError `DATA_DIRECTORY_IN_USE`, `DISK_FAILED`
 */
export async function openDataDirectory(path: string, shared = false): Promise<DataDirectory> {
  try {
    await ensurePrivateDirectory(path);
  } catch (thrown) {
    throw unusable(path, thrown);
  }
  if (shared) return { path, release: () => undefined };
  const lock = lockFile(join(path, 'lock.sqlite'), path);
  return { path, release: () => lock.close() };
}

/** Creates a directory that only its owner can enter, with what is missing above it. */
export async function ensurePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (process.platform !== 'win32') await chmod(path, 0o700);
}

/**
 * The lock is an open transaction on an SQLite file: the operating system drops it with the process,
 * however that ends, so there are no stale locks and no guessing about process ids.
 */
function lockFile(file: string, directory: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 500 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (thrown) {
    database?.close();
    if (!isBusy(thrown)) throw unusable(directory, thrown);
    throw new AppError({
      code: 'DATA_DIRECTORY_IN_USE',
      message: `Another console is using the data directory ${directory}.`,
      hint: 'Go to that console or end it, or start this one with another directory (--data-dir).',
    });
  }
}

function isBusy(thrown: unknown): boolean {
  const sqliteBusy = 5;
  return thrown instanceof Error && 'errcode' in thrown && thrown.errcode === sqliteBusy;
}

function unusable(path: string, cause: unknown): AppError {
  const reason =
    cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
      ? ` (${cause.code})`
      : '';
  return new AppError({
    code: 'DISK_FAILED',
    message: `The data directory ${path} cannot be used${reason}.`,
    hint: 'Check that its disk is not full and that you may write there, or name another with --data-dir.',
    cause,
  });
}

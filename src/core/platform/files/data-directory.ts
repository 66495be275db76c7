import { existsSync } from 'node:fs';
import { chmod, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '#shared/errors.ts';
import { makeFolder } from './make-folder.ts';

const lockName = 'lock.sqlite';

/** The console's data directory while this process uses it. */
export interface DataDirectory {
  readonly path: string;
  /** Lets another console use it. */
  release(): void;
}

/**
 * Creates the data directory (mode 0700) and keeps every other console out of it.
 * @param path absolute path
 * @param shared leaves the lock out: for a short-lived process that runs next to a console
 * @throws AppError `DATA_DIRECTORY_IN_USE`, `DISK_FAILED`
 */
export async function openDataDirectory(path: string, shared = false): Promise<DataDirectory> {
  try {
    await ensureDataDirectory(path);
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : unusable(path, thrown);
  }
  if (shared) return { path, release: () => undefined };
  const lock = lockFile(join(path, lockName), path);
  return { path, release: () => lock.close() };
}

/** Creates a directory within the data directory that only its owner can enter. */
export async function ensurePrivateDirectory(path: string): Promise<void> {
  makeFolder(path);
  if (process.platform !== 'win32') await chmod(path, 0o700);
}

/**
 * Makes sure of a data directory that only its owner can enter, with what is missing above it. Rights are
 * taken away from directories of the console's making alone: another, like a home, keeps its own.
 * @throws AppError `DISK_FAILED` for a directory of another user, and one that everybody may write to
 */
async function ensureDataDirectory(path: string): Promise<void> {
  const made = makeFolder(path);
  if (process.platform === 'win32') return;
  if (made === undefined) await assertOwn(path);
  if (made !== undefined || existsSync(join(path, lockName))) await chmod(path, 0o700);
}

async function assertOwn(path: string): Promise<void> {
  const { uid, mode } = await stat(path);
  const isShared = (mode & 0o002) !== 0 && !existsSync(join(path, lockName));
  if (uid === process.geteuid?.() && !isShared) return;
  throw new AppError({
    code: 'DISK_FAILED',
    message: isShared
      ? `Everybody may write to the data directory ${path}, so it was not used.`
      : `The data directory ${path} belongs to another user, so it was not used.`,
    hint: 'Name a directory of your own with --data-dir, or run the console as the user who owns it.',
  });
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

/** Name of the console's folder among the data of the operator's programs. */
const dataDirName = 'Ostor Console';

function programData(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  if (platform === 'win32') return env.APPDATA ?? join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return env.XDG_CONFIG_HOME || join(home, '.config');
}

/**
 * Returns where the console's data is when nobody says otherwise: the same folder for every shell and
 * for the collector, the one Electron calls `userData`.
 */
export function defaultDataDir(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  return join(programData(platform, env, home), dataDirName);
}

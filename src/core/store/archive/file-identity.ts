import { statSync } from 'node:fs';

/** What tells a file from every other one at the same path. */
export interface FileIdentity {
  device: bigint;
  inode: bigint;
}

/** The files an archive was opened from. */
export interface OpenedFiles {
  file: FileIdentity | null;
  /** The write-ahead log, where committed work may lie alone. */
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

/** Whether the files that were opened are still the ones at the archive's path. */
export function areInPlace(path: string, { file, log }: OpenedFiles): boolean {
  const now = filesAt(path);
  return isSame(file, now.file) && (log === null || isSame(log, now.log));
}

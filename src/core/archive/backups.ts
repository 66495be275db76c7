import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** A copy of the archive. `takenAt` is ISO 8601 in UTC, `bytes` the file's size. */
export interface ArchiveBackup {
  fileName: string;
  path: string;
  takenAt: string;
  reason: string;
  bytes: number;
}

const namePattern = /^archive-(\d{8}T\d{9}Z)-([a-z0-9-]+)\.sqlite$/;

/** Where the backups of the archive in `directory` lie. */
export function backupDirectory(directory: string): string {
  return join(directory, 'archive-backups');
}

function compactTime(time: Date): string {
  return time.toISOString().replaceAll(/[-:.]/g, '');
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

/**
 * Copies the archive as it is at this moment, other connections' unfinished work left out.
 * @param reason a word for the file's name: `demand`, `before-v2`
 */
export function takeBackup(
  database: DatabaseSync,
  directory: string,
  reason: string,
): ArchiveBackup {
  const folder = backupDirectory(directory);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = compactTime(new Date());
  const fileName = `archive-${stamp}-${reason}.sqlite`;
  const path = join(folder, fileName);
  database.prepare('VACUUM INTO ?').run(path);
  syncFile(path);
  return { fileName, path, takenAt: expandTime(stamp), reason, bytes: statSync(path).size };
}

/** The backups of an archive, newest first. */
export function listBackups(directory: string): ArchiveBackup[] {
  const folder = backupDirectory(directory);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .reverse()
    .flatMap((fileName) => {
      const match = namePattern.exec(fileName);
      if (!match) return [];
      const path = join(folder, fileName);
      return [
        {
          fileName,
          path,
          takenAt: expandTime(match[1] ?? ''),
          reason: match[2] ?? '',
          bytes: statSync(path).size,
        },
      ];
    });
}

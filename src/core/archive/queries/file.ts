import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { databaseVersion } from '../../sqlite/migrations.ts';
import { type ArchiveBackup, takeBackup } from '../backups.ts';
import { integrityFinding } from '../open-database.ts';

/** What the archive's file says of itself. Sizes in bytes. */
export interface ArchiveFile {
  path: string;
  version: number;
  bytes: number;
}

/** Questions about the file. */
export function fileReaders(database: DatabaseSync, path: string) {
  return {
    describeFile: (): ArchiveFile => ({
      path,
      version: databaseVersion(database),
      bytes: statSync(path).size,
    }),
    /** SQLite's full check; null when the file is sound. Takes seconds a gigabyte. */
    checkFile: (): string | null => integrityFinding(database),
  };
}

/** Work on the file. */
export function fileWriters(database: DatabaseSync, path: string) {
  return {
    backUp: ({ reason }: { reason: string }): ArchiveBackup =>
      takeBackup(database, dirname(path), reason),
    /** Puts all committed work into the main file and closes it. */
    closeFile: (): void => database.close(),
  };
}

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { databaseVersion } from '../../sqlite/database.ts';
import { RecordKeeper } from '../file/archive-record.ts';
import { type ArchiveBackup, integrityFinding, takeBackup } from '../file/backups.ts';
import { checkpoint, markClosed } from '../file/file-marks.ts';

/** Settings kept with the archive, by name, as JSON. */
export function settingReaders(database: DatabaseSync) {
  return {
    readSetting({ name }: { name: string }): unknown {
      const row = database.prepare('SELECT value FROM setting WHERE name = ?').get(name);
      return row ? (JSON.parse(String(row.value)) as unknown) : null;
    },
  };
}

/** Writes of {@link settingReaders}' settings. */
export function settingWriters(database: DatabaseSync) {
  return {
    writeSetting({ name, value }: { name: string; value: unknown }): void {
      database
        .prepare(
          'INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        )
        .run(name, JSON.stringify(value));
    },
  };
}

/** Facts of the archive's file. Sizes in bytes. */
interface ArchiveFile {
  path: string;
  version: number;
  bytes: number;
}

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

export function fileWriters(database: DatabaseSync, path: string) {
  const record = new RecordKeeper(database, path);
  const settle = (): void => {
    checkpoint(database);
    record.keepDurably();
  };
  return {
    /** Copies the archive into one file and verifies it. */
    backUp({ reason }: { reason: string }): ArchiveBackup {
      settle();
      return takeBackup(database, dirname(path), reason);
    },
    /** Puts all committed work into the main file. */
    checkpoint: settle,
    /**
     * Puts all committed work into the main file and closes it.
     * @param input `alone`: no other process has it open, so that the file is whole on its own
     */
    closeFile({ alone }: { alone: boolean }): void {
      settle();
      if (alone) {
        markClosed(database);
        checkpoint(database);
      }
      database.close();
    },
  };
}

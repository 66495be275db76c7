import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '#shared/errors.ts';
import { databaseVersion } from '../sqlite/migrations.ts';
import { archivePath } from './archive.ts';
import { archiveDamaged, archiveNewer } from './archive-errors.ts';
import { type ArchiveBackup, listBackups, syncFile } from './backups.ts';
import { archiveMigrations } from './migrations/index.ts';
import { integrityFinding } from './open-database.ts';

function findBackup(directory: string, fileName: string): ArchiveBackup {
  const backup = listBackups(directory).find((one) => one.fileName === fileName);
  if (backup) return backup;
  throw new AppError({
    code: 'NOT_FOUND',
    message: 'The archive has no backup of that name.',
    hint: 'Take one from the list of backups.',
  });
}

function assertSound({ path }: ArchiveBackup): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const version = databaseVersion(database);
    if (version > archiveMigrations.length) {
      throw archiveNewer(path, version, archiveMigrations.length);
    }
    const finding = integrityFinding(database);
    if (finding) throw archiveDamaged(path, finding, null);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw archiveDamaged(path, thrown instanceof Error ? thrown.message : 'unreadable', null);
  } finally {
    database?.close();
  }
}

/**
 * Puts a backup in the archive's place; the archive must be closed. The file that was there is kept
 * under another name. There is no moment without an archive: the new one replaces the old in one step.
 * @throws `NOT_FOUND`, `ARCHIVE_DAMAGED`, `ARCHIVE_NEWER`; the archive is then as it was
 */
export function restoreBackup(
  directory: string,
  fileName: string,
): { restored: ArchiveBackup; setAside: string | null } {
  const restored = findBackup(directory, fileName);
  assertSound(restored);
  const path = archivePath(directory);
  const incoming = `${path}.restoring`;
  rmSync(incoming, { force: true });
  copyFileSync(restored.path, incoming);
  syncFile(incoming);
  let setAside: string | null = null;
  if (existsSync(path)) {
    const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
    setAside = join(directory, `archive-set-aside-${stamp}.sqlite`);
    linkSync(path, setAside);
    // What was committed and not yet merged belongs to the old file and would spoil the new one.
    if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${setAside}-wal`);
    rmSync(`${path}-shm`, { force: true });
  }
  renameSync(incoming, path);
  return { restored, setAside };
}

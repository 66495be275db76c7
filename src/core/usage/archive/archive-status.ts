import { existsSync, statSync } from 'node:fs';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { type Archive, archivePath } from '../../store/archive/archive.ts';
import { type ArchiveDamage, archiveReplaced } from '../../store/archive/file/archive-errors.ts';
import { listBackups } from '../../store/archive/file/backups.ts';

type Status = CallOutput<'archive.status'>;

/** Reads the state of the archive's file, also where it does not open. */
export async function readArchiveStatus(
  { clusters, archives }: Pick<ClusterWork, 'clusters' | 'archives'>,
  connectionId: string,
): Promise<Status> {
  const directory = await clusters.directory(connectionId);
  const newestBackup = listBackups(directory)[0] ?? null;
  try {
    const archive = await archives.get(connectionId);
    const [file, extent] = await Promise.all([
      archive.read('describeFile'),
      archive.read('extent'),
    ]);
    return {
      ...file,
      ...stateOf(archive),
      objects: extent.objects,
      counters: extent.counters,
      from: toIso(extent.from),
      to: toIso(extent.to),
      newestBackup,
    };
  } catch (thrown) {
    const state = stateOfError(thrown);
    if (!state || !(thrown instanceof AppError)) throw thrown;
    const path = archivePath(directory);
    return {
      path,
      state,
      readOnly: false,
      error: thrown.toData(),
      ...damageDetail(thrown),
      bytes: existsSync(path) ? statSync(path).size : 0,
      version: 0,
      objects: 0,
      counters: 0,
      from: null,
      to: null,
      newestBackup,
    };
  }
}

/** A file that was moved away is open still, and its figures are right; nothing more is written. */
function stateOf(archive: Archive): Pick<Status, 'state' | 'readOnly' | 'error'> {
  const { check, readOnly } = archive;
  if (readOnly) return { state: 'damaged', readOnly };
  if (!archive.isInPlace) {
    return { state: 'damaged', readOnly, error: archiveReplaced(archive.path).toData() };
  }
  const error = check.state === 'damaged' ? { error: check.error.toData() } : {};
  return { state: check.state, readOnly, ...error };
}

function damageDetail({ details }: AppError): Pick<Status, 'damage'> {
  const damage = details?.damage as ArchiveDamage | undefined;
  return damage ? { damage } : {};
}

function stateOfError(thrown: unknown): 'damaged' | 'newer' | null {
  if (!(thrown instanceof AppError)) return null;
  if (thrown.code === 'ARCHIVE_DAMAGED') return 'damaged';
  return thrown.code === 'ARCHIVE_NEWER' ? 'newer' : null;
}

function toIso(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}

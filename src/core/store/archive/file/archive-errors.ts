import { AppError } from '#shared/errors.ts';

/**
 * What is wrong with an archive. `file`: it fails SQLite's own check. `missing`, `empty`: what is
 * next to it says that there was one. `incomplete`: it lacks what was on record, as a copy does that
 * was taken without its write-ahead log.
 */
export type ArchiveDamage = 'file' | 'missing' | 'empty' | 'incomplete';

const ways: Record<ArchiveDamage, string> = {
  file: 'open the archive read-only and export what can be read, or start a new archive; this file is then kept next to it',
  missing: 'put the file back, or start a new archive',
  empty: 'put the file back, or start a new archive',
  incomplete:
    'put the file back together with its "-wal" file, or continue with this file as it is',
};

/** The archive is not what it was. It is left as it is until somebody decides. */
export function archiveDamaged(
  path: string,
  finding: string,
  newestBackup: string | null,
  damage: ArchiveDamage = 'file',
): AppError {
  const way = newestBackup
    ? `Restore the backup ${newestBackup}, or ${ways[damage]}.`
    : `No backup exists yet: ${ways[damage]}.`;
  return new AppError({
    code: 'ARCHIVE_DAMAGED',
    message:
      damage === 'missing'
        ? `The archive ${path} is missing: ${finding}.`
        : `The archive ${path} is damaged: ${finding}.`,
    hint: `${way} Nothing was changed in the file, and nothing is collected or deleted until you decide (Settings, Archives).`,
    details: { path, finding, newestBackup, damage },
  });
}

/** The file that is open is no longer the one at the archive’s path: what is written is lost. */
export function archiveReplaced(path: string): AppError {
  return new AppError({
    code: 'ARCHIVE_REPLACED',
    message: `The archive ${path} was moved, deleted or replaced while the console had it open.`,
    hint: 'Move the folder back, or restore a backup. Nothing more is collected, deleted or changed until then.',
    details: { path },
  });
}

export function archiveNewer(path: string, found: number, known: number): AppError {
  return new AppError({
    code: 'ARCHIVE_NEWER',
    message: `The archive ${path} was written by a newer console (format ${found}; this one knows ${known}).`,
    hint: 'Update this console. The file was not touched.',
    details: { path, found, known },
  });
}

export function archiveReadOnly(path: string): AppError {
  return new AppError({
    code: 'ARCHIVE_DAMAGED',
    message: `The archive ${path} is open for reading only, since it is damaged.`,
    hint: 'Restore a backup to collect and record again.',
    details: { path },
  });
}

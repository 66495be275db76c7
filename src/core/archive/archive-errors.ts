import { AppError } from '#shared/errors.ts';

/** The archive's file fails SQLite's own check. It is left as it is. */
export function archiveDamaged(
  path: string,
  finding: string,
  newestBackup: string | null,
): AppError {
  const way = newestBackup
    ? `Restore the backup ${newestBackup}, or open the archive read-only and export what can be read.`
    : 'No backup exists yet: open the archive read-only and export what can be read. To collect again, close the console and move the file to a safe place: a new archive begins, and what still lies on the gateway is collected anew.';
  return new AppError({
    code: 'ARCHIVE_DAMAGED',
    message: `The archive ${path} is damaged: ${finding}.`,
    hint: `${way} Nothing was changed in the file, and nothing is collected or deleted until this is settled.`,
    details: { path, finding, newestBackup },
  });
}

/** The archive was written by a newer console. It is left untouched. */
export function archiveNewer(path: string, found: number, known: number): AppError {
  return new AppError({
    code: 'ARCHIVE_NEWER',
    message: `The archive ${path} was written by a newer console (format ${found}; this one knows ${known}).`,
    hint: 'Update this console. The file was not touched.',
    details: { path, found, known },
  });
}

/** A write was asked of an archive that was opened for reading only. */
export function archiveReadOnly(path: string): AppError {
  return new AppError({
    code: 'ARCHIVE_DAMAGED',
    message: `The archive ${path} is open for reading only, since it is damaged.`,
    hint: 'Restore a backup to collect and record again.',
    details: { path },
  });
}

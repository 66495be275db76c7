import type { DatabaseSync } from 'node:sqlite';
import { fileReaders, fileWriters } from './queries/file.ts';
import { journalReaders, journalWriters } from './queries/journal.ts';
import { settingReaders, settingWriters } from './queries/settings.ts';

/** Every question the archive answers, by topic: a new topic is a file in `queries/` and a line here. */
export function readerMethods(database: DatabaseSync, path: string) {
  return {
    ...fileReaders(database, path),
    ...settingReaders(database),
    ...journalReaders(database, path),
  };
}

/** Every change the archive takes, by topic. Each is one transaction of its own. */
export function writerMethods(database: DatabaseSync, path: string) {
  return {
    ...fileWriters(database, path),
    ...settingWriters(database),
    ...journalWriters(database, path),
  };
}

/** The archive's questions, typed for the calling side. */
export type ArchiveReaders = ReturnType<typeof readerMethods>;
/** The archive's changes, typed for the calling side. */
export type ArchiveWriters = ReturnType<typeof writerMethods>;

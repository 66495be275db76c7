import type { DatabaseSync } from 'node:sqlite';

/**
 * SQLite's application id, a field of the file's first page that needs no table: "OPEN" while the file
 * is open for writing. Then part of what was committed may lie in its write-ahead log alone.
 */
const openMark = 0x4f_50_45_4e;

/** Whether the file was in use when this copy of it was taken, or when its console was killed. */
export function isMarkedOpen(database: DatabaseSync): boolean {
  return Number(database.prepare('PRAGMA application_id').get()?.application_id) === openMark;
}

/** Marks the file as in use; to be in the main file before anything else is written. */
export function markOpen(database: DatabaseSync): void {
  database.exec(`PRAGMA application_id = ${openMark}`);
}

/** Marks the file as whole: all that was committed is in it. */
export function markClosed(database: DatabaseSync): void {
  database.exec('PRAGMA application_id = 0');
}

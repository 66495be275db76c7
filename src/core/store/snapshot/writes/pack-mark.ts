import type { DatabaseSync } from 'node:sqlite';

/** Says in the file itself that all of it came in a field pack; a refresh builds a file without it. */
const mark = 'ofPack';

export function markAsOfPack(database: DatabaseSync): void {
  database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(mark, '1');
}

/** Something was read from the gateway here: no later pack may take the file's place. */
export function unmark(database: DatabaseSync): void {
  database.prepare('DELETE FROM meta WHERE key = ?').run(mark);
}

/** Returns whether nothing in the file was read here. */
export function isOfPack(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM meta WHERE key = ?').get(mark) !== undefined;
}

import { DatabaseSync } from 'node:sqlite';

/**
 * Writes a copy of the open snapshot for another workstation into a new file: whole, as of one moment,
 * without pages that were freed. Customers and plans are of this workstation's billing systems and are
 * left out.
 */
export function copySnapshot(database: DatabaseSync, path: string): void {
  database.prepare('VACUUM INTO ?').run(path);
  const copy = new DatabaseSync(path);
  try {
    // what is deleted is overwritten, and is in no file next to the copy either
    copy.exec('PRAGMA secure_delete = ON; PRAGMA journal_mode = MEMORY');
    copy.exec('DELETE FROM user_customer');
  } finally {
    copy.close();
  }
}

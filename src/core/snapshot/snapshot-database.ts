import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../sqlite/migrations.ts';
import { snapshotMigrations } from './migrations/index.ts';

/** Opens the snapshot's file, creating it and bringing it to the newest version. */
export function openSnapshotDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    migrate(database, snapshotMigrations);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** Opens a file a refresh builds: fast, since a half-built one is thrown away. */
export function openNextDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536');
  migrate(database, snapshotMigrations);
  return database;
}

import type { DatabaseSync } from 'node:sqlite';

/** Longer would hold up whoever writes; what a long reading keeps in the log goes with the next one. */
const patience = 250;
const usual = 15_000;

/** Brings all that is committed from the write-ahead log into the file itself. */
export function checkpoint(database: DatabaseSync): void {
  database.exec(`PRAGMA busy_timeout = ${patience}`);
  try {
    database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  } finally {
    database.exec(`PRAGMA busy_timeout = ${usual}`);
  }
}

import type { Migration } from '../../sqlite/database.ts';

/**
 * Hours that somebody declared silent: nothing came from this service, and nothing will. Hours are
 * whole ones since the epoch, `to_hour` not included; times milliseconds. Nothing is ever deleted: a
 * decision that was taken back stays, with who did it.
 */
export const acceptedGaps: Migration = {
  version: 6,
  name: '0006-accepted-gaps',
  up(database) {
    database.exec(`
      CREATE TABLE accepted_gap (
        id INTEGER PRIMARY KEY,
        service TEXT NOT NULL,
        from_hour INTEGER NOT NULL,
        to_hour INTEGER NOT NULL CHECK (to_hour > from_hour),
        reason TEXT NOT NULL,
        operator TEXT NOT NULL,
        accepted_at INTEGER NOT NULL,
        withdrawn_by TEXT,
        withdrawn_at INTEGER
      ) STRICT;
      CREATE INDEX accepted_gap_by_hour ON accepted_gap (from_hour);
    `);
  },
};

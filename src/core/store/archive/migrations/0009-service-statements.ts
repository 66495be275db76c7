import type { Migration } from '../../sqlite/database.ts';

/**
 * Besides single gaps, what somebody stated of a service once: `retired`, nothing more comes
 * from it, or `idle`, it writes nothing while nobody uses it. A statement may have no end (`to_hour` at
 * its largest).
 */
export const serviceStatements: Migration = {
  version: 9,
  name: '0009-service-statements',
  up(database) {
    database.exec(`
      ALTER TABLE accepted_gap ADD COLUMN kind TEXT NOT NULL DEFAULT 'gap'
        CHECK (kind IN ('gap', 'retired', 'idle'));
    `);
  },
};

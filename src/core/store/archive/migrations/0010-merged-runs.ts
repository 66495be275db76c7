import type { Migration } from '../../sqlite/database.ts';

/**
 * When a bulk run was taken over from another workstation's archive; null for a run of this one. Which
 * of the runs merged before are another's is not on record.
 */
export const mergedRuns: Migration = {
  version: 10,
  name: '0010-merged-runs',
  up(database) {
    database.exec('ALTER TABLE bulk_run ADD COLUMN merged_at INTEGER');
  },
};

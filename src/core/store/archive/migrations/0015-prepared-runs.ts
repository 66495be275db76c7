import type { Migration } from '../../sqlite/database.ts';

/** A run that is previewed for a plan is noted apart, so that the plan keeps the one that was started. */
export const preparedRuns: Migration = {
  version: 15,
  name: '0015-prepared-runs',
  up(database) {
    database.exec(`
      ALTER TABLE change_plan ADD COLUMN prepared_run_id TEXT;
      UPDATE change_plan SET prepared_run_id = run_id, run_id = NULL
        WHERE run_id IN (SELECT run_id FROM bulk_run WHERE state = 'previewed');
    `);
  },
};

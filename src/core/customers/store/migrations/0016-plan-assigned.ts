import type { Migration } from '../../../store/sqlite/database.ts';

/** When a plan was assigned, and by whom; null: before this was kept. */
export const planAssigned: Migration = {
  version: 16,
  name: '0016-plan-assigned',
  up(database) {
    database.exec(`
      ALTER TABLE plan_holder ADD COLUMN assigned_at INTEGER;
      ALTER TABLE plan_holder ADD COLUMN assigned_by TEXT;
    `);
  },
};

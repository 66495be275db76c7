import type { Migration } from '../../../store/sqlite/database.ts';

/** When a user was last as its plan says; null: it was not seen so since this is kept. */
export const planMatched: Migration = {
  version: 17,
  name: '0017-plan-matched',
  up(database) {
    database.exec('ALTER TABLE plan_drift ADD COLUMN matched_at INTEGER');
  },
};

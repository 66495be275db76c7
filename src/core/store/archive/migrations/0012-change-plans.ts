import type { Migration } from '../../sqlite/database.ts';

/**
 * Change plans that the operator keeps for the cluster: made while the gateway can't be reached, edited,
 * compared and applied later. A row's `change` is JSON as in a plan's file; `place` is its order in the
 * plan, `row_id` its name. Times are milliseconds since the Unix epoch.
 */
export const changePlans: Migration = {
  version: 12,
  name: '0012-change-plans',
  up(database) {
    database.exec(`
      CREATE TABLE change_plan (
        plan_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        note TEXT,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        changed_at INTEGER NOT NULL,
        endpoint TEXT NOT NULL,
        connection_name TEXT NOT NULL,
        snapshot_as_of INTEGER,
        reverses TEXT,
        run_id TEXT
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE change_plan_row (
        plan_id TEXT NOT NULL REFERENCES change_plan (plan_id) ON DELETE CASCADE,
        row_id INTEGER NOT NULL,
        place INTEGER NOT NULL,
        change TEXT NOT NULL,
        PRIMARY KEY (plan_id, row_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX change_plan_row_by_place ON change_plan_row (plan_id, place);
    `);
  },
};

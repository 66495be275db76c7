import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { databaseVersion, migrate } from '#core/store/sqlite/migrations.ts';

it('adds bulk runs to an archive of the version before; rows go with their run', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('PRAGMA foreign_keys = ON');
  migrate(database, archiveMigrations, 3);
  migrate(database, archiveMigrations, 4);
  expect(databaseVersion(database)).toBe(4);
  database.exec(`
    INSERT INTO bulk_run VALUES ('r1', 1, 'ada', NULL, 'Set quota', 'previewed', 'gateway', 0, NULL, '[]', NULL, NULL);
    INSERT INTO bulk_row VALUES ('r1', 1, NULL, 'quotas.set', '{}', 'user', 'aa', 'a@b', '{}', '{}', 1, 1, 2, 'pending', 0, NULL, NULL, NULL);`);
  expect(() =>
    database.exec(
      "INSERT INTO bulk_row SELECT 'r2', row, line, operation, input, target_kind, target_id, target_name, before, after, before_known, writes, readings, state, attempts, error, journal_id, request_id FROM bulk_row",
    ),
  ).toThrow(/FOREIGN KEY/);
  database.exec("DELETE FROM bulk_run WHERE run_id = 'r1'");
  expect(database.prepare('SELECT count(*) AS n FROM bulk_row').get()).toEqual({ n: 0 });
});

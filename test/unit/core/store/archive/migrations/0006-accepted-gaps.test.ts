import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { databaseVersion, migrate } from '#core/store/sqlite/migrations.ts';

it('adds decisions about silent hours to an archive of the version before, and keeps what is there', () => {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations, 5);
  database.exec(`
    INSERT INTO usage_object VALUES
      (1, 's3-usage-65-2026-10-01T00:00:00.000Z-1800', '65', 1790812800, 1800, 1800, 'digest', 10,
       1, 0, 0, 1, 0, 1790820000000, NULL)`);
  migrate(database, archiveMigrations, 6);
  expect(databaseVersion(database)).toBe(6);
  expect(database.prepare('SELECT count(*) AS n FROM usage_object').get()).toEqual({ n: 1n });
  expect(database.prepare('SELECT * FROM accepted_gap').all()).toEqual([]);
  expect(() =>
    database.exec(
      `INSERT INTO accepted_gap (service, from_hour, to_hour, reason, operator, accepted_at)
       VALUES ('65', 7, 7, 'no hour at all', 'ada', 1)`,
    ),
  ).toThrow(/CHECK/);
});

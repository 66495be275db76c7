import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { issuedStatementReaders } from '#core/store/archive/queries/issued-statements.ts';
import { databaseVersion, migrate } from '#core/store/sqlite/migrations.ts';

it('adds the register to an archive of the version before, keeps what is there, and refuses changes', () => {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations, 6);
  database.exec(`
    INSERT INTO tariff VALUES ('standard', 1, '{}', 1790820000000);
    INSERT INTO size_refresh VALUES (1790820000000, 1, 1, 10);
  `);
  migrate(database, archiveMigrations, 7);
  expect(databaseVersion(database)).toBe(7);
  expect(database.prepare('SELECT count(*) AS n FROM tariff').get()).toEqual({ n: 1n });
  expect(database.prepare('SELECT count(*) AS n FROM size_refresh').get()).toEqual({ n: 1n });
  const readers = issuedStatementReaders(database);
  expect(readers.listIssued({ offset: 0, limit: 10 })).toEqual({ total: 0, rows: [] });
  database.exec(`
    INSERT INTO issued_sources VALUES ('d', 'zstd', x'00');
    INSERT INTO issued_statement VALUES (1, 'id', 'identity', 'S-2026-0001', NULL, 'digest', '{}',
      'final', 'standard', 1, 'Standard', 10, 20, 1, '7440', 'EUR', 2, 'd', 'l', 'ada', 1, 'zstd', x'00')`);
  for (const change of [
    "UPDATE issued_statement SET total = '12440'",
    'DELETE FROM issued_statement',
    "UPDATE issued_sources SET body = x'01'",
    'DELETE FROM issued_sources',
  ]) {
    expect(() => database.exec(change)).toThrow(/append-only/);
  }
});

import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { migrate } from '#core/store/sqlite/migrations.ts';

it('adds room for other journals, in which no entry is changed or removed', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, archiveMigrations, 7);
  database.exec("INSERT INTO setting VALUES ('kept', '1')");
  migrate(database, archiveMigrations, 8);
  expect(database.prepare('SELECT name FROM setting').all()).toEqual([{ name: 'kept' }]);
  database.exec(`
    INSERT INTO merged_journal VALUES ('a', 'archive.sqlite', 1);
    INSERT INTO merged_journal_entry (chain, sequence, body, previous, hash)
      VALUES ('a', 1, '{"kind":"intent","at":5}', '', 'b');
  `);
  expect(database.prepare('SELECT kind, at FROM merged_journal_entry').all()).toEqual([
    { kind: 'intent', at: 5 },
  ]);
  expect(() => database.exec("UPDATE merged_journal_entry SET body = '{}'")).toThrow('append-only');
  expect(() => database.exec('DELETE FROM merged_journal_entry')).toThrow('append-only');
});

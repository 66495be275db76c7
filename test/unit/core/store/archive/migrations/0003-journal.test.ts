import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { databaseVersion, migrate } from '#core/store/sqlite/migrations.ts';

it('adds an empty journal to an archive of the version before, and keeps what is there', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, archiveMigrations, 2);
  database.exec("INSERT INTO setting VALUES ('kept', '1')");
  migrate(database, archiveMigrations, 3);
  expect(databaseVersion(database)).toBe(3);
  expect(database.prepare('SELECT * FROM setting').get()).toEqual({ name: 'kept', value: '1' });
  expect(database.prepare('SELECT entries, hash FROM journal_head').get()).toEqual({
    entries: 0,
    hash: '',
  });
  const body = JSON.stringify({ journalId: 'j1', kind: 'intent', target: { id: 'aa' } });
  database
    .prepare('INSERT INTO journal_entry (sequence, body, previous, hash) VALUES (1, ?, ?, ?)')
    .run(body, '', 'h');
  expect(database.prepare('SELECT journal_id, kind, target_id FROM journal_entry').get()).toEqual({
    journal_id: 'j1',
    kind: 'intent',
    target_id: 'aa',
  });
});

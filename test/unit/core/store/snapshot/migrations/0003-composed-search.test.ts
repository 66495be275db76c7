import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { migrate } from '#core/store/sqlite/database.ts';

it('composes the texts that users are searched by, and leaves others alone', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, snapshotMigrations, 2);
  const insert =
    database.prepare(`INSERT INTO user (id, user_id, email, search, state, system, flags,
      owner_id, bucket_count, current_bytes, peak_bytes, first_seen)
    VALUES (?, ?, ?, ?, 'enabled', 0, '[]', '', 0, 0, 0, 0)`);
  const email = 'Jürgen@Müller.de'.normalize('NFD');
  insert.run(1, 'a1', email, `${email}\na1`.toLowerCase());
  insert.run(2, 'a2', 'x@y', 'as it was\na2');
  migrate(database, snapshotMigrations);
  const texts = database.prepare('SELECT search FROM user ORDER BY id').all();
  expect(texts.map(({ search }) => search)).toEqual(['jürgen@müller.de\na1', 'as it was\na2']);
  database.close();
});

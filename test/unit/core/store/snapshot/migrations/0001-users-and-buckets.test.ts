import { readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { databaseVersion, migrate } from '#core/store/sqlite/database.ts';

describe('the snapshot’s migrations', () => {
  it('are all registered', () => {
    const folder = new URL(
      '../../../../../../src/core/store/snapshot/migrations/',
      import.meta.url,
    );
    const files = readdirSync(folder).filter((file) => file !== 'index.ts');
    expect(snapshotMigrations.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
  });
});

describe('0001-users-and-buckets', () => {
  it('makes of an empty file one that takes users and buckets', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, snapshotMigrations, 0);
    expect(databaseVersion(database)).toBe(0);
    migrate(database, snapshotMigrations, 1);
    database.exec(`
      INSERT INTO user VALUES (1, 'aa', 'A@b', 'a@b', 'enabled', 0, '[]', '00', 1, 9223372036854775807, 2, 3);
      INSERT INTO bucket VALUES (1, 'logs', 1, NULL, 9223372036854775807, 2, 3, 4, NULL, 5, 6);
      INSERT INTO access_key VALUES ('aa', '', 'aa0001', 7);`);
    const read = database.prepare(
      'SELECT bucket.current_bytes AS bytes, email FROM bucket JOIN user ON user.id = owner',
    );
    read.setReadBigInts(true);
    expect(read.get()).toEqual({ bytes: 2n ** 63n - 1n, email: 'A@b' });
    expect(() =>
      database.exec(
        "INSERT INTO user SELECT 2, user_id, '', '', '', 0, '', '', 0, 0, 0, 0 FROM user",
      ),
    ).toThrow(/UNIQUE/);
    expect(databaseVersion(database)).toBe(1);
  });

  it('is done once', () => {
    const database = new DatabaseSync(':memory:');
    expect(migrate(database, snapshotMigrations, 1)).toEqual({ from: 0, to: 1 });
    expect(migrate(database, snapshotMigrations, 1)).toEqual({ from: 1, to: 1 });
  });
});

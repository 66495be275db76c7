import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { saveValues } from '#core/store/snapshot/writes/save-values.ts';
import { migrate } from '#core/store/sqlite/database.ts';

it('0004-target-values makes room for exact limits and quotas, and leaves the lists as they were', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database, snapshotMigrations, 3);
  database.exec(
    "INSERT INTO user VALUES (1, 'aa', 'A@b', 'a@b', 'enabled', 0, '[]', '00', 1, 5, 6, 3)",
  );
  expect(migrate(database, snapshotMigrations, 4)).toEqual({ from: 3, to: 4 });
  expect(database.prepare('SELECT count(*) AS n FROM user').get()).toEqual({ n: 1 });
  const target = { kind: 'user', id: 'aa' } as const;
  saveValues(database, [
    { part: 'quotas', target, quota: { sizeGb: 2n ** 53n, type: 'user' }, readAt: 5 },
  ]);
  const read = database.prepare('SELECT quota_gb, limits_as_of FROM target');
  read.setReadBigInts(true);
  expect(read.get()).toEqual({ quota_gb: 2n ** 53n, limits_as_of: null });
});

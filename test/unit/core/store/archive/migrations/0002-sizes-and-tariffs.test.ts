import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, it } from 'vitest';
import { archivePath, openArchive } from '#core/store/archive/archive.ts';
import { listBackups } from '#core/store/archive/file/backups.ts';
import { writerMethods } from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { migrate } from '#core/store/sqlite/database.ts';

const directory = mkdtempSync(join(tmpdir(), 'ostor-migration-'));

afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('adds sizes and tariffs to an archive of usage and keeps every counter, after a backup', async () => {
  const before = new DatabaseSync(archivePath(directory), { readBigInts: true });
  migrate(before, archiveMigrations, 1);
  before.exec(`
    INSERT INTO subject VALUES (1, 'photos', 98305, 'b81d6c5f895a8c86', '');
    INSERT INTO usage_object VALUES
      (1, 's3-usage-65-2026-10-01T00:00:00.000Z-1800', '65', 1790812800, 1800, 1800, 'digest', 10,
       1, 1, 0, 1, 0, 1790820000000, NULL);
    INSERT INTO counter VALUES (1, 1, 1, 1, 2, 3, 4, 5, 9007199254740993);
    INSERT INTO usage_hour VALUES (497448, 1, 0, 1, 2, 3, 4, 5, 9007199254740993);
  `);
  before.close();

  const archive = await openArchive(directory);
  const [row] = await archive.read('reportGroups', {
    fromHour: 497_448,
    toHour: 497_449,
    groupBy: 'user',
    filter: {},
  });
  expect(row).toMatchObject({ put: 1n, downloaded: 9_007_199_254_740_993n });
  await archive.write('recordSizes', {
    at: 1,
    users: [{ userId: 'a1', email: 'a@example.com', bytes: 5n, buckets: 1 }],
    buckets: [{ name: 'photos', ownerId: 'a1', bytes: 5n }],
    last: true,
  });
  expect(await archive.read('readSizes', { target: { user: 'a1' }, from: 0, to: 10 })).toEqual({
    looks: [1],
    changes: [{ at: 1, bytes: 5n }],
  });
  await archive.close();

  const [backup] = listBackups(directory);
  expect(backup?.reason).toBe(`before-v${archiveMigrations.length}`);
  const copy = new DatabaseSync(backup?.path ?? '', { readOnly: true });
  expect(copy.prepare('PRAGMA user_version').get()?.user_version).toBe(1);
  expect(copy.prepare('SELECT count(*) AS n FROM counter').get()?.n).toBe(1);
  copy.close();
});

it('begins a new archive with the tables of usage', async () => {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations);
  expect(await writerMethods(database, ':memory:').ingestObjects({ objects: [], now: 1 })).toEqual(
    [],
  );
});

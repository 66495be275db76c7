import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { sweepMigrations } from '#core/clusters/inventory/migrations/index.ts';
import { saveValues } from '#core/clusters/inventory/save-values.ts';
import { openSweepDatabase, sweepPath } from '#core/clusters/inventory/sweep-database.ts';
import { databaseVersion, migrate } from '#core/store/sqlite/migrations.ts';

describe('the sweep’s migrations', () => {
  it('are all registered', () => {
    const folder = new URL(
      '../../../../../../src/core/clusters/inventory/migrations/',
      import.meta.url,
    );
    const files = readdirSync(folder).filter((file) => file !== 'index.ts');
    expect(sweepMigrations.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
  });

  it('make of an empty file one that takes values', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, sweepMigrations, 0);
    migrate(database, sweepMigrations, 1);
    expect(databaseVersion(database)).toBe(1);
    const target = { kind: 'user', id: 'aa' } as const;
    saveValues(database, [
      { part: 'quotas', target, quota: { sizeGb: 2n ** 53n, type: 'user' }, readAt: 5 },
    ]);
    const read = database.prepare('SELECT quota_gb, limits_as_of FROM target');
    read.setReadBigInts(true);
    expect(read.get()).toEqual({ quota_gb: 2n ** 53n, limits_as_of: null });
  });
});

describe('the file of a sweep', () => {
  it.each([
    ['damaged', (path: string) => writeFileSync(path, 'no database'.repeat(500))],
    [
      'of a newer version',
      (path: string) => {
        const database = new DatabaseSync(path);
        database.exec('PRAGMA user_version = 99');
        database.close();
      },
    ],
  ])('that is %s is set aside, and a new one begun', (_what, spoil) => {
    const directory = mkdtempSync(join(tmpdir(), 'ostor-sweep-'));
    spoil(sweepPath(directory));
    const database = openSweepDatabase(directory);
    expect(databaseVersion(database)).toBe(sweepMigrations.length);
    database.close();
    expect(readdirSync(directory).some((name) => name.includes('set-aside'))).toBe(true);
    rmSync(directory, { recursive: true });
  });
});

import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { type GroupBy, reportReaders } from '#core/store/archive/queries/report.ts';
import { migrate } from '#core/store/sqlite/migrations.ts';

it('keeps every sum, also where one passes 64 bits, and adds totals', () => {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations, 4);
  const huge = 2n ** 63n - 1n;
  database.exec(`
    INSERT INTO subject VALUES (1, 'a', 0, 'u1', ''), (2, 'b', 0, 'u2', '');
    INSERT INTO usage_hour VALUES
      (48, 1, 0, 1, 0, 0, 0, ${huge}, 5), (48, 2, 0, 2, 0, 0, 0, ${huge}, 6), (49, 1, 0, 4, 0, 0, 0, 1, 7);
    INSERT INTO usage_day VALUES
      (2, 1, 0, 5, 0, 0, 0, ${huge}, 12), (2, 1, 1, 0, 0, 0, 0, 1, 0), (2, 2, 0, 2, 0, 0, 0, ${huge}, 6);
  `);
  migrate(database, archiveMigrations);
  const { reportGroups } = reportReaders(database);
  const report = (groupBy: GroupBy) =>
    reportGroups({ fromHour: 48, toHour: 72, groupBy, filter: {} }).map(
      ({ userId, slot, put, uploaded }) => [userId ?? slot, put, uploaded],
    );
  expect(report('user')).toEqual([
    ['u1', 5n, huge + 1n],
    ['u2', 2n, huge],
  ]);
  expect(report('day')).toEqual([[2, 7n, 2n * huge + 1n]]);
  expect(report('hour')).toEqual([
    [48, 3n, 2n * huge],
    [49, 4n, 1n],
  ]);
});

import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { readAcceptedGaps } from '#core/store/archive/queries/coverage.ts';
import { migrate } from '#core/store/sqlite/migrations.ts';

it('keeps decisions about single gaps, and takes statements about services beside them', () => {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations, 8);
  database.exec(
    `INSERT INTO accepted_gap (service, from_hour, to_hour, reason, operator, accepted_at)
     VALUES ('65', 7, 9, 'down', 'ada', 1)`,
  );
  migrate(database, archiveMigrations, 9);
  expect(readAcceptedGaps(database, 0, 1_000_000)).toMatchObject([
    { kind: 'gap', serviceId: '65', fromHour: 7, toHour: 9, reason: 'down', wroteAt: null },
  ]);
});

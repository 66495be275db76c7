import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, it } from 'vitest';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import type { PeakFloors } from '#core/store/archive/queries/peaks.ts';
import { migrate } from '#core/store/sqlite/database.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';

const begin = Date.UTC(2026, 9, 1) / 1000;
const fromHour = begin / 3600;
const days = 12;
const period = { fromHour, toHour: fromHour + 24 * days };
const all = (bound: bigint): PeakFloors => ({
  ...{ put: bound, get: bound, list: bound, other: bound, uploaded: bound, downloaded: bound },
});

let database: DatabaseSync;

beforeEach(() => {
  database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations);
  return () => database.close();
});

/** Twelve days of two services, in which users read a thousand bytes an hour, `a1` once much more. */
function collect(peak: number, at: number): void {
  const objects = Array.from({ length: 24 * days * 2 }, (_, index) => {
    const hour = index >> 1;
    const much = index === 2 * at ? peak : 1000;
    return fetchedObject(`800000000000006${index % 2}`, begin + hour * 3600, 3600, [
      { bucket: 'one', userId: 'a1', downloaded: much },
      { bucket: 'two', userId: 'a1', downloaded: 500, get: 7 },
      { bucket: 'three', userId: 'b1', downloaded: 1000 },
    ]);
  });
  writerMethods(database, ':memory:').ingestObjects({ objects, now: Date.UTC(2026, 10, 1) });
}

const peaks = (floors: PeakFloors, userFloors = new Map<string, PeakFloors>()) =>
  readerMethods(database, ':memory:').usagePeaks({
    ...period,
    ...{ least: all(1_000_000n), floors, userFloors },
  });

it('the hour of a user that stands out is found with what its other hours come to', () => {
  collect(5_000_000, 100);
  expect(peaks(all(10n ** 12n))).toEqual({
    ...{ slotSeconds: 3600, services: 2 },
    peaks: [
      {
        ...{ userId: 'a1', item: 'downloaded', hour: fromHour + 100 },
        ...{ quantity: 5_000_000n + 2000n, usual: 3000n },
      },
    ],
  });
});

it('of a user alone, the highest of some hours is judged against all its other hours', () => {
  collect(5_000_000, 100);
  const among = (userId: string, begins: number) =>
    readerMethods(database, ':memory:').usagePeaks({
      ...{ ...period, least: all(1_000_000n), floors: all(10n ** 12n), userFloors: new Map() },
      only: { userId, hours: [{ fromHour: fromHour + begins, toHour: fromHour + begins + 50 }] },
    }).peaks;
  const quantity = 5_000_000n + 2000n;
  expect(among('a1', 100)).toMatchObject([{ hour: fromHour + 100, quantity, usual: 3000n }]);
  expect(among('a1', 101)).toMatchObject([{ quantity: 3000n, usual: 3000n }]);
  expect(among('b1', 100)).toEqual([]);
});

it('nothing stands out where days are alike, but what passes the floor of its user', () => {
  collect(1000, 100);
  expect(peaks(all(10n ** 12n)).peaks).toEqual([]);
  const found = peaks(
    all(10n ** 12n),
    new Map([['b1', { ...all(10n ** 12n), downloaded: 40_000n }]]),
  );
  expect(found.peaks).toMatchObject([
    { userId: 'b1', item: 'downloaded', quantity: 2000n, usual: 2000n },
  ]);
});

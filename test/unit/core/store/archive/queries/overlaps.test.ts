import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { migrate } from '#core/store/sqlite/database.ts';
import { readOverlaps, stateOverlaps } from '#core/usage/billing/overlaps.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';

const begin = Date.UTC(2026, 9, 1) / 1000;
const fromHour = begin / 3600;
const toHour = Date.UTC(2026, 10, 1) / 3_600_000;
const entries = [
  { bucket: 'photos', userId: 'a1', get: 2, downloaded: 2n ** 62n },
  { bucket: 'films', userId: 'b2', put: 3, uploaded: 5 },
];

async function overlaps(starts: number[], userIds: string[] | null = null) {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations);
  const objects = starts.map((start, index) =>
    fetchedObject(`800000000000006${index}`, start, 1800, entries),
  );
  await writerMethods(database, ':memory:').ingestObjects({ objects, now: Date.UTC(2027, 0, 1) });
  const readers = readerMethods(database, ':memory:');
  const read = async (name: 'readOverlap', input: never) => readers[name](input);
  return stateOverlaps(await readOverlaps({ read } as never, { fromHour, toHour }), userIds);
}

it('states what reaches over either end of a period, exactly, and where it counts', async () => {
  const end = toHour * 3600;
  const [before, after, ...more] = await overlaps([begin - 600, begin - 60, end - 1799]);
  expect(more).toEqual([]);
  expect(before).toMatchObject({
    at: 'start',
    objects: 2,
    seconds: 1740,
    downloaded: String(2n ** 63n),
    operations: 10,
  });
  expect(before?.words).toContain('2 statistics objects reach over 2026-10-01 00:00 UTC');
  expect(before?.words).toContain('counted whole in the period before, in which they begin');
  expect(after).toMatchObject({ at: 'end', objects: 1, seconds: 1 });
  expect(after?.words).toContain('counted whole in this period, in which it begins');
});

it('states only what is of the users asked for', async () => {
  const [before] = await overlaps([begin - 600], ['b2']);
  expect(before?.words).toMatch(/^1 statistics object reaches over .*: 0 bytes out, 5 bytes in/);
  expect(before).toMatchObject({ objects: 1, uploaded: 5, downloaded: 0 });
  expect(await overlaps([begin - 600], ['c3'])).toEqual([]);
});

it('states nothing of objects that end with the period', async () => {
  expect(await overlaps([begin - 1800, begin, toHour * 3600 - 1800, toHour * 3600])).toEqual([]);
});

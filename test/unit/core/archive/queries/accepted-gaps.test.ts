import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, it } from 'vitest';
import { readerMethods, writerMethods } from '#core/archive/methods.ts';
import { archiveMigrations } from '#core/archive/migrations/index.ts';
import { migrate } from '#core/sqlite/migrations.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';

const begin = Date.UTC(2026, 9, 1) / 1000;
const fromHour = begin / 3600;
const now = Date.UTC(2026, 10, 1);
const service = '8000000000000065';

let path: string;
let writers: ReturnType<typeof writerMethods>;
let readers: ReturnType<typeof readerMethods>;

/** An archive of six hours of one service, of which the hours 2 and 3 are missing. */
beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'ostor-gaps-'));
  path = join(directory, 'archive.sqlite');
  const database = new DatabaseSync(path, { readBigInts: true });
  migrate(database, archiveMigrations);
  writers = writerMethods(database, path);
  readers = readerMethods(database, path);
  collect(0, 1, 4, 5);
  return () => {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  };
});

function collect(...hours: number[]): void {
  const objects = hours.map((hour) => fetchedObject(service, begin + hour * 3600, 3600, []));
  writers.ingestObjects({ objects, now });
}

function accept(first: number, end: number): number {
  return writers.acceptGaps({
    gaps: [{ serviceId: service, fromHour: fromHour + first, toHour: fromHour + end }],
    reason: 'Down for maintenance',
    operator: 'ada',
    now,
    entries: [{ journalId: 'j1', kind: 'intent', at: now, operator: 'ada' }],
  });
}

function coverage(first = 0) {
  // Another second each time: what is asked for again within a minute is not reckoned anew by the same connection.
  const query = { fromHour: fromHour + first, toHour: fromHour + 6 };
  const answer = readers.readCoverage({ ...query, now: now / 1000 + 60 * asked++ });
  return { hours: answer.services[0]?.hours, accepted: answer.accepted };
}
let asked = 0;

const collected = Array(6).fill('collected');

it('counts missing hours as silent once they are accepted, and says whose word that is', () => {
  expect(coverage().hours?.slice(2, 4)).toEqual(['missing', 'missing']);
  expect(accept(1, 4)).toBe(2);
  const { hours, accepted } = coverage();
  expect(hours).toEqual([...collected].fill('silent', 2, 4));
  expect(accepted).toMatchObject([
    { serviceId: service, hours: 2, reason: 'Down for maintenance', operator: 'ada' },
  ]);
  expect(readers.listJournal({ offset: 0, limit: 10 }).total).toBe(1);
});

it('lets an object that is collected after all take the place of the decision', () => {
  accept(2, 4);
  collect(3);
  const { hours, accepted } = coverage();
  expect(hours).toEqual([...collected].fill('silent', 2, 3));
  expect(accepted).toMatchObject([{ hours: 1 }]);
  collect(2);
  expect(coverage()).toMatchObject({ hours: collected, accepted: [{ hours: 0 }] });
});

it('accepts hours before the archive begins, and none that are there', () => {
  const before = coverage(-2);
  expect(before.hours?.slice(0, 2)).toEqual(['idle', 'idle']);
  expect(accept(-2, 0)).toBe(2);
  expect(coverage(-2).hours?.slice(0, 3)).toEqual(['silent', 'silent', 'collected']);
  expect(() => accept(4, 6)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  expect(readers.listJournal({ offset: 0, limit: 10 }).total).toBe(1);
});

it('makes them missing again when the decision is taken back, once', () => {
  accept(2, 4);
  const [decision] = coverage().accepted;
  const withdrawal = { ids: [decision?.id ?? 0], operator: 'bo', now, entries: [] };
  writers.withdrawGaps(withdrawal);
  expect(coverage()).toMatchObject({ accepted: [] });
  expect(coverage().hours?.slice(2, 4)).toEqual(['missing', 'missing']);
  expect(() => writers.withdrawGaps(withdrawal)).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  );
});

it('counts an hour by one decision only', () => {
  accept(2, 3);
  expect(accept(2, 4)).toBe(1);
  expect(coverage().accepted.map(({ hours }) => hours)).toEqual([1, 1]);
});

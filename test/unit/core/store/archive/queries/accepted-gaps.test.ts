import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, it } from 'vitest';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { migrate } from '#core/store/sqlite/database.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';
import idleGateway from '#test/fixtures/idle-gateway.json' with { type: 'json' };

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
  // Another second each time: what is asked for again within a minute is not computed again by the same connection.
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

function state(kind: 'retired' | 'idle', hour: number, serviceId = service): number {
  return writers.stateService({
    kind,
    serviceId,
    fromHour,
    reason: 'Rack removed',
    operator: 'ada',
    now,
    entries: [{ journalId: `s${hour}`, kind: 'intent', at: now, operator: 'ada' }],
    ...(hour === 0 ? {} : { fromHour: fromHour + hour }),
  });
}

it('expects nothing more of a retired service until it writes again', () => {
  const wide = () => {
    const query = { fromHour, toHour: fromHour + 12 };
    const answer = readers.readCoverage({ ...query, now: now / 1000 + 60 * asked++ });
    return { hours: answer.services[0]?.hours, accepted: answer.accepted };
  };
  expect(wide().hours?.slice(6)).toEqual(Array(6).fill('missing'));
  expect(state('retired', 6)).toBeGreaterThan(6);
  expect(() => state('retired', 6)).toThrow(/already/);
  expect(wide().hours?.slice(6)).toEqual(Array(6).fill('silent'));
  expect(wide().hours?.slice(2, 4)).toEqual(['missing', 'missing']);
  collect(9);
  expect(wide().hours?.slice(6)).toEqual([
    ...Array(3).fill('silent'),
    'collected',
    'missing',
    'missing',
  ]);
  const [statement] = wide().accepted;
  expect(statement).toMatchObject({ kind: 'retired', hours: 3, wroteAt: begin + 9 * 3600 });
  writers.withdrawGaps({ ids: [statement?.id ?? 0], operator: 'bo', now, entries: [] });
  expect(wide().hours?.slice(6, 9)).toEqual(Array(3).fill('missing'));
});

it.each([
  ['retired', 'silent'],
  ['idle', 'open'],
] as const)('of a service that is %s, an hour that is not over is %s', (kind, expected) => {
  const during = begin + 6.5 * 3600;
  const sixth = () =>
    readers.readCoverage({
      fromHour: fromHour + 6,
      toHour: fromHour + 7,
      now: during + 60 * asked++,
    }).services[0]?.hours;
  expect(sixth()).toEqual(['open']);
  state(kind, 5);
  expect(sixth()).toEqual([expected]);
});

it('refuses a statement about a service that is not known', () => {
  expect(() => state('idle', 0, '800000000000ffff')).toThrow(/No statistics of a service/);
});

it('finds no gaps in an idle gateway with short periods and holes, once that is stated', () => {
  const idle = '8000000000000003';
  const names = Object.keys(idleGateway);
  const objects = Object.entries(idleGateway).map(([name, text]) => {
    const [, start = '', nominal] = /-(2016-.*Z)-(\d+)$/.exec(name) ?? [];
    const seconds = Date.parse(start) / 1000;
    const bytes = new TextEncoder().encode(text);
    return { name, serviceId: idle, start: seconds, nominal: Number(nominal), bytes };
  });
  const outcomes = writers.ingestObjects({ objects, now }) as { outcome: string }[];
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(names.map(() => 'archived'));
  const first = Date.UTC(2016, 3, 11, 12) / 3_600_000;
  const hours = () =>
    readers
      .readCoverage({ fromHour: first, toHour: first + 4, now: now / 1000 + 60 * asked++ })
      .services.find(({ serviceId }) => serviceId === idle)?.hours;
  expect(hours()).toEqual(['idle', 'missing', 'missing', 'missing']);
  state('idle', first - fromHour, idle);
  expect(hours()).toEqual(['silent', 'collected', 'silent', 'silent']);
});

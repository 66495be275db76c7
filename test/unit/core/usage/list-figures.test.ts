import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Archive } from '#core/store/archive/archive.ts';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import type { ListFigures } from '#core/store/snapshot/writes/save-figures.ts';
import { migrate } from '#core/store/sqlite/database.ts';
import { readShared } from '#core/store/sqlite/shared-text.ts';
import { readActivity, readGrowth } from '#core/usage/list-figures.ts';
import { day, hour } from '#shared/durations.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';

const now = Date.UTC(2026, 10, 26, 12);
const today = Math.floor(now / day) * day;

let write: ReturnType<typeof writerMethods>;
let archive: Pick<Archive, 'read'>;

beforeEach(() => {
  const database = new DatabaseSync(':memory:');
  migrate(database, archiveMigrations);
  write = writerMethods(database, ':memory:');
  const read = readerMethods(database, ':memory:') as unknown as Record<
    string,
    (...input: unknown[]) => unknown
  >;
  archive = {
    read: (async (name: string, ...input: unknown[]) => read[name]?.(...input)) as Archive['read'],
  };
});

function collect(at: number, traffic: Record<string, bigint | number>): void {
  const entries = Object.entries(traffic).map(([userId, uploaded]) => ({
    ...{ bucket: `b-${userId}`, userId, put: 1, uploaded },
  }));
  const object = fetchedObject('8000000000000065', at / 1000, 3600, entries);
  write.ingestObjects({ objects: [object], now });
}

/** The rows of all parts. */
const rowsOf = (figures: ListFigures): unknown[][] =>
  figures.of === 'customers' ? [] : figures.parts.flatMap((part) => JSON.parse(readShared(part)));

describe('readActivity', () => {
  it('knows nothing, rather than zeros, where no statistics of the days were collected', async () => {
    const none = { traffic_since: null, traffic_until: null };
    const nothing = await readActivity(archive, now);
    expect([rowsOf(nothing), nothing.facts]).toEqual([[], none]);
    collect(today - 60 * day, { aa: 5 });
    const old = await readActivity(archive, now);
    expect(old.facts).toEqual(none);
    expect(rowsOf(old)).toEqual([['aa', '0', '0'.repeat(30), today / day - 60]]);
  });

  it('adds up thirty days, exact past 2^53, and says how they spread', async () => {
    collect(today - 40 * day, { aa: 1000 });
    collect(today - 29 * day, { aa: 2n ** 54n, bb: 1 });
    collect(today - 29 * day + hour, { aa: 1 });
    collect(today + 2 * hour, { aa: 2n ** 55n });
    const found = await readActivity(archive, now);
    expect(rowsOf(found)).toEqual([
      ['aa', String(2n ** 55n + 2n ** 54n + 1n), `g${'0'.repeat(28)}v`, today / day],
      ['bb', '1', `v${'0'.repeat(29)}`, today / day - 29],
    ]);
    expect(found.facts).toEqual({
      traffic_since: today - 29 * day,
      traffic_until: today + 3 * hour,
    });
  });

  it('reads more users than one page holds', async () => {
    const users = Array.from({ length: 2300 }, (_, index) => [`u${index}`, index + 1] as const);
    collect(today, Object.fromEntries(users));
    const rows = rowsOf(await readActivity(archive, now));
    expect(new Set(rows.map(([userId]) => userId)).size).toBe(2300);
  });
});

describe('readGrowth', () => {
  const sample = (at: number, sizes: Record<string, bigint>): void => {
    const buckets = Object.entries(sizes).map(([name, bytes]) => ({ name, ownerId: 'aa', bytes }));
    write.recordSizes({ at, users: [], buckets, last: true });
  };

  it('says nothing of less than a day', async () => {
    sample(now - day + 1, { logs: 1n });
    sample(now, { logs: 5n });
    const facts = { growth_since: null, growth_until: null };
    expect(await readGrowth(archive, now)).toEqual({ of: 'growth', parts: [], facts });
  });

  it('is against the size of thirty days ago; who came since grew from nothing', async () => {
    sample(now - 50 * day, { logs: 5n, same: 9n, gone: 1n });
    sample(now - 31 * day, { logs: 10n, same: 9n, gone: 1n });
    sample(now - day, { logs: 2n ** 60n, same: 9n, fresh: 4n });
    sample(now, { logs: 3n, same: 9n, fresh: 4n });
    const found = await readGrowth(archive, now);
    expect(rowsOf(found)).toEqual([
      ['fresh', '4'],
      ['logs', '-7'],
    ]);
    expect(found.facts).toEqual({ growth_since: now - 31 * day, growth_until: now });
  });

  it('reads more buckets than one page holds, most of which did not grow', async () => {
    const sizes = (bytes: bigint) =>
      Object.fromEntries(Array.from({ length: 4100 }, (_, index) => [`b${index}`, bytes]));
    sample(now - 31 * day, sizes(1n));
    sample(now, { ...sizes(1n), b0: 2n, b4099: 3n });
    expect(rowsOf(await readGrowth(archive, now)).sort()).toEqual([
      ['b0', '1'],
      ['b4099', '2'],
    ]);
  });
});

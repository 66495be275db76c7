import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Archive } from '#core/store/archive/archive.ts';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { migrate } from '#core/store/sqlite/database.ts';
import { readActivity, readGrowth } from '#core/usage/list-figures.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';

const hour = 3_600_000;
const day = 24 * hour;
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

describe('readActivity', () => {
  it('knows nothing, rather than zeros, where no statistics of the days were collected', async () => {
    const none = { traffic_since: null, traffic_until: null };
    expect(await readActivity(archive, now)).toEqual({ of: 'activity', rows: [], facts: none });
    collect(today - 60 * day, { aa: 5 });
    const old = await readActivity(archive, now);
    expect(old.facts).toEqual(none);
    expect(old.rows).toMatchObject([{ userId: 'aa', traffic: 0n, lastDay: today - 60 * day }]);
  });

  it('adds up thirty days, exact past 2^53, and says how they spread', async () => {
    collect(today - 40 * day, { aa: 1000 });
    collect(today - 29 * day, { aa: 2n ** 54n, bb: 1 });
    collect(today - 29 * day + hour, { aa: 1 });
    collect(today + 2 * hour, { aa: 2n ** 55n });
    const { rows, facts } = await readActivity(archive, now);
    expect(rows).toEqual([
      {
        ...{ userId: 'aa', traffic: 2n ** 55n + 2n ** 54n + 1n, lastDay: today },
        days: `g${'0'.repeat(28)}v`,
      },
      { userId: 'bb', traffic: 1n, days: `v${'0'.repeat(29)}`, lastDay: today - 29 * day },
    ]);
    expect(facts).toEqual({ traffic_since: today - 29 * day, traffic_until: today + 3 * hour });
  });

  it('reads more users than one page holds', async () => {
    const users = Array.from({ length: 2300 }, (_, index) => [`u${index}`, index + 1] as const);
    collect(today, Object.fromEntries(users));
    const { rows } = await readActivity(archive, now);
    expect(new Set(rows.map((row) => 'userId' in row && row.userId)).size).toBe(2300);
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
    expect(await readGrowth(archive, now)).toEqual({ of: 'growth', rows: [], facts });
  });

  it('is against the size of thirty days ago; who came since grew from nothing', async () => {
    sample(now - 50 * day, { logs: 5n, same: 9n, gone: 1n });
    sample(now - 31 * day, { logs: 10n, same: 9n, gone: 1n });
    sample(now - day, { logs: 2n ** 60n, same: 9n, fresh: 4n });
    sample(now, { logs: 3n, same: 9n, fresh: 4n });
    expect(await readGrowth(archive, now)).toEqual({
      of: 'growth',
      rows: [
        { name: 'fresh', growth: 4n },
        { name: 'logs', growth: -7n },
      ],
      facts: { growth_since: now - 31 * day, growth_until: now },
    });
  });
});

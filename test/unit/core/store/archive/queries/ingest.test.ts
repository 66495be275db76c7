import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type ArchiveReaders,
  type ArchiveWriters,
  readerMethods,
  writerMethods,
} from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { migrate } from '#core/store/sqlite/database.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';

const service = '8000000000000065';
const start = Date.UTC(2026, 9, 1, 10) / 1000;
const now = Date.UTC(2026, 9, 3);
const hour = start / 3600;

let read: ArchiveReaders;
let write: ArchiveWriters;

beforeEach(() => {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations);
  read = readerMethods(database, ':memory:');
  write = writerMethods(database, ':memory:');
});

function byUser(fromHour = hour, toHour = hour + 24) {
  return read.reportGroups({ fromHour, toHour, groupBy: 'user', filter: {} });
}

const entry = { bucket: 'photos', userId: 'a1', put: 3, get: 5, uploaded: 1000, downloaded: 2000 };

describe('ingestObjects', () => {
  it('counts an object once, however often it comes', async () => {
    const object = fetchedObject(service, start, 1800, [entry]);
    expect(await write.ingestObjects({ objects: [object], now })).toEqual([
      { name: object.name, outcome: 'archived', settled: true },
    ]);
    expect(await write.ingestObjects({ objects: [object, object], now })).toEqual([
      { name: object.name, outcome: 'same', settled: true, wasSettled: true },
      { name: object.name, outcome: 'same', settled: true, wasSettled: true },
    ]);
    expect(byUser()).toMatchObject([{ userId: 'a1', put: 3n, uploaded: 1000n }]);
  });

  it('keeps other content next to the archived one and changes no figure', async () => {
    const object = fetchedObject(service, start, 1800, [entry]);
    const other = fetchedObject(service, start, 1800, [{ ...entry, put: 4 }]);
    await write.ingestObjects({ objects: [object], now });
    expect(await write.ingestObjects({ objects: [other], now })).toEqual([
      { name: object.name, outcome: 'conflict' },
    ]);
    expect(byUser()).toMatchObject([{ put: 3n }]);
    const kept = read.readObject({ name: object.name, digest: null });
    expect(kept?.object.conflicts).toBe(1);
    const variant = read.readObject({
      name: object.name,
      digest: kept?.variants[0]?.digest ?? null,
    });
    expect(variant?.raw).toEqual(Buffer.from(other.bytes));
  });

  it('takes the same entries in another order for the same content', async () => {
    const entries = [entry, { ...entry, bucket: 'films' }];
    await write.ingestObjects({ objects: [fetchedObject(service, start, 1800, entries)], now });
    const turned = fetchedObject(service, start, 1800, entries.toReversed());
    expect((await write.ingestObjects({ objects: [turned], now }))[0]?.outcome).toBe('same');
  });

  it('lets an operator decide which content counts', async () => {
    const object = fetchedObject(service, start, 1800, [entry]);
    const other = fetchedObject(service, start, 1800, [{ ...entry, put: 40 }]);
    await write.ingestObjects({ objects: [object], now });
    await write.ingestObjects({ objects: [other], now });
    const digest = read.openVariants()[0]?.digest ?? '';
    write.resolveVariant({ name: object.name, digest, take: 'variant', now });
    expect(byUser()).toMatchObject([{ put: 40n, get: 5n }]);
    expect(read.openVariants()).toEqual([]);
    expect((await write.ingestObjects({ objects: [object], now }))[0]?.outcome).toBe('same');
    expect((await write.ingestObjects({ objects: [other], now }))[0]?.outcome).toBe('same');
  });

  it('leaves a period alone that may still grow', async () => {
    const object = fetchedObject(service, now / 1000 - 600, 1800, [entry]);
    expect((await write.ingestObjects({ objects: [object], now }))[0]?.outcome).toBe('growing');
    expect(read.extent().objects).toBe(0);
  });

  it('reads once more what it read so soon after its end that it may have grown', async () => {
    const justOver = fetchedObject(service, start, 1800, [entry]);
    const soon = (start + 1800 + 60) * 1000;
    expect(await write.ingestObjects({ objects: [justOver], now: soon })).toEqual([
      { name: justOver.name, outcome: 'archived', settled: false },
    ]);
    expect(read.findArchived({ names: [justOver.name] })).toEqual([
      { name: justOver.name, settled: false },
    ]);
    const grown = fetchedObject(service, start, 1800, [{ ...entry, put: 9 }]);
    expect(await write.ingestObjects({ objects: [grown], now })).toEqual([
      { name: justOver.name, outcome: 'grown', settled: true },
    ]);
    expect(byUser()).toMatchObject([{ put: 9n, get: 5n }]);
    const kept = read.readObject({ name: justOver.name, digest: null });
    expect(kept?.variants).toMatchObject([{ resolution: 'superseded' }]);
    expect(kept?.object).toMatchObject({ conflicts: 0, settled: true });
  });

  it('settles an object a whole period and 15 minutes after the later of its two ends', async () => {
    const delayed = {
      ...fetchedObject(service, start + 600, 1800, [entry]),
      name: fetchedObject(service, start, 1800, []).name,
      start,
    };
    const rested = (start + 600 + 2 * 1800 + 15 * 60) * 1000;
    const settledAt = async (readAt: number | null, margin = 0): Promise<unknown> => {
      const objects = [{ ...delayed, readAt }];
      return (await write.ingestObjects({ objects, now, margin }))[0];
    };
    expect(await settledAt((start + 600 + 1800) * 1000 - 1)).toMatchObject({ outcome: 'growing' });
    expect(await settledAt(rested - 1)).toMatchObject({ outcome: 'archived', settled: false });
    expect(await settledAt(rested, 1)).toMatchObject({ outcome: 'same', settled: false });
    expect(await settledAt(null)).toMatchObject({ outcome: 'same', settled: false });
    expect(await settledAt(rested)).toMatchObject({ settled: true, wasSettled: false });
    expect(await settledAt(rested)).toMatchObject({ settled: true, wasSettled: true });
    expect(await settledAt(null)).toMatchObject({ settled: false, wasSettled: true });
  });

  it('refuses an answer that is not the object of that name', async () => {
    const object = fetchedObject(service, start, 1800, [entry]);
    const another = fetchedObject('8000000000000066', start, 1800, [entry]);
    const encode = (text: string) => new TextEncoder().encode(text);
    const outcomes = await write.ingestObjects({
      objects: [
        { ...object, bytes: another.bytes },
        { ...object, bytes: object.bytes.subarray(0, 100) },
        { ...object, bytes: encode('<html></html>') },
        { ...object, bytes: encode('{"items":[]}') },
        { ...object, bytes: encode('{"Users":[]}') },
      ],
      now,
    });
    expect(outcomes.map((one) => 'error' in one && one.error.code)).toEqual([
      'ANSWER_FOREIGN',
      'ANSWER_TRUNCATED',
      'ANSWER_NOT_JSON',
      'ANSWER_FOREIGN',
      'ANSWER_FOREIGN',
    ]);
    expect(read.extent().objects).toBe(0);
  });

  it('adds up exactly past 53 and past 64 bits', async () => {
    const huge = 2n ** 63n - 1n;
    const objects = [0, 1, 2].map((index) =>
      fetchedObject(service, start + index * 60, 60, [
        { bucket: 'b', userId: 'a1', uploaded: huge, downloaded: 2n ** 53n + 1n },
      ]),
    );
    for (const object of objects) await write.ingestObjects({ objects: [object], now });
    await write.ingestObjects({
      objects: [3, 4].map((index) =>
        fetchedObject(service, start + index * 60, 60, [
          { bucket: 'b', userId: 'a1', uploaded: huge, downloaded: 1 },
        ]),
      ),
      now,
    });
    expect(byUser()[0]).toMatchObject({
      uploaded: 5n * huge,
      downloaded: 3n * (2n ** 53n + 1n) + 2n,
    });
    const wholeDay = Math.floor(hour / 24) * 24;
    expect(byUser(wholeDay, wholeDay + 24)[0]?.uploaded).toBe(5n * huge);
  });

  it('flags an object that a list should have had earlier', async () => {
    const object = fetchedObject(service, start, 1800, [entry]);
    const listing = { complete: true, objects: [] };
    write.recordListing({ ...listing, listedAt: (start + 2 * 3600) * 1000 });
    write.recordListing({ ...listing, objects: [object], listedAt: (start + 5 * 3600) * 1000 });
    await write.ingestObjects({ objects: [object], now });
    expect(read.readObject({ name: object.name, digest: null })?.object.late).toBe(true);
  });
});

describe('reports', () => {
  it('tell epochs of one bucket apart and name what is not of a bucket', async () => {
    await write.ingestObjects({
      objects: [
        fetchedObject(service, start, 1800, [
          { bucket: 'b', epoch: 1, userId: 'a1', get: 1 },
          { bucket: 'b', epoch: 2, userId: 'a1', get: 2 },
          { bucket: '', userId: 'a1', list: 7 },
        ]),
      ],
      now,
    });
    const rows = read.reportGroups({
      fromHour: hour,
      toHour: hour + 1,
      groupBy: 'bucket',
      filter: {},
    });
    expect(rows.map(({ bucket, epoch, get, list }) => [bucket, epoch, get, list])).toEqual([
      ['b', 1n, 1n, 0n],
      ['b', 2n, 2n, 0n],
      ['', 0n, 0n, 7n],
    ]);
    expect(read.recreatedBuckets()).toEqual(['b']);
  });

  it('are the same from days, from hours, and from one service after the other', async () => {
    const objects = Array.from({ length: 200 }, (_, index) =>
      fetchedObject(index % 2 ? service : '66', start + Math.floor(index / 2) * 1800, 1800, [
        { bucket: `b${index % 3}`, userId: `a${index % 5}`, put: index, downloaded: index * 999 },
      ]),
    );
    await write.ingestObjects({ objects, now: now + 1e9 });
    const sum = (query: { filter: { serviceId?: string }; groupBy: 'user' | 'hour' | 'day' }) =>
      read
        .reportGroups({ fromHour: hour + 3, toHour: hour + 45, ...query })
        .reduce((total, row) => total + row.put + row.downloaded, 0n);
    const whole = sum({ groupBy: 'user', filter: {} });
    expect(whole).toBeGreaterThan(0n);
    expect(sum({ groupBy: 'hour', filter: {} })).toBe(whole);
    expect(sum({ groupBy: 'day', filter: {} })).toBe(whole);
    const services = [service, '66'].map((serviceId) =>
      sum({ groupBy: 'user', filter: { serviceId } }),
    );
    expect((services[0] ?? 0n) + (services[1] ?? 0n)).toBe(whole);
  });

  it('lead to the objects they were added up from', async () => {
    const objects = [0, 1, 2].map((index) =>
      fetchedObject(service, start + index * 1800, 1800, [
        { bucket: 'b', userId: index === 1 ? 'other' : 'a1', put: index + 1 },
      ]),
    );
    await write.ingestObjects({ objects, now });
    const sources = read.sources({
      fromHour: hour,
      toHour: hour + 24,
      filter: { userId: 'a1' },
      offset: 0,
      limit: 10,
    });
    expect(sources.rows.map(({ name, put }) => [name, put])).toEqual([
      [objects[0]?.name, 1n],
      [objects[2]?.name, 3n],
    ]);
    expect(sources.totals.put).toBe(4n);
  });
});

import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { BucketFinder } from '#core/store/snapshot/queries/bucket-lists.ts';
import { BucketOrderBuilder } from '#core/store/snapshot/refresh/bucket-order-builder.ts';
import { forgetBucket } from '#core/store/snapshot/writes/save-values.ts';
import { migrate } from '#core/store/sqlite/database.ts';

const rowCount = 400;
let database: DatabaseSync;
let finder: BucketFinder;
let rows: { id: number; name: string; current_bytes: number; created_at: number | null }[];

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  migrate(database, snapshotMigrations);
  const orders = new BucketOrderBuilder();
  rows = Array.from({ length: rowCount }, (_, index) => ({
    id: index + 1,
    name: `bucket-${(index * 7919) % rowCount}`,
    current_bytes: (index * 37) % 50,
    created_at: index % 11 === 0 ? null : (index * 41) % 60,
  }));
  const insert = database.prepare(
    'INSERT INTO bucket VALUES (?, ?, NULL, NULL, ?, 0, 0, 0, ?, 0, 0)',
  );
  for (const { id, name, current_bytes: currentBytes, created_at: createdAt } of rows) {
    insert.run(id, name, currentBytes, createdAt);
    orders.add({ owner: null, currentBytes, peakBytes: 0, createdAt, lastHour: 0, formerId: 0 });
  }
  orders.writeIntegers(database);
  orders.writeNames(database, rowCount);
  finder = new BucketFinder(database);
});

const wanted = fc.record({
  sized: fc.option(fc.integer({ min: -2, max: 52 })),
  even: fc.boolean(),
  column: fc.constantFrom('name' as const, 'current_bytes' as const, 'created_at' as const),
  descending: fc.boolean(),
  offset: fc.integer({ min: 0, max: rowCount + 20 }),
  limit: fc.integer({ min: 1, max: 60 }),
});
type Wanted = typeof wanted extends fc.Arbitrary<infer Value> ? Value : never;

function expected({ sized, even, column, descending, offset, limit }: Wanted) {
  const matching = rows.filter(
    (row) => (!even || row.id % 2 === 0) && (sized === null || row.current_bytes >= sized),
  );
  const order = descending ? -1 : 1;
  matching.sort((left, right) => {
    const [a, b] = [left[column] ?? -1, right[column] ?? -1];
    return order * (a < b ? -1 : a > b ? 1 : left.id - right.id);
  });
  const page = matching.slice(offset, offset + limit);
  return { total: matching.length, ids: page.map(({ id }) => id) };
}

function find({ sized, even, ...page }: Wanted) {
  const conditions = [];
  if (sized !== null) {
    const span = () => [finder.orders.before('current_bytes', sized), rowCount] as const;
    const matches = () => finder.inSpans('current_bytes', [span()]);
    conditions.push({ key: `from ${sized}`, matches });
  }
  if (even) {
    const map = () => Uint8Array.from({ length: finder.lastId }, (_, index) => index % 2);
    conditions.push({ key: 'even', matches: () => finder.present(map()) });
  }
  return finder.find({ ...page, conditions });
}

describe('BucketFinder', () => {
  it('finds the page that filtering, sorting and cutting in memory finds', () => {
    fc.assert(
      fc.property(wanted, (request) => {
        expect(find(request)).toEqual(expected(request));
      }),
      { numRuns: 400 },
    );
  });

  it('does so too after buckets were removed, the last one among them', () => {
    const gone = rows.filter(({ id }) => [1, 7, 8, 9, 200, rowCount].includes(id));
    find({ sized: 3, even: true, column: 'name', descending: false, offset: 0, limit: 9 });
    for (const { name } of gone) forgetBucket(database, name);
    rows = rows.filter((row) => !gone.includes(row));
    finder.forgetFound();
    fc.assert(
      fc.property(wanted, (request) => {
        expect(find(request)).toEqual(expected(request));
      }),
    );
  });

  it('finds nothing where there are none', () => {
    const empty = new DatabaseSync(':memory:');
    migrate(empty, snapshotMigrations);
    const request = { column: 'name', descending: true, offset: 0, limit: 10 } as const;
    const none = new BucketFinder(empty);
    expect(none.find({ ...request, conditions: [] })).toEqual({ total: 0, ids: [] });
    const some = [{ key: 'all', matches: () => none.inSpans('name', [[0, 0]]) }];
    expect(none.find({ ...request, conditions: some })).toEqual({ total: 0, ids: [] });
  });
});

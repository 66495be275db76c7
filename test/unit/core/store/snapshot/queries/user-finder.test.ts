import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { UserFinder } from '#core/store/snapshot/queries/user-lists.ts';

const rowCount = 400;
let database: DatabaseSync;
let finder: UserFinder;
let rows: { id: number; a: number | null; b: number }[];

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE user (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER NOT NULL)');
  database.exec('CREATE INDEX user_a ON user (a); CREATE INDEX user_b ON user (b)');
  const insert = database.prepare('INSERT INTO user VALUES (?, ?, ?)');
  rows = Array.from({ length: rowCount }, (_, index) => ({
    id: index + 1,
    a: index % 11 === 0 ? null : (index * 37) % 50,
    b: (index * 7919) % rowCount,
  }));
  for (const { id, a, b } of rows) insert.run(id, a, b);
  finder = new UserFinder(database);
});

const conditions = {
  'a >= ?': {
    otherwise: 'a < ? OR a IS NULL',
    of: 'a',
    test: (value: number, at: number) => value >= at,
  },
  'b < ?': { otherwise: 'b >= ?', of: 'b', test: (value: number, at: number) => value < at },
} as const;

const wanted = fc.record({
  used: fc.subarray(Object.keys(conditions) as (keyof typeof conditions)[]),
  even: fc.boolean(),
  at: fc.integer({ min: -10, max: rowCount + 10 }),
  column: fc.constantFrom('id' as const, 'a' as const, 'b' as const),
  descending: fc.boolean(),
  offset: fc.integer({ min: 0, max: rowCount + 20 }),
  limit: fc.integer({ min: 1, max: 60 }),
});

function expected(request: typeof wanted extends fc.Arbitrary<infer Value> ? Value : never) {
  const matching = rows.filter(
    (row) =>
      (!request.even || row.id % 2 === 0) &&
      request.used.every((name) => {
        const { of, test } = conditions[name];
        const value = row[of];
        return value !== null && test(value, request.at);
      }),
  );
  const key = (row: (typeof rows)[number]) => row[request.column] ?? -Infinity;
  const order = request.descending ? -1 : 1;
  matching.sort((left, right) => order * (key(left) - key(right) || left.id - right.id));
  const page = matching.slice(request.offset, request.offset + request.limit);
  return { total: matching.length, ids: page.map(({ id }) => id) };
}

function find(request: Parameters<typeof expected>[0]) {
  const inSql = request.used.map((name) =>
    finder.condition(name, conditions[name].otherwise, request.at),
  );
  const even = {
    key: 'even',
    matches: () =>
      finder.present(Uint8Array.from({ length: finder.lastId }, (_, index) => index % 2)),
  };
  return finder.find({ ...request, conditions: request.even ? [...inSql, even] : inSql });
}

describe('UserFinder', () => {
  it('finds the page that filtering, sorting and cutting in memory finds', () => {
    fc.assert(
      fc.property(wanted, (request) => {
        expect(find(request)).toEqual(expected(request));
      }),
      { numRuns: 400 },
    );
  });

  it('does so too after rows were removed, changed and added', () => {
    const change = (sql: string, ...values: SQLInputValue[]) =>
      database.prepare(sql).run(...values);
    find({
      used: ['b < ?'],
      even: true,
      at: 100,
      column: 'b',
      descending: false,
      offset: 0,
      limit: 9,
    });
    change('DELETE FROM user WHERE id IN (1, 7, 200)');
    change('UPDATE user SET b = 5 WHERE id = 10');
    change('INSERT INTO user VALUES (?, 3, 4)', rowCount + 1);
    rows = rows.filter(({ id }) => ![1, 7, 200].includes(id));
    for (const row of rows) if (row.id === 10) row.b = 5;
    rows.push({ id: rowCount + 1, a: 3, b: 4 });
    finder.forgetFound();
    fc.assert(
      fc.property(wanted, (request) => {
        expect(find(request)).toEqual(expected(request));
      }),
    );
  });

  it('finds nothing in an empty table', () => {
    database.exec('DELETE FROM user');
    finder.forgetFound();
    const request = { conditions: [], column: 'b', descending: true, offset: 0, limit: 10 };
    expect(finder.find(request)).toEqual({ total: 0, ids: [] });
    const some = { ...request, conditions: [finder.condition('b < ?', 'b >= ?', 5)] };
    expect(finder.find(some)).toEqual({ total: 0, ids: [] });
  });
});

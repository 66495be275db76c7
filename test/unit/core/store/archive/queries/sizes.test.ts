import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { unpackUserSizes } from '#core/store/archive/queries/sizes.ts';
import { migrate } from '#core/store/sqlite/database.ts';

const huge = 2n ** 63n - 1n;

it('sizes of all users come in one answer, exact, with one change beyond either end', () => {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations);
  const { recordSizes } = writerMethods(database, ':memory:');
  const sizesAt: [at: number, sizes: Record<string, bigint>][] = [
    [10, { b: 1n, c: 5n }],
    [20, { a: huge, b: 2n, c: 5n }],
    [30, { a: 7n, b: 3n, c: 5n }],
    [40, { a: 7n, b: 4n, c: 5n }],
    [50, { a: 8n, b: 5n, c: 5n, d: 9n }],
  ];
  for (const [at, sizes] of sizesAt) {
    const users = Object.entries(sizes).map(([userId, bytes]) => ({
      ...{ userId, bytes, buckets: 1, email: `${userId}@example.com` },
    }));
    recordSizes({ at, users, buckets: [], last: true });
  }
  const readers = readerMethods(database, ':memory:');
  const packed = readers.readAllUserSizes({ from: 25, to: 35 });
  expect(packed.looks).toEqual([20, 30, 40]);
  const users = [...unpackUserSizes(packed)];
  expect(users).toEqual([
    {
      userId: 'a',
      changes: [
        { at: 20, bytes: huge },
        { at: 30, bytes: 7n },
        // the next look found no change of it
        { at: 50, bytes: 8n },
      ],
    },
    {
      userId: 'b',
      changes: [
        { at: 20, bytes: 2n },
        { at: 30, bytes: 3n },
        { at: 40, bytes: 4n },
      ],
    },
    { userId: 'c', changes: [{ at: 10, bytes: 5n }] },
  ]);
  for (const { userId, changes } of users) {
    const alone = readers.readSizes({ target: { user: userId }, from: 25, to: 35 });
    expect(changes).toEqual(alone.changes);
  }
  database.close();
});

it('a sample keeps its parts where those of another come in between', () => {
  const database = new DatabaseSync(':memory:', { readBigInts: true });
  migrate(database, archiveMigrations);
  const { recordSizes } = writerMethods(database, ':memory:');
  const bucket = { name: 'logs', ownerId: 'a', bytes: 7n };
  const whole = { users: [], buckets: [bucket], last: true };
  recordSizes({ ...whole, at: 30, last: false });
  recordSizes({ ...whole, at: 10 });
  recordSizes({ ...whole, at: 20 });
  recordSizes({ at: 30, users: [], buckets: [], last: true });
  const { changes } = readerMethods(database, ':memory:').readSizes({
    target: { bucket: 'logs' },
    from: 0,
    to: 40,
  });
  expect(changes).toEqual([{ at: 10, bytes: 7n }]);
  database.close();
});

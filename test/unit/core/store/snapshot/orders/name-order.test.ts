import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { PackedNamesWriter, readPackedNames } from '#core/store/snapshot/orders/packed-names.ts';
import { StoredOrders } from '#core/store/snapshot/orders/stored-orders.ts';
import { BucketOrderBuilder } from '#core/store/snapshot/refresh/bucket-order-builder.ts';
import { FirstSeenNames } from '#core/store/snapshot/refresh/carry-over.ts';
import { migrate } from '#core/store/sqlite/database.ts';
import { collationKey } from '#shared/collation-key.ts';

/** A snapshot of these buckets, made as a refresh makes it after the one before. */
function refreshed(names: readonly string[], before?: DatabaseSync): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  migrate(database, snapshotMigrations);
  const former = new FirstSeenNames(before ? [...readPackedNames(before)] : []);
  const orders = new BucketOrderBuilder(before && new StoredOrders(before).ids('name'));
  const packed = new PackedNamesWriter(database);
  const insert = database.prepare(
    'INSERT INTO bucket VALUES (?, ?, NULL, NULL, 0, 0, 0, 0, 0, 0, 0)',
  );
  names.forEach((name, index) => {
    const bytes = Buffer.from(name);
    insert.run(index + 1, name);
    packed.add(bytes, 0, bytes.length, 0);
    former.find(bytes, 0, bytes.length);
    const nothing = { owner: null, currentBytes: 0, peakBytes: 0, createdAt: null, lastHour: 0 };
    orders.add({ ...nothing, formerId: former.foundId });
  });
  packed.flush();
  orders.writeNames(database, names.length);
  return database;
}

function ordered(names: readonly string[], database: DatabaseSync): (string | undefined)[] {
  return Array.from(new StoredOrders(database).ids('name'), (id) => names[id - 1]);
}

function writeOrder(database: DatabaseSync, ids: readonly number[]): void {
  new StoredOrders(database).write('name', Uint32Array.from(ids));
}

const many = Array.from({ length: 200 }, (_, index) => `bucket-${index * 7}`);
const manyIds = many.map((_, index) => index + 1);

test('after any change of the list all buckets are in the order of their keys', () => {
  const name = fc.stringMatching(/^(Ä|a|B|logs|-|0|7|10|007|2){1,5}$/);
  const rounds = fc.record({
    added: fc.uniqueArray(name, { maxLength: 4 }),
    gone: fc.array(fc.nat(199), { maxLength: 150 }),
    twice: fc.array(fc.nat(40), { maxLength: 1 }),
    turned: fc.boolean(),
  });
  fc.assert(
    fc.property(rounds, fc.uniqueArray(name, { maxLength: 9 }), (round, odd) => {
      const before = [...many, ...odd];
      const kept = before.filter((_, index) => !round.gone.includes(index));
      const listed = [...new Set([...round.added, ...kept])];
      if (round.turned) listed.reverse();
      listed.push(...round.twice.flatMap((index) => listed[index] ?? []));
      const names = ordered(listed, refreshed(listed, refreshed(before)));
      expect(names.toSorted()).toEqual(listed.toSorted());
      const keys = names.map((one) => collationKey(one ?? ''));
      expect(keys).toEqual(keys.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0)));
    }),
    { numRuns: 60 },
  );
});

test('the order of the snapshot before is taken over, and not made again', () => {
  const before = refreshed(many);
  writeOrder(before, manyIds.toReversed());
  const listed = many.slice(3);
  expect(ordered(listed, refreshed(listed, before))).toEqual(listed.toReversed());
});

test.each([
  ['names an id twice', manyIds.with(5, 1)],
  ['lacks an id', [...manyIds.slice(1), 999]],
])('an order that %s is made again', (_what, ids) => {
  const before = refreshed(many);
  writeOrder(before, ids);
  expect(ordered(many, refreshed(many, before))).toEqual(many);
});

import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { PackedNamesWriter, readPackedNames } from '#core/store/snapshot/orders/packed-names.ts';
import { FirstSeenNames } from '#core/store/snapshot/refresh/carry-over.ts';
import { NameTable } from '#core/store/snapshot/refresh/name-table.ts';
import { UserIdTable } from '#core/store/snapshot/refresh/staged-users.ts';
import { migrate } from '#core/store/sqlite/database.ts';

describe('name table', () => {
  const encoder = new TextEncoder();

  describe('NameTable', () => {
    it('keeps what a Map keeps', () => {
      const entries = fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 6 }), fc.nat()), {
        maxLength: 300,
      });
      fc.assert(
        fc.property(entries, fc.string({ maxLength: 3 }), (pairs, stranger) => {
          const table = new NameTable();
          for (const [name, value] of pairs) {
            const bytes = encoder.encode(`..${name}..`);
            table.set(bytes, 2, bytes.length - 2, value);
          }
          const known = new Map(pairs.map(([name, value]) => [toWellFormed(name), value]));
          expect(table.size).toBe(known.size);
          for (const name of [...known.keys(), stranger]) {
            const bytes = encoder.encode(name);
            expect(table.get(bytes, 0, bytes.length)).toBe(known.get(name) ?? -1);
          }
        }),
      );
    });

    it('grows past its first size', () => {
      const table = new NameTable();
      const names = Array.from({ length: 20_000 }, (_, index) => encoder.encode(`bucket-${index}`));
      names.forEach((name, index) => {
        table.set(name, 0, name.length, index);
      });
      expect(names.every((name, index) => table.get(name, 0, name.length) === index)).toBe(true);
    });
  });

  function toWellFormed(text: string): string {
    return new TextDecoder().decode(encoder.encode(text));
  }
});

describe('packed names', () => {
  const encoder = new TextEncoder();

  function packed(names: string[]): FirstSeenNames {
    const database = new DatabaseSync(':memory:');
    migrate(database, snapshotMigrations);
    const writer = new PackedNamesWriter(database);
    names.forEach((name, index) => {
      const bytes = encoder.encode(name);
      writer.add(bytes, 0, bytes.length, index + 1000);
    });
    writer.flush();
    writer.flush();
    return new FirstSeenNames([...readPackedNames(database)]);
  }

  function find(names: FirstSeenNames, name: string): number {
    const bytes = encoder.encode(`xx${name}yy`);
    return names.find(bytes, 2, bytes.length - 2);
  }

  describe('packed names', () => {
    // More than one piece holds, so that the order continues across pieces.
    const list = Array.from({ length: 70_000 }, (_, index) => `bücket-${index}`);

    it('finds when each name was first seen, in the same order and in any other', () => {
      const names = packed(list);
      expect(list.every((name, index) => find(names, name) === index + 1000)).toBe(true);
      expect(list.toReversed().every((name) => find(names, name) >= 1000)).toBe(true);
      expect(find(names, 'bücket-65535')).toBe(66_535);
      expect(find(names, 'bücket-65536')).toBe(66_536);
    });

    it('finds names after new ones between them', () => {
      const names = packed(['a', 'b', 'c']);
      expect(['a', 'new', 'b', 'newer', 'c', 'a'].map((name) => find(names, name))).toEqual([
        1000, -1, 1001, -1, 1002, 1000,
      ]);
    });

    it('knows nothing where nothing was kept', () => {
      expect(find(packed([]), 'a')).toBe(-1);
    });
  });
});

describe('user id table', () => {
  const encoder = new TextEncoder();

  describe('UserIdTable', () => {
    it('keeps what a Map keeps, for ids of the usual and of any other form', () => {
      const id = fc.oneof(
        fc.stringMatching(/^[0-9a-f]{16}$/),
        fc.stringMatching(/^[0-9a-f]{14}[0-9A-Fg`:/@ ]{2}$/),
        fc.stringMatching(/^[a-z]{0,20}$/),
      );
      fc.assert(
        fc.property(fc.uniqueArray(id, { maxLength: 200 }), id, (ids, stranger) => {
          const table = new UserIdTable(ids.length);
          ids.forEach((each, index) => {
            const bytes = encoder.encode(`"${each}"`);
            table.set(bytes, 1, bytes.length - 1, index);
          });
          for (const each of [...ids, stranger]) {
            const bytes = encoder.encode(each);
            expect(table.get(bytes, 0, bytes.length)).toBe(ids.indexOf(each));
          }
        }),
      );
    });
  });
});

import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { PackedNamesWriter } from '#core/store/snapshot/orders/packed-names.ts';
import { NameSearch, readAllSearchedNames } from '#core/store/snapshot/queries/name-search.ts';
import { migrate } from '#core/store/sqlite/database.ts';

function searchOf(names: string[]): NameSearch {
  const database = new DatabaseSync(':memory:');
  migrate(database, snapshotMigrations);
  const writer = new PackedNamesWriter(database);
  for (const name of names) {
    const bytes = new TextEncoder().encode(name);
    writer.add(bytes, 0, bytes.length, 1);
  }
  writer.flush();
  return new NameSearch(readAllSearchedNames(database), names.length);
}

function found(names: string[], needle: string): string[] {
  const map = searchOf(names).matches(needle);
  return names.filter((_, index) => map[index] === 1);
}

describe('NameSearch', () => {
  it('finds what includes() finds, regardless of case', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[ab.%_-]{1,5}$/),
      fc.stringMatching(/^[aAbBüÜ]{1,5}$/),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 40 }), name, (names, needle) => {
        const lower = needle.toLowerCase();
        expect(found(names, needle)).toEqual(
          names.filter((each) => each.toLowerCase().includes(lower)),
        );
        const ids = names.flatMap((each, at) => (each.toLowerCase().includes(lower) ? at + 1 : []));
        expect(searchOf(names).first(needle, 3)).toEqual(ids.slice(0, 3));
      }),
    );
  });

  it('finds the same among so many names that most are passed over', () => {
    const letters = fc.stringMatching(/^[abcdeü\u4e00]{3,8}$/);
    const names = fc.array(letters, { minLength: 500, maxLength: 700 });
    fc.assert(
      fc.property(names, letters, (some, needle) => {
        const many = ['', '-x', 'a.', 'bc', '~9'].flatMap((end) => some.map((name) => name + end));
        const short = needle.slice(0, 3);
        for (const text of [needle, short, `${short}~`]) {
          expect(found(many, text)).toEqual(many.filter((each) => each.includes(text)));
        }
      }),
      { numRuns: 10 },
    );
  });

  it('takes the wildcards of SQL for what they are', () => {
    expect(found(['a%b', 'axb', 'a_b'], '%')).toEqual(['a%b']);
    expect(found(['a%b', 'axb', 'a_b'], 'a_b')).toEqual(['a_b']);
  });

  it('never finds a text that begins in one name and ends in the next', () => {
    expect(found(['logs', 'data', 'sdat'], 'sd')).toEqual(['sdat']);
  });
});

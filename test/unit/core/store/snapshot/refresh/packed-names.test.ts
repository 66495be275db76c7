import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { FirstSeenNames } from '#core/store/snapshot/refresh/first-seen-names.ts';
import { PackedNamesWriter, readPackedNames } from '#core/store/snapshot/refresh/packed-names.ts';
import { migrate } from '#core/store/sqlite/migrations.ts';

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
  // More than one piece holds, so that the order goes on across pieces.
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

import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { snapshotMigrations } from '#core/store/snapshot/migrations/index.ts';
import { RowInserter } from '#core/store/snapshot/refresh/row-inserter.ts';
import { deferIndexes } from '#core/store/snapshot/refresh-builder.ts';
import { migrate } from '#core/store/sqlite/database.ts';

describe('deferIndexes', () => {
  it('takes off what the migrations made, and says how to make it again', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, snapshotMigrations);
    const indexes = () =>
      database
        .prepare(
          "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
        )
        .all();
    const before = indexes();
    const statements = deferIndexes(database);
    expect(indexes()).toEqual([]);
    for (const statement of statements) database.exec(statement);
    expect(indexes()).toEqual(before);
    expect(before.length).toBeGreaterThan(5);
  });
});

describe('RowInserter', () => {
  it.each([0, 1, 49, 50, 51, 137])('inserts %i rows', (count) => {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE t (a INTEGER, b TEXT)');
    const rows = new RowInserter(database, 't', ['a', 'b']);
    for (let row = 0; row < count; row += 1) {
      rows.value(row);
      rows.value(`row ${row}`);
    }
    rows.flush();
    rows.flush();
    const all = database.prepare('SELECT * FROM t').all();
    expect(all).toEqual(Array.from({ length: count }, (_, row) => ({ a: row, b: `row ${row}` })));
  });
});

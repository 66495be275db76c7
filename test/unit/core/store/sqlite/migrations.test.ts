import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  databaseVersion,
  type Migration,
  migrate,
  NewerDatabaseError,
} from '#core/store/sqlite/database.ts';

const steps: Migration[] = [
  { version: 1, name: '0001-a', up: (database) => database.exec('CREATE TABLE a (x)') },
  { version: 2, name: '0002-b', up: (database) => database.exec('CREATE TABLE b (x)') },
];

describe('migrate', () => {
  let database: DatabaseSync;

  beforeEach(() => {
    database = new DatabaseSync(':memory:');
  });

  it('runs what is missing and nothing twice', () => {
    expect(migrate(database, steps, 1)).toEqual({ from: 0, to: 1 });
    expect(migrate(database, steps)).toEqual({ from: 1, to: 2 });
    expect(migrate(database, steps)).toEqual({ from: 2, to: 2 });
  });

  it('leaves the database as it was when a step fails', () => {
    const failing: Migration = {
      version: 2,
      name: '0002-fails',
      up: (target) => {
        target.exec('CREATE TABLE half (x)');
        throw new Error('stop');
      },
    };
    expect(() => migrate(database, [steps[0] as Migration, failing])).toThrow('stop');
    expect(databaseVersion(database)).toBe(0);
    for (const table of ['a', 'half']) {
      expect(() => database.prepare(`SELECT * FROM ${table}`)).toThrow();
    }
  });

  it('refuses a file of a newer console', () => {
    database.exec('PRAGMA user_version = 9');
    expect(() => migrate(database, steps)).toThrow(NewerDatabaseError);
  });

  it('refuses a gap or a misnamed file', () => {
    expect(() => migrate(database, [{ version: 2, name: '0002-b', up: () => undefined }])).toThrow(
      'out of order',
    );
    expect(() => migrate(database, [{ version: 1, name: '0007-b', up: () => undefined }])).toThrow(
      'misnamed',
    );
  });
});

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { contract } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { databaseVersion, migrate, NewerDatabaseError } from '../sqlite/database.ts';
import { snapshotMigrations } from './migrations/index.ts';
import type { SnapshotSummary } from './queries/read-figures.ts';
import { isCutShort, snapshotPath, whyUnusable } from './snapshot-database.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import { markAsOfPack } from './writes/pack-mark.ts';

/** What a snapshot of another workstation holds. */
export interface InspectedSnapshot {
  asOf: string;
  users: number;
  buckets: number;
  /** Some of its users, spread evenly: ids are given out once, so they tell one cluster from another. */
  userIds: string[];
}

const mostIds = 500;
/** Enough for every page to be made once. */
const triedRows = 100;

/**
 * Looks over the snapshot of another workstation before anything of it is used: only a file that has
 * exactly the tables of this console's own, is whole, and answers what pages ask is accepted. One of an
 * earlier console is brought to today's shape.
 * @param directory where it is under a snapshot's own name, apart from everything else
 * @throws AppError `FILE_INVALID`
 */
export function inspectSnapshot(directory: string): InspectedSnapshot {
  const path = snapshotPath(directory);
  try {
    assertSnapshot(path);
    makeOwn(path);
    return tryOut(directory);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'FILE_INVALID') throw thrown;
    if (thrown instanceof NewerDatabaseError) throw newer(thrown);
    throw damaged(whyUnusable(thrown) === null ? thrown : undefined);
  }
}

function assertSnapshot(path: string): void {
  assertPlain(path);
  const database = new DatabaseSync(path, { readOnly: true, defensive: true });
  try {
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    const version = databaseVersion(database);
    if (version > snapshotMigrations.length) {
      throw new NewerDatabaseError(version, snapshotMigrations.length);
    }
    if (version < 1 || schemaOf(database) !== ownSchema(version)) throw foreign();
    if (database.prepare('PRAGMA quick_check(1)').get()?.quick_check !== 'ok') throw damaged();
  } finally {
    database.close();
  }
}

/**
 * Customers are of this workstation's billing systems, whatever the file says. Until something is read
 * here, all of it is a pack's.
 */
function makeOwn(path: string): void {
  const database = new DatabaseSync(path);
  try {
    migrate(database, snapshotMigrations);
    database.exec('PRAGMA trusted_schema = OFF; DELETE FROM user_customer');
    markAsOfPack(database);
  } finally {
    database.close();
  }
}

/** Neither cut short nor with a log next to it, which a copy has not. */
function assertPlain(path: string): void {
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header, 0, 100, 0) < 100) throw foreign();
  } finally {
    closeSync(file);
  }
  const isPlain = header.toString('latin1', 0, 16) === 'SQLite format 3\0' && header[18] === 1;
  if (!isPlain) throw foreign();
  if (isCutShort(path, statSync(path).size)) throw damaged();
}

/** Tables and indexes as they were created; a trigger or a view is a difference, too. */
function schemaOf(database: DatabaseSync): string {
  const rows = database
    .prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name')
    .all();
  return JSON.stringify(rows.map(({ type, name, tbl_name, sql }) => [type, name, tbl_name, sql]));
}

function ownSchema(version: number): string {
  const database = new DatabaseSync(':memory:');
  try {
    migrate(database, snapshotMigrations, version);
    return schemaOf(database);
  } finally {
    database.close();
  }
}

/** Asks what the pages ask first: what can't be read shows now, and not once it is somebody's cluster. */
function tryOut(directory: string): InspectedSnapshot {
  const { close, ...asked } = new SnapshotReader(directory).methods();
  try {
    if (asked.open().setAside) throw damaged();
    const summary = asked.summary() as SnapshotSummary | null;
    if (!summary) throw foreign();
    const page = { offset: 0, limit: triedRows };
    contract['sync.status'].output
      .pick({ setAside: true, implausible: true })
      .parse(summary.troubles ?? {});
    contract['sync.overview'].output.parse(asked.overview());
    contract['users.list'].output.parse(asked.users(page));
    contract['buckets.list'].output.parse(asked.buckets(page));
    contract['keys.list'].output.pick({ rows: true }).parse(asked.keys(page));
    const step = Math.max(1, Math.ceil(summary.users / mostIds));
    const ids = asked.selectRows({
      sql: 'SELECT user_id FROM user WHERE id % :step = 0 ORDER BY id LIMIT :most',
      values: { step, most: mostIds },
    }) as { user_id: string }[];
    const { asOf, users, buckets } = summary;
    return { asOf, users, buckets, userIds: ids.map((row) => String(row.user_id)) };
  } finally {
    close();
  }
}

function foreign(): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: 'What was last seen in this field pack was not written by Ostor Console.',
    hint: 'Get the field pack again from the workstation that made it.',
  });
}

function damaged(cause?: unknown): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: 'What was last seen in this field pack is damaged and can’t be used.',
    hint: 'Get an unchanged copy of the field pack, or have it made again.',
    cause,
  });
}

function newer({ found, known }: NewerDatabaseError): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: `What was last seen in this field pack was written by a newer console (format ${found}; this one knows ${known}).`,
    hint: 'Update this console, then open the field pack again.',
  });
}

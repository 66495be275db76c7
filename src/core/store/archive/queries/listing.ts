import type { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';
import type { collectFailure } from '#shared/contract/usage-objects.ts';
import type { AppErrorData } from '#shared/errors.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { fromRow, type Page, readPage } from '../../sqlite/rows.ts';
import { settlesAt, type UsageName } from '../objects/read-object.ts';

export type FailureStage = CollectFailure['stage'];

export type CollectFailure = Omit<z.output<typeof collectFailure>, 'failedAt'> & {
  /** Unix milliseconds. */
  failedAt: number;
};

export interface ListedObject extends UsageName {
  archived: boolean;
  /** Archived, without a conflict; when its content can no longer change, Unix seconds. */
  removableFrom: number | null;
  failure: AppErrorData | null;
}

/** Returns what the gateway's list held when it was last read, and what failed. */
export function listingReaders(database: DatabaseSync) {
  return {
    /** Every object of the last list, by start; null before the first. */
    readListing(): { listedAt: number; complete: boolean; objects: ListedObject[] } | null {
      const last = database
        .prepare('SELECT listed_at, complete FROM usage_listing ORDER BY id DESC LIMIT 1')
        .get();
      if (!last) return null;
      const rows = database
        .prepare(
          `SELECT l.name, l.service, l.start, l.nominal, o.id IS NOT NULL AS archived,
             o.start AS begin, o.period, o.conflicts, f.error
           FROM usage_listed l
           LEFT JOIN usage_object o ON o.name = l.name
           LEFT JOIN usage_failure f ON f.name = l.name
           ORDER BY l.start, l.name`,
        )
        .all();
      return {
        listedAt: Number(last.listed_at),
        complete: Number(last.complete) === 1,
        objects: rows.map((row) => ({
          name: String(row.name),
          serviceId: String(row.service),
          start: Number(row.start),
          nominal: Number(row.nominal),
          archived: Number(row.archived) === 1,
          removableFrom:
            row.begin !== null && Number(row.conflicts) === 0
              ? settlesAt(
                  Math.max(Number(row.begin), Number(row.start)),
                  Number(row.nominal),
                  Number(row.period),
                )
              : null,
          failure: row.error === null ? null : (JSON.parse(String(row.error)) as AppErrorData),
        })),
      };
    },
    /** When the gateway's list was last read, Unix milliseconds. */
    lastListedAt(): number | null {
      const row = database.prepare('SELECT max(listed_at) AS at FROM usage_listing').get();
      return row?.at == null ? null : Number(row.at);
    },
    /** Of the given names, those that are archived, and whether they may still have grown since. */
    findArchived({ names }: { names: string[] }): { name: string; settled: boolean }[] {
      const find = database.prepare('SELECT settled FROM usage_object WHERE name = ?');
      return names.flatMap((name) => {
        const row = find.get(name);
        return row ? [{ name, settled: Number(row.settled) === 1 }] : [];
      });
    },
    readFailures: (page: FailurePage) => readFailures(database, page),
    /** Archived objects whose deletion was confirmed since a moment, and those gone without a record. */
    countRemovals: ({ since }: { since: number }): { confirmed: number; gone: number } => {
      const count = (condition: string, ...values: number[]): number =>
        Number(
          database
            .prepare(`SELECT count(*) AS n FROM usage_object WHERE ${condition}`)
            .get(...values)?.n,
        );
      return {
        confirmed: count('removed_at >= ?', since),
        gone: count(
          'removed_at IS NULL AND settled = 1 AND name NOT IN (SELECT name FROM usage_listed)',
        ),
      };
    },
  };
}

interface FailurePage extends Page {
  /** Only those that failed there; omitted: all. */
  stage?: FailureStage | null;
}

function readFailures(database: DatabaseSync, { stage = null, ...page }: FailurePage) {
  const from = 'usage_failure WHERE stage = coalesce(?, stage)';
  const query = { from, order: 'failed_at DESC, name', values: [stage], page };
  return readPage(
    database,
    query,
    (row): CollectFailure => ({
      ...fromRow<CollectFailure>(row),
      error: JSON.parse(String(row.error)),
    }),
  );
}

export function listingWriters(database: DatabaseSync) {
  return {
    /** Notes what a list held. A complete one forgets the names it no longer has. */
    recordListing: (input: { listedAt: number; complete: boolean; objects: UsageName[] }): void =>
      inTransaction(database, () => recordListing(database, input)),

    recordFailures: ({ failures }: { failures: CollectFailure[] }): void =>
      inTransaction(database, () => {
        const add = database.prepare(
          `INSERT INTO usage_failure VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
             stage = excluded.stage, error = excluded.error, failed_at = excluded.failed_at,
             attempts = attempts + excluded.attempts`,
        );
        for (const { name, stage, error, attempts, failedAt } of failures) {
          add.run(name, stage, JSON.stringify(error), attempts, failedAt);
        }
      }),

    /** Notes that the gateway confirmed deletions. */
    recordRemovals: ({ names, now }: { names: string[]; now: number }): void =>
      inTransaction(database, () => {
        const mark = database.prepare('UPDATE usage_object SET removed_at = ? WHERE name = ?');
        const unlist = database.prepare('DELETE FROM usage_listed WHERE name = ?');
        const succeed = database.prepare('DELETE FROM usage_failure WHERE name = ?');
        for (const name of names) {
          mark.run(now, name);
          unlist.run(name);
          succeed.run(name);
        }
      }),
  };
}

const keptListings = 20_000;

function recordListing(
  database: DatabaseSync,
  { listedAt, complete, objects }: { listedAt: number; complete: boolean; objects: UsageName[] },
): void {
  const insert = database.prepare(
    'INSERT INTO usage_listed VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
  );
  for (const { name, serviceId, start, nominal } of objects) {
    insert.run(name, serviceId, start, nominal, listedAt);
  }
  if (complete) {
    const listed = new Set(objects.map(({ name }) => name));
    const remove = database.prepare('DELETE FROM usage_listed WHERE name = ?');
    for (const row of database.prepare('SELECT name FROM usage_listed').all()) {
      if (!listed.has(String(row.name))) remove.run(String(row.name));
    }
    database.exec('DELETE FROM usage_failure WHERE name NOT IN (SELECT name FROM usage_listed)');
  }
  const row = database
    .prepare(
      'INSERT INTO usage_listing (listed_at, objects, complete) VALUES (?, ?, ?) RETURNING id',
    )
    .get(listedAt, objects.length, complete ? 1 : 0);
  database.prepare('DELETE FROM usage_listing WHERE id <= ?').run(Number(row?.id) - keptListings);
}

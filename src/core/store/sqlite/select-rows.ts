import type { DatabaseSync } from 'node:sqlite';
import { type SharedText, shareText } from './shared-text.ts';

/** Values that a query names, as `:name`. */
export type NamedValues = Record<string, string | number | null>;

export interface RowsQuery {
  sql: string;
  /** Those that the query does not name are ignored. */
  values: NamedValues;
}

export type SelectedRow = Record<string, string | number | null>;

/**
 * Runs a query that is described elsewhere in the thread where the data is. Integers past 2^53 have to
 * be cast to REAL in it.
 */
export function selectRows(database: DatabaseSync, { sql, values }: RowsQuery): SelectedRow[] {
  const statement = database.prepare(sql);
  statement.setReadBigInts(false);
  statement.setAllowUnknownNamedParameters(true);
  return statement.all(values) as SelectedRow[];
}

/** A part of many rows, on its way to another thread. */
export interface SharedRows {
  /** JSON. */
  rows: SharedText;
  /** The key that the next part comes after; null: nothing follows. */
  last: string | null;
}

/** Runs a query, as {@link selectRows}, whose one row is a part of many: `rows` as JSON and the `last` key. */
export function selectPart(database: DatabaseSync, query: RowsQuery): SharedRows {
  const [part] = selectRows(database, query);
  const last = part?.last == null ? null : String(part.last);
  return { rows: shareText(String(part?.rows ?? '[]')), last };
}

/** Makes temporary tables that later queries of the same thread read. */
export function makeTemporary(database: DatabaseSync, queries: readonly RowsQuery[]): void {
  // a connection that takes in a log that was left behind may write, and is switched to read-only
  const readOnly = Object.values(database.prepare('PRAGMA query_only').get() ?? {});
  database.exec('PRAGMA query_only = OFF');
  try {
    for (const query of queries) selectRows(database, query);
  } finally {
    database.exec(`PRAGMA query_only = ${readOnly}`);
  }
}

import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** A row as SQLite hands it out. */
export type Row = Record<string, SQLOutputValue>;

/** Part of a list. */
export interface Page {
  offset: number;
  limit: number;
}

/**
 * Returns a row's fields by the names that the code has: `created_at` is `createdAt`. Integers become
 * numbers: none of them may pass 2^53. Flags stay 0 and 1.
 */
export function fromRow<Fields>(row: Row): Fields {
  const fields = Object.entries(row).map(([column, value]) => [
    column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    typeof value === 'bigint' ? Number(value) : value,
  ]);
  return Object.fromEntries(fields) as Fields;
}

/** Adds rows to a table: each field goes into the column of its name, a flag as 0 or 1. */
export function insertRows(database: DatabaseSync, table: string, rows: readonly object[]): void {
  const [first] = rows;
  if (!first) return;
  const names = Object.keys(first);
  const columns = names.map((name) => name.replace(/[A-Z]/g, (big) => `_${big.toLowerCase()}`));
  const insert = database.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  for (const row of rows) {
    const fields = row as Record<string, SQLInputValue | boolean>;
    insert.run(...names.map((name) => toValue(fields[name] ?? null)));
  }
}

function toValue(value: SQLInputValue | boolean): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Returns one page of a query and how many rows it has in all. */
export function readPage<Item>(
  database: DatabaseSync,
  query: { columns?: string; from: string; order: string; values?: SQLInputValue[]; page: Page },
  read: (row: Row) => Item,
): { total: number; rows: Item[] } {
  const { columns = '*', from, order, values = [], page } = query;
  const total = database.prepare(`SELECT count(*) AS n FROM ${from}`).get(...values)?.n;
  const rows = database
    .prepare(`SELECT ${columns} FROM ${from} ORDER BY ${order} LIMIT ? OFFSET ?`)
    .all(...values, page.limit, page.offset);
  return { total: Number(total), rows: rows.map(read) };
}

import type { DatabaseSync } from 'node:sqlite';
import { comparable } from '#shared/plain-text.ts';

/** Lets a database's questions use {@link comparableSql}. */
export function defineComparable(database: DatabaseSync): void {
  database.function('comparable', { deterministic: true }, (text) => comparable(String(text)));
}

/**
 * Returns the SQL for a text in the form that searches compare. SQLite's own `lower` knows ASCII alone,
 * and is the faster one.
 */
export function comparableSql(text: string): string {
  return `CASE WHEN ${text} GLOB '*[^ -~\n]*' THEN comparable(${text}) ELSE lower(${text}) END`;
}

import type { DatabaseSync } from 'node:sqlite';

/**
 * Takes the indexes off an empty database, so that they are built once all rows are in, each by one
 * sort. The migrations stay the only place that says which indexes there are.
 * @returns statements that build them again, to be run one by one
 */
export function deferIndexes(database: DatabaseSync): string[] {
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all();
  for (const { name } of indexes) database.exec(`DROP INDEX "${String(name)}"`);
  return indexes.map(({ sql }) => String(sql));
}

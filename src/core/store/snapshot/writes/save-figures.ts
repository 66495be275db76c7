import type { DatabaseSync } from 'node:sqlite';
import { day } from '#shared/durations.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { readShared, type SharedText } from '../../sqlite/shared-text.ts';

/** A time that says from when or until when figures hold. */
export type ListFact = 'traffic_since' | 'traffic_until' | 'growth_since' | 'growth_until';

type Facts = Partial<Record<ListFact, number | null>>;

/**
 * What other files know of users and buckets: each takes the place of all that was known before. Parts
 * are rows as JSON, which threads share: those of 500,000 buckets would stall the one between them.
 */
export interface ListFigures {
  /**
   * Rows of `activity` are `[user id, bytes of thirty days, how they spread, the last day with any]`, of
   * `customers` `[user id, the customers as JSON, their names in plain letters, their sort key, plan]`, of
   * `growth` `[bucket, bytes]`.
   */
  of: keyof typeof tables;
  parts: readonly SharedText[];
  facts: Facts;
}

/** The key first; numbers that can pass 2^53 come as texts. */
const tables = {
  activity: {
    table: 'user_activity',
    columns: {
      ...{ user_id: 'value ->> 0', traffic: 'CAST(value ->> 1 AS INTEGER)' },
      ...{ days: 'value ->> 2', last_day: `(value ->> 3) * ${day}` },
    },
  },
  customers: {
    table: 'user_customer',
    columns: {
      ...{ user_id: 'value ->> 0', customers: 'value ->> 1', words: 'value ->> 2' },
      ...{ sort_key: 'value ->> 3', plan: 'value ->> 4' },
    },
  },
  growth: {
    table: 'bucket_growth',
    columns: { name: 'value ->> 0', growth: 'CAST(value ->> 1 AS INTEGER)' },
  },
} as const;

/**
 * Puts figures in place of those before; rows that are the same are not written.
 * @returns whether anything is another than before
 */
export function saveFigures(database: DatabaseSync, figures: ListFigures): boolean {
  return inTransaction(database, () => {
    const { table, columns } = tables[figures.of];
    const [key = '', ...others] = Object.keys(columns);
    database.exec('CREATE TEMP TABLE kept (key TEXT PRIMARY KEY) WITHOUT ROWID');
    const keep = database.prepare(
      'INSERT OR IGNORE INTO temp.kept SELECT value ->> 0 FROM json_each(?)',
    );
    const differs = others.map((name) => `${name} IS NOT excluded.${name}`).join(' OR ');
    const save = database.prepare(
      `INSERT INTO ${table} (${[key, ...others].join(', ')})
       SELECT ${Object.values(columns).join(', ')} FROM json_each(?) WHERE true
       ON CONFLICT DO UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}
       WHERE ${differs}`,
    );
    let changes = 0;
    for (const part of figures.parts) {
      const rows = readShared(part);
      keep.run(rows);
      changes += Number(save.run(rows).changes);
    }
    const gone = database.prepare(
      `DELETE FROM ${table} WHERE ${key} NOT IN (SELECT key FROM temp.kept)`,
    );
    changes += Number(gone.run().changes);
    database.exec('DROP TABLE temp.kept');
    return saveFacts(database, figures.facts) + changes > 0;
  });
}

function saveFacts(database: DatabaseSync, facts: Facts): number {
  const save = database.prepare(
    `INSERT INTO list_fact VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value
     WHERE value IS NOT excluded.value`,
  );
  return Object.entries(facts).reduce(
    (changes, [name, value]) => changes + Number(save.run(name, value ?? null).changes),
    0,
  );
}

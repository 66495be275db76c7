import type { DatabaseSync } from 'node:sqlite';
import { collationKey } from '#shared/collation-key.ts';
import { comparable } from '#shared/plain-text.ts';
import { inTransaction } from '../../sqlite/database.ts';
import type { ListFact } from '../queries/list-figures.ts';

/** Traffic of a user: bytes of thirty days, how they spread, and the beginning of the last day with any. */
export interface UserActivity {
  userId: string;
  traffic: bigint;
  days: string;
  lastDay: number | null;
}

export interface UserCustomers {
  userId: string;
  customers: { customerId: string; name: string }[];
  plan: string | null;
}

export interface BucketGrowth {
  name: string;
  growth: bigint;
}

type Facts = Partial<Record<ListFact, number | null>>;

/** What other files know of users and buckets: each takes the place of all that was known before. */
export type ListFigures =
  | { of: 'activity'; rows: readonly UserActivity[]; facts: Facts }
  | { of: 'customers'; rows: readonly UserCustomers[]; facts: Facts }
  | { of: 'growth'; rows: readonly BucketGrowth[]; facts: Facts };

const tables = {
  activity: { table: 'user_activity', key: 'user_id', columns: ['traffic', 'days', 'last_day'] },
  customers: {
    table: 'user_customer',
    key: 'user_id',
    columns: ['customers', 'words', 'sort_key', 'plan'],
  },
  growth: { table: 'bucket_growth', key: 'name', columns: ['growth'] },
} as const;

type Values = (string | bigint | number | null)[];

function valuesOf({ of, rows }: ListFigures): Values[] {
  if (of === 'activity') {
    return rows.map(({ userId, traffic, days, lastDay }) => [userId, traffic, days, lastDay]);
  }
  if (of === 'growth') return rows.map(({ name, growth }) => [name, growth]);
  return rows.map(({ userId, customers, plan }) => {
    const names = customers.map(({ name }) => name).join(', ');
    const key = customers.length === 0 ? null : collationKey(names);
    return [userId, JSON.stringify(customers), comparable(names), key, plan];
  });
}

/**
 * Puts figures in place of those before; rows that are the same are not written.
 * @returns whether anything is another than before
 */
export function saveFigures(database: DatabaseSync, figures: ListFigures): boolean {
  return inTransaction(database, () => {
    const { table, key, columns } = tables[figures.of];
    database.exec('CREATE TEMP TABLE kept (key TEXT PRIMARY KEY) WITHOUT ROWID');
    const keep = database.prepare('INSERT OR IGNORE INTO temp.kept VALUES (?)');
    const differs = columns.map((name) => `${name} IS NOT excluded.${name}`).join(' OR ');
    const save = database.prepare(
      `INSERT INTO ${table} VALUES (?${', ?'.repeat(columns.length)}) ON CONFLICT DO UPDATE SET
       ${columns.map((name) => `${name} = excluded.${name}`).join(', ')} WHERE ${differs}`,
    );
    let changes = 0;
    for (const values of valuesOf(figures)) {
      keep.run(values[0] as string);
      changes += Number(save.run(...values).changes);
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

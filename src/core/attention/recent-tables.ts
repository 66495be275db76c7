import type { NamedValues, RowsQuery } from '../store/sqlite/select-rows.ts';

const counters = ['put', 'get', 'list', 'other', 'uploaded', 'downloaded'];
const columns = counters.map((name) => `${name} REAL`).join(', ');
const totals = counters.map((name) => `total(h.${name}) AS ${name}`).join(', ');

/**
 * Temporary tables that signals share, each made by one pass: traffic of the last day by user
 * (`recent`), and what each user stores and stored a day ago (`sizes`; `bytes` is null of users that are
 * gone).
 * @param values `:fromHour` and `:toHour` of the last day, `:now`
 */
export function recentTables(values: NamedValues): RowsQuery[] {
  const tables = [
    // a thread that reads on has those of the look before
    'DROP TABLE IF EXISTS temp.recent',
    'DROP TABLE IF EXISTS temp.sizes',
    `CREATE TEMP TABLE recent (user_id TEXT PRIMARY KEY, hour INTEGER, ${columns}) WITHOUT ROWID`,
    `INSERT INTO temp.recent SELECT s.user_id, max(h.hour) AS hour, ${totals} FROM usage_hour h
      CROSS JOIN subject s ON s.id = h.subject_id
      WHERE h.hour >= ${whole(values.fromHour)} AND h.hour < ${whole(values.toHour)}
      GROUP BY s.user_id`,
    `CREATE TEMP TABLE sizes (user_id TEXT PRIMARY KEY, email TEXT, bytes REAL, day_bytes REAL)
      WITHOUT ROWID`,
    `INSERT INTO temp.sizes SELECT k.user_id, k.email,
        (SELECT iif(gone = 1, NULL, bytes + 0.0) FROM user_size s
          WHERE s.user_id = k.user_id ORDER BY s.at DESC LIMIT 1),
        (SELECT bytes + 0.0 FROM user_size s WHERE s.user_id = k.user_id
          AND s.at <= ${whole(values.now)} - 86400000 ORDER BY s.at DESC LIMIT 1)
      FROM known_user k`,
  ];
  return tables.map((sql) => ({ sql, values: {} }));
}

/**
 * Common tables with the traffic of some users by hour of the last day (`hourly`): of all users it
 * would be half as much to read again.
 * @param users the table whose `id` names them
 */
export const hourlyOf = (users: string): string => `
  span (hour) AS (VALUES (:fromHour) UNION ALL SELECT hour + 1 FROM span WHERE hour + 1 < :toHour),
  hourly AS (SELECT u.id AS user_id, t.hour, ${totals} FROM ${users} u
    CROSS JOIN subject s ON s.user_id = u.id CROSS JOIN span t
    CROSS JOIN usage_hour h ON h.hour = t.hour AND h.subject_id = s.id GROUP BY u.id, t.hour)`;

/** A statement that makes a table takes no values. */
function whole(value: NamedValues[string] | undefined): string {
  return String(Math.trunc(Number(value ?? 0)));
}

import type { ArchiveReaders } from '../store/archive/methods.ts';
import type { RowsQuery } from '../store/sqlite/select-rows.ts';
import type { Ask } from '../store/sqlite/worker.ts';
import { day, hour, number, text } from './signal.ts';

type Read = Ask<ArchiveReaders>;

/** What the archive tells of how fast users and buckets grow, and how close they came to their limits. */
export interface ArchiveFacts {
  /** Rows as the snapshot takes them, in parts, as JSON. */
  parts: string[];
  /** Whether there are samples enough to tell growth: who is in no part and was sampled does not grow. */
  tellsGrowth: boolean;
  /** Unix milliseconds; null: there is none. */
  sampledAt: number | null;
  statisticsUntil: number | null;
}

const window = 14 * day;
const leastSpan = 2 * day;
/** Rows that travel between threads at a time. */
const rowsAtOnce = 10_000;

/** Looks of the last two weeks: a growth needs three of them over two days. */
const looks = `
  WITH last AS (SELECT max(at) AS at FROM size_refresh)
  SELECT (SELECT at FROM last) AS last,
    (SELECT min(at) FROM size_refresh WHERE at >= (SELECT at FROM last) - ${window}) AS first,
    (SELECT at FROM size_refresh ORDER BY at DESC LIMIT 1 OFFSET 2) AS third`;

/**
 * Growth of everybody whose size changed since the first look, from that look on or since they came;
 * null, and young, where that is too short ago. What was gone in between begins again.
 */
const growthOf = (kind: 'user' | 'bucket'): string => {
  const [table, name] = kind === 'user' ? ['user_size', 'user_id'] : ['bucket_size', 'bucket'];
  const bytesAt = (time: string): string =>
    `(SELECT bytes + 0.0 FROM ${table} s WHERE s.${name} = grown.id AND s.at <= ${time}
      ORDER BY s.at DESC LIMIT 1)`;
  return `
    INSERT INTO temp.growth (kind, id, daily, young) SELECT '${kind}', id, iif(begin <= :known,
      (${bytesAt(':last')} - ${bytesAt('begin')}) / (:last - begin) * ${day}.0, NULL), begin > :known
    FROM (SELECT changed.id, max(:first, (SELECT min(s.at) FROM ${table} s
        WHERE s.${name} = changed.id AND s.at > changed.gone_at)) AS begin
      FROM (SELECT ${name} AS id, max(iif(gone = 1, at, 0)) AS gone_at FROM ${table}
        GROUP BY ${name} HAVING max(at) > :first) AS changed) AS grown
    WHERE begin IS NOT NULL`;
};

const growthTable =
  'CREATE TEMP TABLE growth (place INTEGER PRIMARY KEY, kind TEXT, id TEXT, daily REAL, young INTEGER)';

/** Days of statistics that the busiest hour is looked for in. */
const busyDays = 7;

const goalTable = `
  CREATE TEMP TABLE goal (goal INTEGER PRIMARY KEY, kind TEXT, id TEXT, opsGet REAL, opsPut REAL,
    opsList REAL, opsDefault REAL, bandwidthOut REAL)`;
const goals = `
  INSERT INTO temp.goal SELECT key, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
    value ->> 5, value ->> 6 FROM json_each(:limited)`;

const subjectTable = `
  CREATE TEMP TABLE goal_subject (subject_id INTEGER, goal INTEGER, PRIMARY KEY (subject_id, goal))
    WITHOUT ROWID`;
const subjects = `
  INSERT INTO temp.goal_subject
  SELECT s.id, g.goal FROM temp.goal g JOIN subject s ON s.user_id = g.id WHERE g.kind = 'user'
  UNION ALL
  SELECT s.id, g.goal FROM temp.goal g JOIN subject s ON s.bucket = g.id WHERE g.kind = 'bucket'`;

/** Hourly means in the units of the limits. */
const rateTable = `
  CREATE TEMP TABLE goal_hour (goal INTEGER, hour INTEGER, opsGet REAL, opsPut REAL, opsList REAL,
    opsDefault REAL, bandwidthOut REAL)`;
const rates = `
  INSERT INTO temp.goal_hour
  SELECT g.goal, h.hour, total(h.get) / 3600, total(h.put) / 3600, total(h.list) / 3600,
    total(h.other) / 3600, total(h.downloaded) / 3600000
  FROM usage_hour h CROSS JOIN temp.goal_subject g ON g.subject_id = h.subject_id
  WHERE h.hour >= :fromHour GROUP BY g.goal, h.hour`;

const resources = ['opsGet', 'opsPut', 'opsList', 'opsDefault', 'bandwidthOut'] as const;

const shares = resources.map((of) => `coalesce(h.${of} / nullif(g.${of}, 0), 0)`);
const choice = (column: (of: (typeof resources)[number]) => string): string =>
  resources.map((of, at) => `WHEN ${shares[at]} THEN ${column(of)}`).join(' ');

const busyTable = `
  CREATE TEMP TABLE busy (place INTEGER PRIMARY KEY, kind TEXT, id TEXT, resource TEXT, rate REAL,
    most REAL, share REAL, hour INTEGER, hours INTEGER)`;
// With one max() the other columns are those of the row that holds it.
const busiest = `
  INSERT INTO temp.busy (kind, id, resource, rate, most, share, hour, hours)
  SELECT kind, id, resource, rate, most, max(share), hour,
    sum(share >= 0.9 AND hour >= :dayFrom) FROM (
      SELECT g.goal, g.kind, g.id, h.hour, max(${shares.join(', ')}) AS share,
        CASE max(${shares.join(', ')}) ${choice((of) => `'${of}'`)} END AS resource,
        CASE max(${shares.join(', ')}) ${choice((of) => `h.${of}`)} END AS rate,
        CASE max(${shares.join(', ')}) ${choice((of) => `g.${of}`)} END AS most
      FROM temp.goal_hour h JOIN temp.goal g USING (goal))
  GROUP BY goal HAVING max(share) > 0`;

/**
 * Reads what the board needs of an archive, in a thread beside it.
 * @param limited targets with rate limits, as the snapshot lists them
 */
export async function readArchiveFacts(
  read: Read,
  limited: string,
  now: number,
): Promise<ArchiveFacts> {
  const { growth, ...samples } = await readGrowth(read);
  const { busy, statisticsUntil } = await readBusiest(read, limited, now);
  return { parts: [...growth, ...busy], ...samples, statisticsUntil };
}

async function readGrowth(read: Read) {
  const [row] = await read('selectRows', { sql: looks, values: {} });
  const [first, last, third] = [number(row?.first), number(row?.last), number(row?.third)];
  if (last === 0) return { growth: [], tellsGrowth: false, sampledAt: null };
  const known = Math.min(third, last - leastSpan);
  if (known < first) return { growth: [], tellsGrowth: false, sampledAt: last };
  const values = { first, last, known };
  await read('makeTemporary', [
    { sql: growthTable, values: {} },
    { sql: growthOf('user'), values },
    { sql: growthOf('bucket'), values },
  ]);
  return {
    growth: await partsOf(read, 'growth', `kind, id, daily, ${none}, young`),
    tellsGrowth: true,
    sampledAt: last,
  };
}

/** What a row of growth says of limits and raises. */
const none = Array.from({ length: 7 }, () => 'NULL').join(', ');

/** Rows of a temporary table as JSON, in parts: made where the data is, so that nobody waits for it. */
async function partsOf(read: Read, table: string, row: string): Promise<string[]> {
  const parts: string[] = [];
  const sql = `SELECT max(place) AS last, json_group_array(json_array(${row})) AS part
    FROM (SELECT * FROM temp.${table} WHERE place > :after ORDER BY place LIMIT ${rowsAtOnce})`;
  for (let after = 0; ; ) {
    const [found] = await read('selectRows', { sql, values: { after } });
    if (found?.last == null) return parts;
    parts.push(text(found.part));
    after = number(found.last);
  }
}

async function readBusiest(read: Read, limited: string, now: number) {
  const [range] = await read('selectRows', {
    sql: 'SELECT max(hour) AS last FROM usage_total',
    values: {},
  });
  if (range?.last == null) return { busy: [], statisticsUntil: null };
  const last = number(range.last);
  // what was collected long ago says nothing of the last day
  const dayFrom = now - last * hour <= 3 * day ? last - 23 : last + 1;
  const values = { fromHour: last - busyDays * 24, limited, dayFrom };
  const step = (sql: string): RowsQuery => ({ sql, values });
  const making = [goalTable, subjectTable, rateTable, busyTable].map((sql) => ({
    sql,
    values: {},
  }));
  await read('makeTemporary', [...making, ...[goals, subjects, rates, busiest].map(step)]);
  const row = `kind, id, NULL, resource, rate, most, share, hour * ${hour}, hours`;
  return { busy: await partsOf(read, 'busy', row), statisticsUntil: (last + 1) * hour };
}

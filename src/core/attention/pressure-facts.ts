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
const rowsAtOnce = 20_000;

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

const goalTable = `
  CREATE TEMP TABLE goal (kind TEXT, id TEXT, opsGet REAL, opsPut REAL, opsList REAL, opsDefault REAL,
    bandwidthOut REAL, PRIMARY KEY (kind, id)) WITHOUT ROWID`;
const goals = `
  INSERT INTO temp.goal SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
    value ->> 5, value ->> 6 FROM json_each(:limited)`;

const subjectTable = `
  CREATE TEMP TABLE goal_subject (subject_id INTEGER, kind TEXT, id TEXT,
    PRIMARY KEY (subject_id, kind)) WITHOUT ROWID`;
const subjects = `
  INSERT INTO temp.goal_subject
  SELECT s.id, 'user', g.id FROM temp.goal g JOIN subject s ON s.user_id = g.id WHERE g.kind = 'user'
  UNION ALL
  SELECT s.id, 'bucket', g.id FROM temp.goal g JOIN subject s ON s.bucket = g.id
    WHERE g.kind = 'bucket'`;

/** Hourly means in the units of the limits. */
const rateTable = `
  CREATE TEMP TABLE goal_hour (kind TEXT, id TEXT, hour INTEGER, opsGet REAL, opsPut REAL, opsList REAL,
    opsDefault REAL, bandwidthOut REAL)`;
const rates = `
  INSERT INTO temp.goal_hour
  SELECT g.kind, g.id, h.hour, total(h.get) / 3600, total(h.put) / 3600, total(h.list) / 3600,
    total(h.other) / 3600, total(h.downloaded) / 3600000
  FROM usage_hour h CROSS JOIN temp.goal_subject g ON g.subject_id = h.subject_id
  WHERE h.hour >= :fromHour GROUP BY g.kind, g.id, h.hour`;

const resources = ['opsGet', 'opsPut', 'opsList', 'opsDefault', 'bandwidthOut'] as const;

// With one max() the other columns are those of the row that holds it.
const busiest = `
  WITH measured AS (${resources
    .map(
      (of) => `SELECT h.kind, h.id, h.hour, '${of}' AS resource, h.${of} AS rate, g.${of} AS most
        FROM temp.goal_hour h JOIN temp.goal g USING (kind, id) WHERE g.${of} > 0`,
    )
    .join(' UNION ALL ')})
  SELECT kind, id, resource, rate, most, max(rate / most) AS share, hour,
    count(DISTINCT iif(hour >= :dayFrom AND rate >= 0.9 * most, hour, NULL)) AS hours
  FROM measured GROUP BY kind, id`;

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
  return { growth: await growthParts(read), tellsGrowth: true, sampledAt: last };
}

/** What a row of growth says of limits and raises. */
const none = Array.from({ length: 7 }, () => 'NULL').join(', ');

async function growthParts(read: Read): Promise<string[]> {
  const parts: string[] = [];
  const sql = `SELECT max(place) AS last, json_group_array(json_array(kind, id, daily, ${none}, young)) AS part
    FROM (SELECT * FROM temp.growth WHERE place > :after ORDER BY place LIMIT ${rowsAtOnce})`;
  for (let after = 0; ; ) {
    const [row] = await read('selectRows', { sql, values: { after } });
    if (row?.last == null) return parts;
    parts.push(text(row.part));
    after = number(row.last);
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
  const values = { fromHour: last - 30 * 24, limited };
  const step = (sql: string): RowsQuery => ({ sql, values: {} });
  await read('makeTemporary', [
    step(goalTable),
    { sql: goals, values },
    step(subjectTable),
    step(subjects),
    step(rateTable),
    { sql: rates, values },
  ]);
  const rows = await read('selectRows', { sql: busiest, values: { dayFrom } });
  const busy: string[] = [];
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const part = rows
      .slice(from, from + rowsAtOnce)
      .map((row) => [
        ...[row.kind, row.id, null, row.resource, row.rate, row.most, row.share],
        ...[number(row.hour) * hour, number(row.hours)],
      ]);
    busy.push(JSON.stringify(part));
  }
  return { busy, statisticsUntil: (last + 1) * hour };
}

import type { Archive } from '../store/archive/archive.ts';
import type { ListFigures, UserActivity } from '../store/snapshot/writes/save-figures.ts';
import type { NamedValues } from '../store/sqlite/select-rows.ts';

type Reader = Pick<Archive, 'read'>;

const hour = 3_600_000;
const day = 24 * hour;
/** How many days lists say traffic and growth of. */
const daysBack = 30;
/** Users or buckets read at once: some hundredths of a second. */
const atOnce = 2000;

const select = (archive: Reader, sql: string, values: NamedValues) =>
  archive.read('selectRows', { sql, values });

/** Bytes in two halves, each of which can be added up without passing 64 bits. */
const halves = `sum((d.uploaded >> 20) + (d.downloaded >> 20)) AS high,
  sum((d.uploaded & 1048575) + (d.downloaded & 1048575)) AS low`;

const activity = `
  WITH page AS (SELECT DISTINCT user_id FROM subject WHERE user_id > :after
    ORDER BY user_id LIMIT ${atOnce}),
  days AS (SELECT s.user_id, d.day, ${halves} FROM page
    CROSS JOIN subject AS s ON s.user_id = page.user_id
    CROSS JOIN usage_subject_day AS d ON d.subject_id = s.id AND d.day >= :from AND d.day <= :to
    GROUP BY s.user_id, d.day)
  SELECT page.user_id, (SELECT max((SELECT max(day) FROM usage_subject_day AS d
      WHERE d.subject_id = s.id)) FROM subject AS s WHERE s.user_id = page.user_id) AS last_day,
    json_group_array(json_array(day, high, low)) FILTER (WHERE day IS NOT NULL) AS days
  FROM page LEFT JOIN days USING (user_id) GROUP BY page.user_id ORDER BY page.user_id`;

const hours = `SELECT (SELECT min(hour) FROM usage_total) AS first,
  (SELECT max(hour) FROM usage_total) AS last`;

/** Traffic of every user in the last thirty days, and when it had any last. */
export async function readActivity(archive: Reader, now = Date.now()): Promise<ListFigures> {
  const to = Math.floor(now / day);
  const from = to - daysBack + 1;
  const [span] = await select(archive, hours, {});
  const rows: UserActivity[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page = await select(archive, activity, { after, from, to });
    for (const { user_id: userId, last_day: lastDay, days } of page) {
      const of = JSON.parse(String(days ?? '[]')) as [day: number, high: number, low: number][];
      rows.push({
        userId: String(userId),
        ...spread(of, from),
        lastDay: lastDay === null ? null : Number(lastDay) * day,
      });
    }
    after = page.length < atOnce ? null : String(page.at(-1)?.user_id);
  }
  const until = span?.last == null ? null : Math.min(now, (Number(span.last) + 1) * hour);
  const isKnown = until !== null && until > from * day;
  const since = isKnown ? Math.max(from * day, Number(span?.first) * hour) : null;
  const facts = { traffic_since: since, traffic_until: isKnown ? until : null };
  return { of: 'activity', rows, facts };
}

const mostStored = 2n ** 63n - 1n;

/** The sum of some days, and how it spreads over all of them: against the day with most. */
function spread(parts: readonly [day: number, high: number, low: number][], from: number) {
  const bytes = new Array<bigint>(daysBack).fill(0n);
  for (const [at, high, low] of parts) bytes[at - from] = (BigInt(high) << 20n) + BigInt(low);
  const total = bytes.reduce((sum, of) => sum + of, 0n);
  const [most = 0n] = bytes.toSorted((one, other) => (one < other ? 1 : -1));
  const level = (of: bigint): bigint => (of === 0n ? 0n : (of * 31n + most - 1n) / most);
  return {
    traffic: total > mostStored ? mostStored : total,
    days: bytes.map((of) => level(of).toString(32)).join(''),
  };
}

const looks = `SELECT coalesce((SELECT max(at) FROM size_refresh WHERE at <= :earlier),
  (SELECT min(at) FROM size_refresh)) AS since, (SELECT max(at) FROM size_refresh) AS until`;

const page = `SELECT DISTINCT bucket FROM bucket_size WHERE bucket > :after
  ORDER BY bucket LIMIT ${atOnce}`;

const size = (of: string, gone: string): string => `(SELECT iif(gone = 1, ${gone}, bytes)
  FROM bucket_size AS s WHERE s.bucket = page.bucket ${of} ORDER BY at DESC LIMIT 1)`;

const growth = `
  SELECT bucket, CAST(bytes - before AS TEXT) AS growth FROM (SELECT bucket,
    ${size('', 'NULL')} AS bytes, coalesce(${size('AND at <= :since', '0')}, 0) AS before
    FROM (${page}) AS page)
  WHERE bytes <> before`;

/**
 * By how much buckets grew in the last thirty days, or since the first sizes that were recorded; of less
 * than a day nothing is said. Those that did not change are omitted; who came since grew from nothing.
 */
export async function readGrowth(archive: Reader, now = Date.now()): Promise<ListFigures> {
  const [span] = await select(archive, looks, { earlier: now - daysBack * day });
  const [since, until] = [span?.since ?? null, span?.until ?? null];
  if (Number(until) - Number(since) < day) {
    return { of: 'growth', rows: [], facts: { growth_since: null, growth_until: null } };
  }
  const rows: { name: string; growth: bigint }[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const values: NamedValues = { after, since };
    for (const row of await select(archive, growth, values)) {
      rows.push({ name: String(row.bucket), growth: BigInt(String(row.growth)) });
    }
    const [last] = await select(archive, `SELECT max(bucket) AS last FROM (${page})`, { after });
    after = last?.last == null ? null : String(last.last);
  }
  const facts = { growth_since: Number(since), growth_until: Number(until) };
  return { of: 'growth', rows, facts };
}

import { day, hour } from '#shared/durations.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { ListFigures } from '../store/snapshot/writes/save-figures.ts';
import type { NamedValues, SharedRows } from '../store/sqlite/select-rows.ts';
import type { SharedText } from '../store/sqlite/shared-text.ts';

type Reader = Pick<Archive, 'read'>;

/** How many days lists say traffic and growth of. */
const daysBack = 30;
/** Buckets read at once: some hundredths of a second. */
const atOnce = 2000;

const select = (archive: Reader, sql: string, values: NamedValues) =>
  archive.read('selectRows', { sql, values });

const hours = `SELECT (SELECT min(hour) FROM usage_total) AS first,
  (SELECT max(hour) FROM usage_total) AS last`;

/** Traffic of every user in the last thirty days, and when it had any last. */
export async function readActivity(archive: Reader, now = Date.now()): Promise<ListFigures> {
  const to = Math.floor(now / day);
  const from = to - daysBack + 1;
  const [span] = await select(archive, hours, {});
  const parts: SharedText[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const part: SharedRows = await archive.read('userActivity', { after, from, to });
    parts.push(part.rows);
    after = part.last;
  }
  const until = span?.last == null ? null : Math.min(now, (Number(span.last) + 1) * hour);
  const isKnown = until !== null && until > from * day;
  const since = isKnown ? Math.max(from * day, Number(span?.first) * hour) : null;
  const facts = { traffic_since: since, traffic_until: isKnown ? until : null };
  return { of: 'activity', parts, facts };
}

const looks = `SELECT coalesce((SELECT max(at) FROM size_refresh WHERE at <= :earlier),
  (SELECT min(at) FROM size_refresh)) AS since, (SELECT max(at) FROM size_refresh) AS until`;

const page = `SELECT DISTINCT bucket FROM bucket_size WHERE bucket > :after
  ORDER BY bucket LIMIT ${atOnce}`;

const size = (of: string, gone: string): string => `(SELECT iif(gone = 1, ${gone}, bytes)
  FROM bucket_size AS s WHERE s.bucket = page.bucket ${of} ORDER BY at DESC LIMIT 1)`;

const growth = `
  SELECT max(bucket) AS last, json_group_array(json_array(bucket, CAST(bytes - before AS TEXT)))
    FILTER (WHERE bytes <> before) AS rows
  FROM (SELECT bucket, ${size('', 'NULL')} AS bytes,
    coalesce(${size('AND at <= :since', '0')}, 0) AS before FROM (${page}) AS page)`;

/**
 * By how much buckets grew in the last thirty days, or since the first sizes that were recorded; of less
 * than a day nothing is said. Those that did not change are omitted; who came since grew from nothing.
 */
export async function readGrowth(archive: Reader, now = Date.now()): Promise<ListFigures> {
  const [span] = await select(archive, looks, { earlier: now - daysBack * day });
  const [since, until] = [span?.since ?? null, span?.until ?? null];
  if (Number(until) - Number(since) < day) {
    return { of: 'growth', parts: [], facts: { growth_since: null, growth_until: null } };
  }
  const parts: SharedText[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const part: SharedRows = await archive.read('selectPart', {
      sql: growth,
      values: { after, since },
    });
    parts.push(part.rows);
    after = part.last;
  }
  const facts = { growth_since: Number(since), growth_until: Number(until) };
  return { of: 'growth', parts, facts };
}

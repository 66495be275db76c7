import { toWireInteger, type WireInteger } from '#shared/units.ts';
import type { ListFact } from '../writes/save-figures.ts';

/** A quota in force: the own one, else the default where it was read that there is no own one. */
export function appliedQuota(row: string, kind: string): string {
  return `CASE ${row}.quota_set WHEN 1 THEN ${row}.quota_gb WHEN 0 THEN (SELECT quota_gb
    FROM target AS theirs WHERE theirs.kind = 'default' AND theirs.id = ${kind}
      AND theirs.quota_set = 1) END`;
}

/** The share of a quota in GB that a number of bytes is: a GB counts as 10^9 bytes, and 0 has no share. */
export function usedShare(bytes: string, quota: string): string {
  return `${bytes} / (nullif(${quota}, 0) * 1e9)`;
}

const fact = (name: ListFact): string => `(SELECT value FROM list_fact WHERE name = '${name}')`;

/** Joins what is next to the rows of `user` or `bucket`. */
export const besideRows = {
  user: `LEFT JOIN target ON target.kind = 'user' AND target.id = user.user_id
    LEFT JOIN user_activity AS activity ON activity.user_id = user.user_id
    LEFT JOIN user_customer AS customer ON customer.user_id = user.user_id`,
  bucket: `LEFT JOIN target ON target.kind = 'bucket' AND target.id = bucket.name
    LEFT JOIN bucket_growth AS grown ON grown.name = bucket.name`,
};

const quota = {
  user: appliedQuota('target', "'user'"),
  bucket: appliedQuota('target', "'bucket'"),
};
const used = (kind: 'user' | 'bucket'): string =>
  usedShare(`iif(${kind}.current_bytes < 0, NULL, ${kind}.current_bytes)`, quota[kind]);

/**
 * What users are sorted and filtered by besides the columns of their table. Null: nothing is known. Who
 * was listed while statistics were collected, and has no traffic in them, had none.
 */
export const userFigures = {
  quota: quota.user,
  used: used('user'),
  keys: `CASE WHEN user.user_id IN (SELECT user_id FROM user_detail) THEN (SELECT count(*)
    FROM access_key WHERE access_key.user_id = user.user_id AND account_name = '') END`,
  traffic: `CASE WHEN ${fact('traffic_until')} IS NOT NULL THEN
    coalesce(activity.traffic, CASE WHEN user.first_seen <= ${fact('traffic_until')} THEN 0 END) END`,
  lastActive: 'activity.last_day',
  customer: 'customer.sort_key',
  plan: 'customer.plan',
  peakBytes: 'iif(user.peak_bytes < 0, NULL, user.peak_bytes)',
  firstSeen: 'user.first_seen',
};

/** The same of buckets. */
export const bucketFigures = {
  quota: quota.bucket,
  used: used('bucket'),
  growth: `CASE WHEN ${fact('growth_since')} IS NOT NULL AND bucket.current_bytes >= 0 THEN
    coalesce(grown.growth, CASE WHEN bucket.first_seen <= ${fact('growth_until')} THEN 0 END) END`,
};

/** Yields `id` and `value` of all users or buckets, for the orders. */
export function figureRows(kind: 'user' | 'bucket', value: string): string {
  // a quota begins with what was read: few have one, and all buckets take long to walk along
  const source =
    kind === 'bucket' && (value === quota.bucket || value === used('bucket'))
      ? "target CROSS JOIN bucket ON bucket.name = target.id AND target.kind = 'bucket'"
      : `${kind} ${besideRows[kind]}`;
  // where no growth is known, no bucket has to be looked at
  const only = value === bucketFigures.growth ? `WHERE ${fact('growth_since')} IS NOT NULL` : '';
  return `SELECT ${kind}.id AS id, ${value} AS value FROM ${source} ${only}`;
}

const selected = (figures: Record<string, string>): string =>
  Object.entries(figures)
    .map(([name, value]) => `${value} AS "figure.${name}"`)
    .join(', ');

const period = (since: ListFact, until: ListFact): string =>
  `${fact(since)} AS since, ${fact(until)} AS until`;

/** The columns that {@link userFiguresOf} reads. */
export const userFigureColumns = `${selected(userFigures)}, target.quota_set, activity.days,
  customer.customers, ${period('traffic_since', 'traffic_until')}`;

/** The columns that {@link bucketFiguresOf} reads. */
export const bucketFigureColumns = `${selected(bucketFigures)}, target.quota_set,
  ${period('growth_since', 'growth_until')}`;

type Row = Record<string, unknown>;

/** The quota in force of a row; nothing where it was never read. */
function quotaOf(row: Row) {
  if (row.quota_set === null) return {};
  const sizeGb = row['figure.quota'] as bigint | null;
  const share = row['figure.used'];
  return {
    quota: { sizeGb: sizeGb === null ? null : toWireInteger(sizeGb), own: row.quota_set === 1n },
    ...(share === null ? {} : { usedFraction: Number(share) }),
  };
}

const time = (value: unknown): string => new Date(Number(value)).toISOString();

/** What a row of a list says of its traffic or growth, and of which period. */
function measured(
  row: Row,
  figure: string,
): { bytes: WireInteger; since: string; until: string } | null {
  const bytes = row[`figure.${figure}`] as bigint | null;
  if (bytes === null || row.since === null || row.until === null) return null;
  return { bytes: toWireInteger(bytes), since: time(row.since), until: time(row.until) };
}

const noDays = '0'.repeat(30);

/** Returns what is next to a user, as it travels; what nothing is known of is omitted. */
export function userFiguresOf(row: Row) {
  const traffic = measured(row, 'traffic');
  const [keys, lastDay] = [row['figure.keys'], row['figure.lastActive']];
  const customers = JSON.parse(String(row.customers ?? '[]')) as {
    customerId: string;
    name: string;
  }[];
  return {
    ...quotaOf(row),
    ...(keys === null ? {} : { keyCount: Number(keys) }),
    ...(traffic ? { traffic: { ...traffic, days: String(row.days ?? noDays) } } : {}),
    ...(lastDay === null ? {} : { lastActive: time(lastDay) }),
    ...(customers.length === 0 ? {} : { customers }),
    ...(row['figure.plan'] === null ? {} : { plan: String(row['figure.plan']) }),
  };
}

/** Returns what is next to a bucket, as it travels. */
export function bucketFiguresOf(row: Row) {
  const growth = measured(row, 'growth');
  return { ...quotaOf(row), ...(growth ? { growth } : {}) };
}

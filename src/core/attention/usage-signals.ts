import { formatCount, formatCounted } from '#shared/counted.ts';
import { limitWords } from '#shared/limit-resources.ts';
import { formatBytes } from '#shared/units.ts';
import type { NamedValues, SelectedRow } from '../store/sqlite/select-rows.ts';
import { hourlyOf } from './recent-tables.ts';
import {
  type Finding,
  hour,
  mostOfKind,
  number,
  pageOf,
  type SignalAction,
  type SignalDefinition,
  text,
  userOf,
} from './signal.ts';

const size = (bytes: number): string => formatBytes(BigInt(Math.round(bytes)));
const operations = 'put + get + list + other';

/** `hour` of a row, whole hours since the epoch, in milliseconds. */
const endOf = (row: SelectedRow): number => (number(row.hour) + 1) * hour;

const disable = (userId: string): SignalAction => ({
  label: 'Disable user',
  operation: 'users.disable',
  input: { userId },
});

/** Hours in which an operation ran at nine tenths of its limit or more. */
const limitedHours = ['get', 'put', 'list', 'other', 'out'] as const;
type LimitedHour = (typeof limitedHours)[number];
const limitFields = {
  get: 'opsGet',
  put: 'opsPut',
  list: 'opsList',
  other: 'opsDefault',
  out: 'bandwidthOut',
} as const;
const limited = `
  WITH RECURSIVE limited AS (SELECT value ->> 0 AS id, value ->> 1 AS name, value ->> 2 AS get_limit,
    value ->> 3 AS put_limit, value ->> 4 AS list_limit, value ->> 5 AS other_limit,
    value ->> 6 AS out_limit FROM json_each(:limited)), ${hourlyOf('limited')},
  hours AS (SELECT l.*, h.hour, h.get / 3600 AS get, h.put / 3600 AS put, h.list / 3600 AS list,
    h.other / 3600 AS other, h.downloaded / 3600000 AS out
    FROM hourly h JOIN limited l ON l.id = h.user_id)
  SELECT id, name, max(hour) AS hour, ${limitedHours
    .map(
      (of) => `sum(${of}_limit > 0 AND ${of} >= 0.9 * ${of}_limit) AS ${of}_hours,
      max(${of}_limit) AS ${of}_most`,
    )
    .join(', ')}
  FROM hours GROUP BY id
  HAVING max(${limitedHours.map((of) => `${of}_hours`).join(', ')}) >= :limitedHours
  LIMIT ${mostOfKind}`;

/** The limit of each kind that holds; one of its own, else the one of all operations. */
const held = {
  get: 'iif(ops_get > 0, ops_get, ops_default)',
  put: 'iif(ops_put > 0, ops_put, ops_default)',
  list: 'iif(ops_list > 0, ops_list, ops_default)',
  other: 'ops_default',
  out: 'bandwidth_out',
} as const;

/** The lowest limit of each kind that any user has; null where none has one. */
const lowestLimits = `
  SELECT ${limitedHours.map((of) => `min(iif(${held[of]} > 0, ${held[of]}, NULL)) AS ${of}`).join(', ')}
  FROM target WHERE kind = 'user' AND limits_set = 1`;

/** Users who did as much in the day as hours at nine tenths of the lowest limit take. */
const busy = `
  SELECT json_group_array(user_id) AS ids FROM temp.recent
  WHERE get >= 3240 * :limitedHours * :get OR put >= 3240 * :limitedHours * :put
    OR list >= 3240 * :limitedHours * :list OR other >= 3240 * :limitedHours * :other
    OR downloaded >= 3240000 * :limitedHours * :out`;

const ownLimits = `
  SELECT json_group_array(json_array(t.id, u.email, ${limitedHours.map((of) => held[of]).join(', ')}))
    AS limited
  FROM json_each(:ids) CROSS JOIN target t ON t.kind = 'user' AND t.id = value
  JOIN user u ON u.user_id = t.id
  WHERE t.limits_set = 1 AND max(ops_default, ops_get, ops_put, ops_list, bandwidth_out) > 0`;

/** Twice the limits that were reached. */
function raisedLimits(row: SelectedRow, hit: readonly LimitedHour[]): Record<string, number> {
  const doubled = (of: LimitedHour): number => Math.round(200 * number(row[`${of}_most`])) / 100;
  return Object.fromEntries(hit.map((of) => [limitFields[of], doubled(of)]));
}

function limitFinding(row: SelectedRow): Finding {
  const subject = userOf(row);
  const hit = limitedHours.filter((of) => number(row[`${of}_hours`]) > 0);
  return {
    severity: 'warning',
    subject,
    since: endOf(row),
    evidence: hit.map((of) => {
      const { name, shortUnit } = limitWords[limitFields[of]];
      const hours = formatCounted(number(row[`${of}_hours`]), 'hour');
      return `${name}: ${hours} of the last day at its limit of ${text(row[`${of}_most`])} ${shortUnit}.`;
    }),
    page: pageOf(subject),
    action: {
      label: 'Raise rate limits',
      operation: 'limits.set',
      input: { target: { user: subject.id }, limits: raisedLimits(row, hit) },
    },
  };
}

/** Traffic of the last day against the mean of the 28 days before, of the heaviest users. */
const egress = `
  WITH heavy AS (SELECT * FROM temp.recent WHERE downloaded > 0 AND downloaded >= :egressGb * 1e9
    ORDER BY downloaded DESC LIMIT ${mostOfKind}),
  compared AS (SELECT heavy.user_id AS id, k.email AS name, heavy.hour, heavy.downloaded,
    (SELECT total(d.downloaded) FROM subject s CROSS JOIN usage_subject_day d
      ON d.subject_id = s.id AND d.day >= :firstDay AND d.day < :endDay
      WHERE s.user_id = heavy.user_id) / :baseDays AS usual
    FROM heavy LEFT JOIN known_user k USING (user_id))
  SELECT * FROM compared WHERE :archiveDays >= 7 AND usual > 0
    AND downloaded >= :egressFactor * usual`;

const deletions = `
  SELECT z.user_id AS id, z.email AS name, z.bytes, z.day_bytes, r.other FROM temp.sizes z
  LEFT JOIN temp.recent r ON r.user_id = z.user_id
  WHERE z.day_bytes - z.bytes >= 1e9
    AND z.bytes <= z.day_bytes * (100 - :shrinkPercent) / 100.0
  ORDER BY z.day_bytes - z.bytes DESC LIMIT ${mostOfKind}`;

/** Users with traffic now and none in the days before, who were there before that already. */
const waking = `
  SELECT r.user_id AS id, z.email AS name, r.hour, r.downloaded, ${operations} AS operations
  FROM temp.recent r JOIN temp.sizes z ON z.user_id = r.user_id
  WHERE :archiveDays >= :dormantDays AND ${operations} > 0
    AND EXISTS (SELECT 1 FROM user_size s WHERE s.user_id = r.user_id
      AND s.at <= :now - :dormantDays * 86400000.0)
    AND NOT EXISTS (SELECT 1 FROM subject s CROSS JOIN usage_subject_day d
      ON d.subject_id = s.id AND d.day >= :endDay - :dormantDays AND d.day < :endDay
      WHERE s.user_id = r.user_id)
  ORDER BY r.downloaded DESC LIMIT ${mostOfKind}`;

/** Traffic of disabled users, after the last time this console disabled them: whole hours of it. */
const locked = `
  WITH RECURSIVE disabled AS (SELECT value ->> 0 AS id, value ->> 1 AS name,
    coalesce((SELECT max(j.at) FROM journal_entry j
      WHERE j.target_id = value ->> 0 AND j.operation = 'users.disable'), 0) AS at
    FROM json_each(:disabled)),
  late AS (SELECT * FROM disabled WHERE at > :fromHour * 3600000.0), ${hourlyOf('late')},
  used AS (
    SELECT d.id, d.name, r.hour, r.downloaded, ${operations} AS operations
    FROM disabled d JOIN temp.recent r ON r.user_id = d.id WHERE d.at <= :fromHour * 3600000.0
    UNION ALL
    SELECT l.id, l.name, max(h.hour), total(h.downloaded), total(${operations})
    FROM hourly h JOIN late l ON l.id = h.user_id WHERE h.hour * 3600000.0 >= l.at GROUP BY l.id)
  SELECT * FROM used WHERE operations > 0 ORDER BY downloaded DESC LIMIT ${mostOfKind}`;

/** More in an hour than a network of 100 Gbit/s, or a gateway, can do. */
const impossible = `
  WITH RECURSIVE much AS (SELECT user_id AS id FROM temp.recent
    WHERE downloaded > 9e13 OR uploaded > 9e13 OR ${operations} > 7.2e8), ${hourlyOf('much')}
  SELECT h.user_id AS id, k.email AS name, h.hour, max(h.downloaded, h.uploaded) AS bytes,
    ${operations} AS operations
  FROM hourly h LEFT JOIN known_user k USING (user_id)
  WHERE h.downloaded > 9e13 OR h.uploaded > 9e13 OR ${operations} > 7.2e8
  ORDER BY bytes DESC LIMIT ${mostOfKind}`;

/** What is found in the statistics of the last day. */
export const usageSignals: readonly SignalDefinition[] = [
  {
    kind: 'rate-limit',
    title: 'Rate limit reached',
    find: async ({ snapshot, archive }) => {
      const [lowest = {}] = await snapshot(lowestLimits);
      const [near] = await archive(busy, lowest as NamedValues);
      const [row] = await snapshot(ownLimits, { ids: text(near?.ids) });
      return (await archive(limited, { limited: text(row?.limited) })).map(limitFinding);
    },
  },
  {
    kind: 'egress',
    title: 'Unusual traffic out',
    find: async ({ archive }) =>
      (await archive(egress)).map((row) => {
        const subject = userOf(row);
        const [sent, usual] = [number(row.downloaded), number(row.usual)];
        return {
          severity: sent >= 20 * usual ? 'critical' : 'warning',
          subject,
          since: endOf(row),
          evidence: [
            `${size(sent)} out in a day, ${formatCount(Math.round(sent / usual))} times the ${size(usual)} of the four weeks before.`,
          ],
          page: pageOf(subject),
          weight: sent,
          stake: { of: 'downloaded', payer: subject.id },
          action: { label: 'Open usage', page: `usage?user=${encodeURIComponent(subject.id)}` },
        };
      }),
  },
  {
    kind: 'deletions',
    title: 'Burst of deletions',
    find: async ({ archive }) =>
      (await archive(deletions)).map((row) => {
        const subject = userOf(row);
        const [before, now] = [number(row.day_bytes), number(row.bytes)];
        const lost = Math.round(((before - now) / before) * 100);
        return {
          severity: lost >= 80 ? 'critical' : 'warning',
          subject,
          since: null,
          evidence: [
            `Stored ${size(before)} a day ago and ${size(now)} now: ${lost} % less.`,
            ...(row.other === null
              ? []
              : [
                  `${formatCount(Math.round(number(row.other)))} other operations, deletions among them.`,
                ]),
          ],
          page: pageOf(subject),
          weight: before - now,
          stake: { of: 'stored', payer: subject.id },
          action: disable(subject.id),
        };
      }),
  },
  {
    kind: 'dormant-user',
    title: 'Dormant user active again',
    find: async ({ archive, thresholds }) =>
      (await archive(waking)).map((row) => {
        const subject = userOf(row);
        const quiet = formatCounted(thresholds.dormantDays, 'day');
        return {
          severity: 'warning',
          subject,
          since: endOf(row),
          evidence: [
            `${formatCounted(Math.round(number(row.operations)), 'operation')} after more than ${quiet} without any.`,
            `${size(number(row.downloaded))} out.`,
          ],
          page: pageOf(subject),
          weight: number(row.downloaded),
          stake: { of: 'downloaded', payer: subject.id },
          action: disable(subject.id),
        };
      }),
  },
  {
    kind: 'disabled-user',
    title: 'Disabled user with traffic',
    find: async ({ snapshot, archive }) => {
      const [row] = await snapshot(
        `SELECT json_group_array(json_array(user_id, email)) AS disabled FROM user WHERE state = 'disabled'`,
      );
      return (await archive(locked, { disabled: text(row?.disabled) })).map((found) => {
        const subject = userOf(found);
        return {
          severity: 'critical',
          subject,
          since: endOf(found),
          evidence: [
            `${formatCounted(Math.round(number(found.operations)), 'operation')} and ${size(number(found.downloaded))} out in the last day, although the user is disabled.`,
          ],
          page: pageOf(subject),
          weight: number(found.downloaded),
          stake: { of: 'downloaded', payer: subject.id },
          action: { label: 'Open user', page: pageOf(subject) },
        };
      });
    },
  },
  {
    kind: 'implausible',
    title: 'Implausible counters',
    find: async ({ archive, status, name }) => {
      const counters = (await archive(impossible)).map((row): Finding => {
        const subject = userOf(row);
        return {
          severity: 'warning',
          subject,
          since: endOf(row),
          evidence: [
            `${size(number(row.bytes))} and ${formatCounted(Math.round(number(row.operations)), 'operation')} in one hour, more than a network can do.`,
            'Statements hold such a line back until somebody accepts it.',
          ],
          page: pageOf(subject),
          action: { label: 'Open statements', page: 'customers/statements' },
        };
      });
      const figures = status.implausible;
      if (!figures) return counters;
      return [
        ...counters,
        {
          severity: 'information',
          subject: { kind: 'cluster', id: 'lists', name },
          since: null,
          evidence: [
            `${formatCounted(figures.total, 'figure')} of the lists can't be true: ${figures.rows
              .slice(0, 3)
              .map((row) => row.name)
              .join(', ')}.`,
            'No sum contains them.',
          ],
          page: 'buckets',
        },
      ];
    },
  },
];

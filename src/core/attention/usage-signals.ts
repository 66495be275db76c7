import { mostBytesAnHour } from '#shared/contract/usage.ts';
import { formatCount, formatCounted } from '#shared/counted.ts';
import { hour } from '#shared/durations.ts';
import { limitWords } from '#shared/limit-resources.ts';
import { formatBytes } from '#shared/units.ts';
import type { NamedValues, SelectedRow } from '../store/sqlite/select-rows.ts';
import { readShared, shareText } from '../store/sqlite/shared-text.ts';
import { hourlyOf } from './recent-tables.ts';
import {
  type Finding,
  mostOfKind,
  number,
  pageOf,
  type SignalAction,
  type SignalDefinition,
  type SignalGround,
  type Thresholds,
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

/** Limits the bandwidth out of a user to twice what it uses on a usual day, 1 MB/s at the least. */
function limitBandwidth(userId: string, usualBytes: number): SignalAction {
  const bandwidthOut = Math.max(1000, Math.ceil((2 * usualBytes) / 86_400 / 1000));
  const input = { target: { user: userId }, limits: { bandwidthOut } };
  return { label: 'Limit bandwidth', operation: 'limits.set', input };
}

/** The limit in force for each kind: its own, else the one of all operations. */
const held = {
  get: 'iif(ops_get > 0, ops_get, ops_default)',
  put: 'iif(ops_put > 0, ops_put, ops_default)',
  list: 'iif(ops_list > 0, ops_list, ops_default)',
  other: 'ops_default',
  out: 'bandwidth_out',
} as const;
type Limited = keyof typeof held;
const limited = Object.keys(held) as Limited[];

/** The lowest limit of each kind that any user has; null where none has one. */
const lowestLimits = `
  SELECT ${limited.map((of) => `min(iif(${held[of]} > 0, ${held[of]}, NULL)) AS ${of}`).join(', ')}
  FROM target WHERE kind = 'user' AND limits_set = 1`;

/** Users who did as much in the day as hours at nine tenths of the lowest limit take. */
const busy = `
  SELECT json_group_array(user_id) AS ids FROM temp.recent
  WHERE get >= 3240 * :limitedHours * :get OR put >= 3240 * :limitedHours * :put
    OR list >= 3240 * :limitedHours * :list OR other >= 3240 * :limitedHours * :other
    OR downloaded >= 3240000 * :limitedHours * :out`;

/** Limits as the busiest hours are asked for. */
const limitsOf = (targets: string): string => `
  SELECT json_group_array(json_array(t.id, ${limited.map((of) => held[of]).join(', ')})) AS limited,
    count(*) AS found
  FROM ${targets} WHERE t.limits_set = 1
    AND max(ops_default, ops_get, ops_put, ops_list, bandwidth_out) > 0`;

/** Of those users, or of every bucket that has some. */
const ownLimits = {
  user: limitsOf(`json_each(:ids) CROSS JOIN target t ON t.kind = 'user' AND t.id = value`),
  bucket: limitsOf(`(SELECT * FROM target WHERE kind = 'bucket') t`),
};

const namesOf = `
  SELECT user_id AS id, email AS name FROM json_each(:ids) CROSS JOIN user ON user_id = value`;

/** A row of the busiest hours. */
type Busy = [
  id: string,
  resource: keyof typeof limitWords,
  rate: number,
  limit: number,
  share: number,
  at: number,
  hours: number,
];

async function findLimited(ground: SignalGround): Promise<Finding[]> {
  const { snapshot, archive } = ground;
  const [lowest = {}] = await snapshot(lowestLimits);
  const [near] = await archive(busy, lowest as NamedValues);
  const users = await findReached(ground, 'user', text(near?.ids));
  const ids = JSON.stringify(users.map(([id]) => id));
  const names = new Map((await snapshot(namesOf, { ids })).map(({ id, name }) => [id, text(name)]));
  const buckets = await findReached(ground, 'bucket', '[]');
  return [
    ...users.map((row) => limitFinding(row, 'user', names.get(row[0]) || row[0])),
    ...buckets.map((row) => limitFinding(row, 'bucket', row[0])),
  ].slice(0, mostOfKind);
}

async function findReached(
  { snapshot, busiest, thresholds }: SignalGround,
  of: 'user' | 'bucket',
  ids: string,
): Promise<Busy[]> {
  const [row] = await snapshot(ownLimits[of], { ids });
  if (number(row?.found) === 0) return [];
  const { parts } = await busiest(of, shareText(text(row?.limited)));
  return parts
    .flatMap((part) => JSON.parse(readShared(part)) as Busy[])
    .filter(([, , , , , , hours]) => hours >= thresholds.limitedHours);
}

/** Offers to double the limit that was reached, or to clear all. */
function limitFinding(
  [id, resource, , limit, , at, hours]: Busy,
  kind: 'user' | 'bucket',
  name: string,
): Finding {
  const subject = { kind, id, name };
  const words = limitWords[resource];
  const target = { [kind]: id };
  const limits = { [resource]: Math.round(200 * limit) / 100 };
  return {
    severity: 'warning',
    subject,
    since: at,
    evidence: [
      `${words.name}: ${formatCounted(hours, 'hour')} of the last day at its limit of ${limit} ${words.shortUnit}.`,
    ],
    page: pageOf(subject),
    action: { label: 'Raise rate limits', operation: 'limits.set', input: { target, limits } },
    alternatives: [{ label: 'Clear rate limits', operation: 'limits.clear', input: { target } }],
  };
}

/** Traffic of the last day against the mean of the 28 days before. */
const egress = `
  WITH heavy AS (SELECT * FROM temp.recent WHERE downloaded > 0 AND downloaded >= :egressGb * 1e9),
  compared AS (SELECT heavy.user_id AS id, k.email AS name, heavy.hour, heavy.downloaded,
    (SELECT total(d.downloaded) FROM subject s CROSS JOIN usage_subject_day d
      ON d.subject_id = s.id AND d.day >= :firstDay AND d.day < :endDay
      WHERE s.user_id = heavy.user_id) / :baseDays AS usual
    FROM heavy LEFT JOIN known_user k USING (user_id))
  SELECT * FROM compared WHERE :archiveDays >= 7 AND downloaded >= :egressFactor * usual
  ORDER BY downloaded DESC LIMIT ${mostOfKind}`;

/** A user who never sent anything is compared with the floor of this signal. */
function egressFinding(row: SelectedRow, { egressGb }: Thresholds): Finding {
  const subject = userOf(row);
  const [sent, usual] = [number(row.downloaded), number(row.usual)];
  const against =
    usual > 0
      ? `${formatCount(Math.round(sent / usual))} times the ${size(usual)} of the four weeks before`
      : 'no traffic out in the four weeks before';
  return {
    severity: sent >= 20 * (usual > 0 ? usual : egressGb * 1e9) ? 'critical' : 'warning',
    subject,
    since: endOf(row),
    evidence: [`${size(sent)} out in a day, ${against}.`],
    page: `usage?user=${encodeURIComponent(subject.id)}`,
    weight: sent,
    stake: { of: 'downloaded', payer: subject.id },
    action: limitBandwidth(subject.id, usual),
    alternatives: [disable(subject.id)],
  };
}

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

/**
 * Traffic of disabled users after they were disabled, whole hours of it: after this console did it, or
 * first saw it done. Of those that were disabled when it first looked, all of the last day.
 */
const locked = `
  WITH RECURSIVE disabled AS (SELECT value ->> 0 AS id, value ->> 1 AS name, value ->> 2 AS seen,
    coalesce((SELECT max(j.at) FROM journal_entry j
      WHERE j.target_id = value ->> 0 AND j.operation = 'users.disable'), 0) AS done
    FROM json_each(:disabled)),
  timed AS (SELECT *, max(done, iif(seen > :firstLook, seen, 0)) AS at,
    done = 0 AND seen <= :firstLook AND seen > :fromHour * 3600000.0 AS isUncertain FROM disabled),
  late AS (SELECT * FROM timed WHERE at > :fromHour * 3600000.0), ${hourlyOf('late')},
  used AS (
    SELECT d.id, d.name, d.isUncertain, r.hour, r.downloaded, ${operations} AS operations
    FROM timed d JOIN temp.recent r ON r.user_id = d.id WHERE d.at <= :fromHour * 3600000.0
    UNION ALL
    SELECT l.id, l.name, 0, max(h.hour), total(h.downloaded), total(${operations})
    FROM hourly h JOIN late l ON l.id = h.user_id WHERE h.hour * 3600000.0 >= l.at GROUP BY l.id)
  SELECT * FROM used WHERE operations > 0 ORDER BY downloaded DESC LIMIT ${mostOfKind}`;

const disabledNow = `
  SELECT json_group_array(json_array(user_id, email)) AS users FROM user WHERE state = 'disabled'`;

/** Keys as last read of these users, a few of each. */
const keysOf = `
  SELECT user_id AS id, account_name AS account, access_key_id AS key
  FROM json_each(:ids) CROSS JOIN access_key ON user_id = value ORDER BY account_name, access_key_id`;

async function findDisabled(ground: SignalGround): Promise<Finding[]> {
  const { snapshot, archive, memory, remember, now, status } = ground;
  // nothing was read yet, or the snapshot was set aside: who is disabled is not known, nor since when
  if (status.asOf === null) return [];
  const [row] = await snapshot(disabledNow);
  const before = memory.disabled ?? { firstLook: now, seen: {} };
  const users = JSON.parse(text(row?.users)) as [id: string, email: string][];
  const seen = Object.fromEntries(users.map(([id]) => [id, before.seen[id] ?? now]));
  remember({ disabled: { ...before, seen } });
  const disabled = JSON.stringify(users.map(([id, email]) => [id, email, seen[id] ?? now]));
  const used = await archive(locked, { disabled, firstLook: before.firstLook });
  const ids = JSON.stringify(used.map(({ id }) => id));
  const keys = Map.groupBy(await snapshot(keysOf, { ids }), ({ id }) => id);
  return used.map((found) => disabledFinding(found, keys.get(found.id ?? null) ?? []));
}

function disabledFinding(found: SelectedRow, keys: readonly SelectedRow[]): Finding {
  const subject = userOf(found);
  const revocations = keys.map(({ account, key }): SignalAction => {
    const own = { userId: subject.id, accessKeyId: text(key) };
    const input = account === '' ? own : { ...own, accountName: text(account) };
    return { label: `Revoke key ${text(key)}`, operation: 'keys.revoke', input };
  });
  const open: SignalAction = { label: 'Open user', page: pageOf(subject) };
  const [action = open, ...alternatives] = revocations;
  const isUncertain = found.isUncertain === 1;
  return {
    severity: isUncertain ? 'warning' : 'critical',
    subject,
    since: endOf(found),
    evidence: [
      `${formatCounted(Math.round(number(found.operations)), 'operation')} and ${size(number(found.downloaded))} out in the last day, although the user is disabled.`,
      ...(isUncertain
        ? ['It was disabled when this console first looked; since when is not known.']
        : []),
    ],
    page: pageOf(subject),
    weight: number(found.downloaded),
    stake: { of: 'downloaded', payer: subject.id },
    action,
    alternatives: revocations.length === 0 ? [] : [...alternatives, open],
  };
}

/** More in an hour than a network of 100 Gbit/s, or a gateway, can do. */
const impossible = `
  WITH RECURSIVE much AS (SELECT user_id AS id FROM temp.recent
    WHERE downloaded > ${mostBytesAnHour} OR uploaded > ${mostBytesAnHour} OR ${operations} > 7.2e8), ${hourlyOf('much')}
  SELECT h.user_id AS id, k.email AS name, min(h.hour) AS hour, count(*) AS hours,
    max(max(h.downloaded, h.uploaded)) AS bytes, max(${operations}) AS operations
  FROM hourly h LEFT JOIN known_user k USING (user_id)
  WHERE h.downloaded > ${mostBytesAnHour} OR h.uploaded > ${mostBytesAnHour} OR ${operations} > 7.2e8
  GROUP BY h.user_id ORDER BY bytes DESC LIMIT ${mostOfKind}`;

function impossibleFinding(row: SelectedRow): Finding {
  const subject = userOf(row);
  const hours = number(row.hours);
  const most = `${size(number(row.bytes))} and ${formatCounted(Math.round(number(row.operations)), 'operation')}`;
  return {
    severity: 'warning',
    subject,
    since: number(row.hour) * hour,
    evidence: [
      hours === 1
        ? `${most} in one hour, more than a network can do.`
        : `Up to ${most} an hour in ${formatCounted(hours, 'hour')}, more than a network can do.`,
      'Statements hold such a line back until somebody accepts it.',
    ],
    page: `usage?user=${encodeURIComponent(subject.id)}`,
    action: { label: 'Open statements', page: 'customers/statements' },
  };
}

/** What is found in the statistics of the last day. */
export const usageSignals: readonly SignalDefinition[] = [
  { kind: 'rate-limit', title: 'Rate limit reached', find: findLimited },
  {
    kind: 'egress',
    title: 'Unusual traffic out',
    find: async ({ archive, thresholds }) =>
      (await archive(egress)).map((row) => egressFinding(row, thresholds)),
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
  { kind: 'disabled-user', title: 'Disabled user with traffic', find: findDisabled },
  {
    kind: 'implausible',
    title: 'Implausible counters',
    find: async ({ archive, status, name }) => {
      const counters = (await archive(impossible)).map(impossibleFinding);
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

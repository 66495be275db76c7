import { formatCount, formatCounted } from '#shared/counted.ts';
import { day } from '#shared/durations.ts';
import { formatBytes } from '#shared/units.ts';
import type { SelectedRow } from '../store/sqlite/select-rows.ts';
import {
  type Finding,
  mostOfKind,
  number,
  pageOf,
  type Severity,
  type SignalAction,
  type SignalDefinition,
  type SignalGround,
  type SignalSubject,
  type Thresholds,
  text,
  userOf,
} from './signal.ts';

const size = (bytes: number): string => formatBytes(BigInt(Math.round(bytes)));
/** The guide's GB counts as 10^9 bytes. */
const gigabyte = 1e9;

/** How many targets have their history read: those closest to their quota. */
const mostGrowing = 20_000;

/**
 * Every quota that limits somebody, its own or the default, with what is stored: numbers alone, since
 * most are far from it.
 */
const quotas = `
  SELECT 'user' AS kind, u.id AS row, u.current_bytes + 0.0 AS bytes, t.quota_gb AS gb, 1 AS own
  FROM user u CROSS JOIN target t ON t.kind = 'user' AND t.id = u.user_id
  WHERE t.quota_set = 1 AND t.quota_gb > 0
  UNION ALL
  SELECT 'bucket', b.id, b.current_bytes + 0.0, t.quota_gb, 1
  FROM target t JOIN bucket b ON b.name = t.id
  WHERE t.kind = 'bucket' AND t.quota_set = 1 AND t.quota_gb > 0
  UNION ALL
  SELECT 'user', u.id, u.current_bytes + 0.0, d.quota_gb, 0
  FROM target d CROSS JOIN user u
  WHERE d.kind = 'default' AND d.id = 'user' AND d.quota_set = 1 AND d.quota_gb > 0
    AND u.current_bytes > 0 AND NOT EXISTS (SELECT 1 FROM target t
      WHERE t.kind = 'user' AND t.id = u.user_id AND t.quota_set = 1)
  UNION ALL
  SELECT 'bucket', b.id, b.current_bytes + 0.0, d.quota_gb, 0
  FROM target d CROSS JOIN bucket b
  WHERE d.kind = 'default' AND d.id = 'bucket' AND d.quota_set = 1 AND d.quota_gb > 0
    AND b.current_bytes > 0 AND NOT EXISTS (SELECT 1 FROM target t
      WHERE t.kind = 'bucket' AND t.id = b.name AND t.quota_set = 1)`;

/**
 * Of some of them, as JSON: `[kind, id, name, bytes, gb, owner, own]` each. `own` is 1 for a quota of
 * its own, 0 for the default, and -1 for the default where an own quota may be set that was never read.
 */
const named = (some: string): string => `
  SELECT json_group_array(json_array(near.kind, coalesce(u.user_id, b.name),
    coalesce(u.email, b.name), near.bytes, near.gb,
    coalesce(u.user_id, o.user_id, b.owner_id),
    CASE WHEN near.own = 1 OR EXISTS (SELECT 1 FROM target t WHERE t.kind = near.kind
      AND t.id = coalesce(u.user_id, b.name) AND t.quota_set = 0) THEN near.own ELSE -1 END)
    ORDER BY near.bytes / near.gb DESC) AS rows, count(*) AS found
  FROM (${some}) AS near
  LEFT JOIN user u ON near.kind = 'user' AND u.id = near.row
  LEFT JOIN bucket b ON near.kind = 'bucket' AND b.id = near.row
  LEFT JOIN user o ON o.id = b.owner`;

/**
 * Who reached a quota, or nears it, and whose growth is worth a look; in one pass, since both signals
 * need it. Growth is known after two days at the earliest. Whoever is full soon therefore stores at
 * least this share of its quota now, even if it started empty; all others are skipped before their
 * history is read.
 */
export const nearQuotas = `
  WITH near AS MATERIALIZED (SELECT * FROM (${quotas})
    WHERE bytes >= min(gb * 1e9 * 2 / (2 + :daysToFull), gb * 1e7 * :quotaPercent))
  SELECT growing.rows AS growing, growing.found AS growers, reached.rows AS reached
  FROM (${named(`SELECT * FROM near
    WHERE bytes < gb * 1e9 AND bytes >= gb * 1e9 * 2 / (2 + :daysToFull)
    ORDER BY bytes / gb DESC LIMIT ${mostGrowing}`)}) AS growing,
  (${named(`SELECT * FROM near WHERE bytes >= gb * 1e7 * :quotaPercent
    ORDER BY bytes / gb DESC LIMIT ${mostOfKind}`)}) AS reached`;

/** A row of {@link nearQuotas}. */
type NearQuota = [
  kind: string,
  id: string,
  name: string,
  bytes: number,
  gb: number,
  owner: string | null,
  own: number,
];

function subjectOf(row: SelectedRow): SignalSubject {
  return { ...userOf(row), kind: row.kind === 'bucket' ? 'bucket' : 'user' };
}

/** A quarter more than is stored, in whole GB with two significant digits. */
export function roomierQuota(bytes: number, gb: number): string {
  const wanted = Math.max((bytes / gigabyte) * 1.25, gb * 1.1, 1);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(wanted)) - 1);
  return String(BigInt(Math.ceil(wanted / step) * step));
}

function raiseQuota(subject: SignalSubject, bytes: number, gb: number): SignalAction {
  const sizeGb = roomierQuota(bytes, gb);
  const target = { [subject.kind]: subject.id };
  return { label: 'Raise quota', operation: 'quotas.set', input: { target, sizeGb } };
}

function whoseQuota({ kind }: SignalSubject, own: number): string {
  if (own === 1) return 'Its own quota applies.';
  const applies = `The default quota of every ${kind} applies`;
  return own === 0 ? `${applies}.` : `${applies}, unless it has its own: that is not loaded yet.`;
}

function quotaFinding([kind, id, name, bytes, gb, owner, own]: NearQuota): Finding {
  const percent = Math.floor((bytes / gb / gigabyte) * 100);
  const subject = subjectOf({ kind, id, name });
  const nearness: Severity =
    percent >= 100 ? 'critical' : percent >= 90 ? 'warning' : 'information';
  const severity = own === -1 && nearness === 'critical' ? 'warning' : nearness;
  return {
    severity,
    subject,
    since: null,
    evidence: [
      `Stores ${size(bytes)}, ${percent.toLocaleString('en-US')} % of ${gb.toLocaleString('en-US')} GB.`,
      whoseQuota(subject, own),
    ],
    page: pageOf(subject),
    weight: bytes,
    stake: { of: 'stored', payer: text(owner) },
    action: raiseQuota(subject, bytes, gb),
  };
}

const twoWeeks = 14 * day;

/** Those of a kind with what they stored two weeks ago, or when they were first seen since. */
function grownOf(kind: 'user' | 'bucket'): string {
  const [table, name] = kind === 'user' ? ['user_size', 'user_id'] : ['bucket_size', 'bucket'];
  const samples = `FROM ${table} s WHERE s.${name} = l.id`;
  return `SELECT l.*, coalesce(
      (SELECT bytes + 0.0 ${samples} AND s.at <= :now - ${twoWeeks} ORDER BY s.at DESC LIMIT 1),
      (SELECT bytes + 0.0 ${samples} ORDER BY s.at LIMIT 1)) AS then_bytes,
    max(:now - ${twoWeeks}, (SELECT min(at) ${samples})) AS then_at
    FROM limited l WHERE l.kind = '${kind}'`;
}

/** What is stored now and was by then, of users and of buckets with a quota that is not reached. */
const growth = `
  WITH limited AS MATERIALIZED (SELECT value ->> 0 AS kind, value ->> 1 AS id, value ->> 2 AS name,
    value ->> 3 AS bytes, value ->> 4 AS gb, value ->> 5 AS owner FROM json_each(:limited)),
  grown AS MATERIALIZED (${grownOf('user')} UNION ALL ${grownOf('bucket')}),
  rate AS (SELECT *, (bytes - then_bytes) / (:now - then_at) * 86400000.0 AS daily FROM grown
    WHERE then_at <= :now - 172800000 AND bytes > then_bytes)
  SELECT *, (gb * 1e9 - bytes) / daily AS days FROM rate
  WHERE (gb * 1e9 - bytes) / daily <= :daysToFull ORDER BY days LIMIT ${mostOfKind}`;

function fullFinding(row: SelectedRow): Finding {
  const subject = subjectOf(row);
  const [bytes, gb, days] = [number(row.bytes), number(row.gb), number(row.days)];
  return {
    severity: days <= 3 ? 'critical' : 'warning',
    subject,
    since: null,
    evidence: [
      `Full in ${formatCounted(Math.max(1, Math.floor(days)), 'day')} at ${size(number(row.daily))} a day.`,
      `Stores ${size(bytes)} of ${gb.toLocaleString('en-US')} GB.`,
    ],
    page: pageOf(subject),
    weight: bytes,
    stake: { of: 'stored', payer: text(row.owner) },
    action: raiseQuota(subject, bytes, gb),
  };
}

async function findDaysToFull({ snapshot, archive, omit }: SignalGround): Promise<Finding[]> {
  const [row] = await snapshot(nearQuotas);
  if (number(row?.growers) >= mostGrowing) {
    const most = formatCount(mostGrowing);
    omit(
      `only the ${most} users and buckets that use most of their quota were checked for growth. Pressure ranks all of them by days to full.`,
    );
  }
  return (await archive(growth, { limited: text(row?.growing) })).map(fullFinding);
}

/** Users who hold two keys, their own or of one account, the younger one for longer than a rotation takes. */
const pairs = `
  SELECT k.user_id AS id, u.email AS name, min(k.since) AS since, count(*) AS holders,
    json_group_array(k.account) AS accounts
  FROM (SELECT user_id, account_name AS account, max(first_seen) AS since FROM access_key
    GROUP BY user_id, account_name
    HAVING count(*) >= 2 AND max(first_seen) <= :now - :twoKeysDays * 86400000.0) k
  CROSS JOIN user u ON u.user_id = k.user_id
  GROUP BY k.user_id ORDER BY since LIMIT ${mostOfKind}`;

/** Open campaigns that work on the keys of these users. */
const campaignsOf = `
  SELECT k.user_id AS id, k.account_name AS account, c.campaign_id AS campaign, c.title
  FROM json_each(:ids) CROSS JOIN key_campaign_key k ON k.user_id = value
  JOIN key_campaign c USING (campaign_id)
  WHERE c.closed_at IS NULL AND k.state NOT IN ('revoked', 'skipped')
  GROUP BY k.user_id, k.account_name`;

async function findPairs({ snapshot, archive, thresholds }: SignalGround): Promise<Finding[]> {
  const rows = await snapshot(pairs);
  const ids = JSON.stringify(rows.map(({ id }) => id));
  const held = Map.groupBy(await archive(campaignsOf, { ids }), ({ id }) => id);
  return rows.map((row) => pairFinding(row, held.get(row.id ?? null) ?? [], thresholds));
}

/** Keys that a campaign works on are finished there: another one would leave them out. */
function pairFinding(
  row: SelectedRow,
  campaigns: readonly SelectedRow[],
  { twoKeysDays }: Thresholds,
): Finding {
  const subject = userOf(row);
  const accounts = JSON.parse(text(row.accounts)) as string[];
  const campaignOf = new Map(campaigns.map((one) => [text(one.account), one]));
  const held = accounts
    .map((account) => campaignOf.get(account))
    .filter((one) => one !== undefined);
  const [first] = held;
  const isHeld = held.length === accounts.length && first;
  const titles = new Set(held.map(({ title }) => `"${text(title)}"`));
  const named = accounts.filter((account) => account !== '');
  return {
    severity: 'information',
    subject,
    since: number(row.since) + twoKeysDays * day,
    evidence: [
      `Two keys for more than ${formatCounted(twoKeysDays, 'day')}.`,
      ...(named.length > 0 ? [`Of the accounts ${named.join(', ')}.`] : []),
      ...(titles.size > 0 ? [`Under way in the key campaign ${[...titles].join(', ')}.`] : []),
    ],
    page: pageOf(subject),
    action: isHeld
      ? { label: 'Open campaign', page: `campaigns/${text(first.campaign)}` }
      : {
          label: 'Finish rotation',
          operation: 'campaigns.start',
          input: { kind: 'finish', ownerId: subject.id },
        },
  };
}

const ages = `
  SELECT count(*) AS keys, count(DISTINCT user_id) AS users, min(first_seen) AS oldest
  FROM access_key WHERE first_seen <= :now - :keyAgeDays * 86400000.0`;

/** What is found in the snapshot alone, or with the growth of the archive. */
export const storeSignals: readonly SignalDefinition[] = [
  { kind: 'days-to-full', title: 'Quota soon reached', find: findDaysToFull },
  {
    kind: 'quota',
    title: 'Quota reached or near',
    find: async ({ snapshot }) => {
      const [row] = await snapshot(nearQuotas);
      return (JSON.parse(text(row?.reached)) as NearQuota[]).map(quotaFinding);
    },
  },
  {
    kind: 'old-keys',
    title: 'Old access keys',
    find: async ({ snapshot, name, thresholds, now }) => {
      const [row] = await snapshot(ages);
      const [keys, oldest] = [number(row?.keys), number(row?.oldest)];
      if (keys === 0) return [];
      const { keyAgeDays } = thresholds;
      return [
        {
          severity: now - oldest > 2 * keyAgeDays * day ? 'warning' : 'information',
          subject: { kind: 'cluster', id: 'keys', name },
          since: oldest + keyAgeDays * day,
          evidence: [
            `${formatCounted(keys, 'key')} of ${formatCounted(number(row?.users), 'user')} first seen more than ${formatCounted(keyAgeDays, 'day')} ago.`,
            'The gateway has no creation date of keys: a key may be older than that.',
          ],
          page: `keys?older=${keyAgeDays}`,
          action: {
            label: 'Start key campaign',
            operation: 'campaigns.start',
            input: { kind: 'rotate', olderThanDays: keyAgeDays },
          },
        },
      ];
    },
  },
  { kind: 'two-keys', title: 'Rotation not finished', find: findPairs },
];

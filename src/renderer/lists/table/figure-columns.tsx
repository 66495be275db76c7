import { fromWireInteger, quotaZeroNote, type WireInteger } from '#shared/units.ts';
import { Bytes } from '../../kit/components/bytes.tsx';
import { formatBytes, formatCount, formatUtc } from '../../kit/components/format.ts';
import { Day } from '../../kit/components/time.tsx';
import { figureColumn } from './column-kinds.tsx';
import type { DataColumn } from './columns.ts';
import classes from './figure-columns.module.css';

/** Shown where nothing is known, which is never a zero. */
export function NoData({ why }: { why: string }) {
  return (
    <span className="oc-faint" data-hint={why}>
      —
    </span>
  );
}

interface WithQuota {
  quota?: { sizeGb: WireInteger | null; own: boolean } | undefined;
  usedFraction?: number | undefined;
}

const unread = 'Not read yet: Limits & quotas loads it.';

/** The quota in force, in GB as the gateway takes them. */
export function quotaColumn<Row extends WithQuota>(noun: 'user' | 'bucket'): DataColumn<Row> {
  return figureColumn('quota', 'Quota GB', {
    description: `The own quota, else the default of every ${noun}, as last read; in GB as sent.`,
    width: 76,
    sortKey: 'quota',
    cell: ({ quota }) => <Quota quota={quota} noun={noun} />,
    csv: ({ quota }) => (quota?.sizeGb == null ? null : fromWireInteger(quota.sizeGb)),
  });
}

function Quota({ quota, noun }: { quota: WithQuota['quota']; noun: string }) {
  if (quota === undefined) return <NoData why={unread} />;
  if (quota.sizeGb === null) {
    return (
      <span className="oc-dimmed" data-hint={`Neither an own quota nor a default of every ${noun}`}>
        none
      </span>
    );
  }
  const size = fromWireInteger(quota.sizeGb);
  const whose = quota.own ? 'Own quota' : `Default of every ${noun}`;
  const hint = size === 0n ? quotaZeroNote : `${whose}, sent in GB`;
  return (
    <span className={`oc-number ${quota.own ? '' : 'oc-dimmed'}`} data-hint={hint}>
      {formatCount(size)}
    </span>
  );
}

const [nearlyFull, full] = [0.8, 1];

/** The share of the quota that is used, in percent, with a line as long. */
export function usedColumn<Row extends WithQuota>(): DataColumn<Row> {
  return figureColumn('used', 'Used %', {
    description: 'Size as a share of the quota; a GB is taken as 10^9 bytes.',
    width: 64,
    sortKey: 'used',
    cell: ({ usedFraction, quota }) => <Used fraction={usedFraction} quota={quota} />,
    csv: ({ usedFraction }) =>
      usedFraction === undefined ? null : Math.round(usedFraction * 10_000) / 100,
  });
}

function Used({ fraction, quota }: { fraction: number | undefined; quota: WithQuota['quota'] }) {
  if (fraction === undefined) {
    return <NoData why={quota === undefined ? unread : 'No quota to have a share of.'} />;
  }
  const tone = fraction >= full ? 'full' : fraction >= nearlyFull ? 'nearly' : undefined;
  const percent = fraction * 100;
  const words = percent > 0 && percent < 1 ? '< 1' : formatCount(Math.floor(percent));
  const state = tone === 'full' ? 'Over quota' : tone === 'nearly' ? 'Near quota' : 'Within quota';
  return (
    <span
      className={`oc-number ${classes.used}`}
      data-tone={tone}
      data-hint={`${state}: ${percent < 10 ? percent.toFixed(1) : formatCount(Math.floor(percent))} %`}
      style={{ backgroundSize: `${Math.min(100, percent)}% 2px` }}
    >
      {words}
    </span>
  );
}

interface Measured {
  bytes: WireInteger;
  since: string;
  until: string;
}

const periodOf = ({ since, until }: Measured): string =>
  `${formatUtc(since)} to ${formatUtc(until)}`;

/** Bytes in and out of the last thirty days, with how they spread over the days. */
export function trafficColumn<
  Row extends { traffic?: (Measured & { days: string }) | undefined },
>(): DataColumn<Row> {
  return figureColumn('traffic', 'Traffic, 30 days', {
    description:
      'Uploaded and downloaded in the last 30 days, from the statistics collected so far.',
    width: 140,
    sortKey: 'traffic',
    cell: ({ traffic }) =>
      traffic === undefined ? (
        <NoData why="No statistics of these days were collected for this user." />
      ) : (
        <>
          <Sparkline days={traffic.days} />
          <Bytes value={traffic.bytes} source={`statistics of ${periodOf(traffic)}`} />
        </>
      ),
    csv: ({ traffic }) => (traffic === undefined ? null : fromWireInteger(traffic.bytes)),
  });
}

const [dayWidth, height, levels] = [2, 16, 31];

/** Thirty small bars; `days` in the call's format. */
function Sparkline({ days }: { days: string }) {
  let path = '';
  for (let day = 0; day < days.length; day += 1) {
    const level = Number.parseInt(days[day] ?? '0', 32);
    if (level > 0) path += `M${day * dayWidth + 1} ${height}v-${(level * height) / levels}`;
  }
  return (
    <svg
      className={classes.sparkline}
      width={days.length * dayWidth}
      height={height}
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

/** By how much a bucket grew in the last thirty days, with its sign. */
export function growthColumn<Row extends { growth?: Measured | undefined }>(): DataColumn<Row> {
  return figureColumn('growth', 'Growth, 30 days', {
    description: 'Against the size of 30 days ago, or the first one recorded since.',
    width: 92,
    sortKey: 'growth',
    cell: ({ growth }) =>
      growth === undefined ? (
        <NoData why="No earlier size was recorded; each refresh records them." />
      ) : (
        <Growth growth={growth} />
      ),
    csv: ({ growth }) => (growth === undefined ? null : fromWireInteger(growth.bytes)),
  });
}

function Growth({ growth }: { growth: Measured }) {
  const bytes = fromWireInteger(growth.bytes);
  const sign = bytes > 0n ? '+' : bytes < 0n ? '−' : '';
  const words = formatBytes(bytes < 0n ? -bytes : bytes);
  return (
    <span
      className={`oc-number ${bytes === 0n ? 'oc-dimmed' : ''}`}
      data-hint={`${sign}${formatCount(bytes < 0n ? -bytes : bytes)} bytes, ${periodOf(growth)}`}
    >
      {sign}
      {words}
    </span>
  );
}

/** A day of the statistics, which end at midnight UTC. */
export function dayColumn<Row>(
  field: keyof Row & string,
  header: string,
  options: { description: string; unknown: string },
): DataColumn<Row> {
  const time = (row: Row) => row[field] as string | undefined;
  return {
    id: field,
    header,
    description: options.description,
    width: 92,
    sortKey: field,
    sortsDescendingFirst: true,
    cell: (row) => {
      const day = time(row);
      if (day === undefined) return <NoData why={options.unknown} />;
      return <Day value={day} utc />;
    },
    csv: (row) => time(row)?.slice(0, 10) ?? null,
  };
}

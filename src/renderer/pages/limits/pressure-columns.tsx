import { IconEye, type TablerIcon } from '@tabler/icons-react';
import { limitWords } from '#shared/limit-resources.ts';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { formatBytes, formatNumber, formatUtc } from '../../kit/components/format.ts';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { customColumn, figureColumn } from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';
import { type LimitRow, limitColumns, menuOf, ShareBar } from './columns.tsx';
import { pressureActions } from './pressure-actions.tsx';

/** A user or bucket with its remaining room. */
export type PressureRow = RowOf<'pressure.list'>;

const risks: Record<PressureRow['risk'], { tone: StateTone; word: string; icon?: TablerIcon }> = {
  critical: { tone: 'bad', word: 'Critical' },
  warning: { tone: 'warning', word: 'Warning' },
  watch: { tone: 'information', word: 'Watch', icon: IconEye },
  none: { tone: 'good', word: 'None' },
  unknown: { tone: 'idle', word: 'Not read' },
};

/** Columns of the limits grid that the board shows too. */
function ofGrid(of: 'user' | 'bucket', ids: readonly string[]): DataColumn<PressureRow>[] {
  const columns: readonly DataColumn<LimitRow>[] = limitColumns(of);
  return ids.flatMap((id) => columns.find((column) => column.id === id) ?? []);
}

export function pressureColumns(of: 'user' | 'bucket'): readonly DataColumn<PressureRow>[] {
  return withRowMenu(columnsOf(of), { ...menuOf, actions: pressureActions });
}

function columnsOf(of: 'user' | 'bucket'): readonly DataColumn<PressureRow>[] {
  return [
    ...ofGrid(of, ['name', 'id']),
    customColumn('risk', 'Risk', {
      description: 'The worse of both: quota (used, days to full) and rate limits (busiest hour).',
      width: 86,
      sortKey: 'risk',
      sortsDescendingFirst: true,
      cell: ({ risk }) => <Risk risk={risk} />,
      csv: ({ risk }) => risk,
    }),
    ...ofGrid(of, ['used']),
    figureColumn('daysToFull', 'Days to full', {
      description:
        'At the growth of the last two weeks. Not known: fewer than three samples over two days.',
      width: 88,
      sortKey: 'daysToFull',
      sortsDescendingFirst: false,
      cell: (row) => <DaysToFull row={row} />,
      csv: (row) => row.daysToFull?.toFixed(1) ?? daysWords(row),
    }),
    figureColumn('dailyBytes', 'Growth a day', {
      description: 'Mean of the last two weeks.',
      width: 88,
      sortKey: 'dailyBytes',
      cell: ({ dailyBytes }) => <Growth bytes={dailyBytes} />,
      csv: ({ dailyBytes }) => (dailyBytes === null ? 'not known' : Math.round(dailyBytes)),
    }),
    figureColumn('quotaSource', 'Quota', {
      description: 'Whose quota applies: its own, the default, or none.',
      width: 126,
      sortKey: 'quota',
      cell: (row) => <QuotaSource row={row} />,
      csv: quotaSource,
    }),
    customColumn('busiest', 'Busiest hour', {
      description:
        'The hour of the last 7 days of statistics that came closest to a rate limit, as a share of it. An hour’s mean: peaks within it can be higher.',
      width: 96,
      sortKey: 'busiest',
      sortsDescendingFirst: true,
      cell: (row) => <Busiest row={row} />,
      csv: ({ busiest }) => busiest?.share.toFixed(4) ?? '',
    }),
    figureColumn('limitedHours', 'At limit (h)', {
      description:
        'Hours of the last day of statistics at nine tenths of a rate limit or more: requests were likely refused.',
      width: 84,
      sortKey: 'limitedHours',
      cell: ({ limitedHours, busiest }) => (busiest === null ? null : limitedHours),
      csv: ({ limitedHours, busiest }) => (busiest === null ? '' : limitedHours),
    }),
    customColumn('limitsSource', 'Rate limits', {
      width: 84,
      hidden: true,
      cell: ({ limits }) => <span className="oc-dimmed">{limitsSource(limits)}</span>,
      csv: ({ limits }) => limitsSource(limits),
    }),
    customColumn('raised', 'Raised until', {
      width: 140,
      sortKey: 'raised',
      sortsDescendingFirst: false,
      cell: ({ raised }) => <Raised raised={raised} />,
      csv: ({ raised }) => raised?.until ?? '',
    }),
    ...ofGrid(of, ['currentBytes', 'state']).map((column) => ({ ...column, hidden: true })),
  ];
}

function Risk({ risk }: Pick<PressureRow, 'risk'>) {
  const { tone, word, icon } = risks[risk];
  return (
    <StateBadge tone={tone} {...(icon ? { icon } : {})}>
      {word}
    </StateBadge>
  );
}

/** Explains a missing number of days. */
function daysWords({ appliedGb, quota, dailyBytes }: PressureRow): string {
  if (appliedGb === null) return quota === null ? 'not read' : 'no quota';
  return dailyBytes === null ? 'not known' : 'not growing';
}

function DaysToFull({ row }: { row: PressureRow }) {
  const { daysToFull } = row;
  if (daysToFull === null) return <span className="oc-faint">{daysWords(row)}</span>;
  if (daysToFull === 0) return <span className="oc-strong">full</span>;
  const words = daysToFull < 1 ? 'less than 1' : formatNumber(Math.floor(daysToFull), 0);
  return <span className="oc-number">{words}</span>;
}

function Growth({ bytes }: { bytes: number | null }) {
  if (bytes === null) return <span className="oc-faint">not known</span>;
  const size = formatBytes(BigInt(Math.round(Math.abs(bytes))));
  const sign = Math.round(bytes) === 0 ? '' : bytes > 0 ? '+' : '−';
  return <span className={`oc-number ${bytes > 0 ? '' : 'oc-dimmed'}`}>{`${sign}${size}`}</span>;
}

function quotaSource({ quota, appliedGb }: PressureRow): string {
  if (quota === null) return 'not read';
  if (appliedGb === null) return 'none';
  return `${appliedGb} GB ${quota.set ? 'own' : 'default'}`;
}

function QuotaSource({ row }: { row: PressureRow }) {
  const { quota, appliedGb } = row;
  if (quota === null || appliedGb === null) {
    return <span className="oc-faint">{quotaSource(row)}</span>;
  }
  return (
    <span className="oc-number">
      {formatNumber(Number(appliedGb), 0)} GB{' '}
      <span className="oc-dimmed">{quota.set ? 'own' : 'default'}</span>
    </span>
  );
}

function limitsSource(limits: PressureRow['limits']): string {
  if (limits === null) return 'not read';
  return limits.set ? 'own' : 'none';
}

/** Explains a missing busiest hour. */
function noBusiest(limits: PressureRow['limits']): string {
  if (limits === null) return 'not read';
  return limits.set ? 'no statistics' : 'no limits';
}

function Busiest({ row: { busiest, limits } }: { row: PressureRow }) {
  if (busiest === null) {
    return <span className="oc-faint">{noBusiest(limits)}</span>;
  }
  const { resource, rate, limit, share, at } = busiest;
  const { label, shortUnit } = limitWords[resource];
  const words = `${label}: ${formatNumber(rate, 2)} of ${formatNumber(limit, 2)} ${shortUnit}, ${formatUtc(at)}`;
  return (
    <span title={words} style={{ display: 'block', width: '100%' }}>
      <ShareBar fraction={share} warnFrom={0.75} badFrom={0.9} />
    </span>
  );
}

function Raised({ raised }: { raised: PressureRow['raised'] }) {
  if (raised === null) return null;
  return raised.overdue ? (
    <StateBadge tone="warning">Overdue</StateBadge>
  ) : (
    <Time value={raised.until} />
  );
}

import { type LimitResource, limitRows } from '#shared/limit-resources.ts';
import { fromWireInteger, quotaZeroNote, type WireInteger } from '#shared/units.ts';
import { limitActions } from '../../changes/limits/edit-when-read.tsx';
import { NotSet, Unlimited } from '../../changes/limits/limit-value.tsx';
import { bucketReading, userReading } from '../../changes/operation/reading-items.tsx';
import { type RowMenu, withRowMenu } from '../../changes/operation/row-actions.tsx';
import { bucketPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, NotCounted } from '../../kit/components/bytes.tsx';
import { formatAge, formatCount, formatNumber, formatUtc } from '../../kit/components/format.ts';
import { Identifier } from '../../kit/components/identifier.tsx';
import { UserStateBadge } from '../../kit/components/state-badge.tsx';
import { useNow } from '../../kit/timers.ts';
import {
  bytesColumn,
  customColumn,
  figureColumn,
  textColumn,
} from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { RowLink } from '../../lists/table/row-link.tsx';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';
import classes from './limits.module.css';
import { targetOf } from './pressure-actions.tsx';

export type LimitRow = RowOf<'limits.grid'>;

function rateOf({ limits }: LimitRow, rate: LimitResource): number | null | undefined {
  if (limits === null) return undefined;
  return limits.set ? (limits.limits[rate] ?? null) : null;
}

function quotaOf({ quota }: LimitRow) {
  if (quota === null) return undefined;
  return quota.set ? quota.sizeGb : null;
}

/** Returns whether a row has an own quota of 0, which has no share. */
function isZero(row: LimitRow): boolean {
  const quota = quotaOf(row);
  return quota !== null && quota !== undefined && Number(quota) === 0;
}

function csvValue(value: number | string | null | undefined): string | number {
  if (value === undefined) return 'not read';
  return value ?? 'not set';
}

function olderOf({ limits, quota }: LimitRow): string | null {
  const ages = [limits?.asOf, quota?.asOf].filter((age) => age !== undefined).sort();
  return ages[0] ?? null;
}

function Name({ row }: { row: LimitRow }) {
  const cluster = useCluster();
  const to = row.kind === 'user' ? userPath(cluster.id, row.id) : bucketPath(cluster.id, row.name);
  return (
    <RowLink to={to} words={row.name}>
      {row.name === '' ? <span className="oc-faint">no e-mail</span> : row.name}
    </RowLink>
  );
}

/** The row menu of both lists, Limits & quotas and Pressure. */
export const menuOf: Omit<RowMenu<Pick<LimitRow, 'kind' | 'id' | 'name'>>, 'actions'> = {
  nameOf: ({ name, id }) => name || id,
  nounOf: ({ kind }) => kind,
  reading: ({ kind, id, name }, connectionId) =>
    kind === 'user'
      ? userReading(connectionId, id, name)
      : bucketReading(connectionId, { name: id }),
};

/** The columns of the grid, with the row menu. */
export function gridColumns(of: 'user' | 'bucket'): readonly DataColumn<LimitRow>[] {
  return withRowMenu(limitColumns(of), { ...menuOf, actions: limitActions(targetOf) });
}

export function limitColumns(of: 'user' | 'bucket'): readonly DataColumn<LimitRow>[] {
  return [
    textColumn('name', of === 'user' ? 'E-mail' : 'Bucket', {
      width: 164,
      grow: true,
      sorts: true,
      searched: true,
      cell: (row) => <Name row={row} />,
    }),
    textColumn('id', of === 'user' ? 'User id' : 'Name', {
      width: 176,
      searched: true,
      hidden: true,
      cell: ({ id }) => <Identifier value={id} what={of === 'user' ? 'user id' : 'bucket name'} />,
    }),
    textColumn('state', of === 'user' ? 'State' : 'Owner', {
      width: 84,
      sorts: true,
      hidden: of === 'bucket',
      cell: ({ state }) => <UserStateBadge state={state} />,
    }),
    bytesColumn('currentBytes', 'Size', {
      width: 88,
      sorts: true,
      cell: ({ kind, currentBytes }) =>
        kind === 'user' && currentBytes === null ? (
          <NotCounted />
        ) : (
          <Bytes value={currentBytes} source="from the bucket list" />
        ),
    }),
    figureColumn('quota', 'Own quota', {
      description: `In GB, as sent. Not set: the default applies. 0: ${quotaZeroNote}`,
      width: 80,
      sortKey: 'quota',
      cell: (row) => <LimitValue value={quotaOf(row)} unit="GB" asOf={row.quota?.asOf} />,
      csv: (row) => csvValue(quotaOf(row)),
    }),
    figureColumn('applied', 'Applies', {
      description: 'The quota that applies: the own one, else the default.',
      width: 100,
      hidden: true,
      cell: (row) =>
        row.quota === null ? null : (
          <LimitValue value={isZero(row) ? 0 : row.appliedGb} unit="GB" unset="no quota applies" />
        ),
      csv: ({ appliedGb }) => appliedGb ?? '',
    }),
    customColumn('used', 'Used', {
      description: 'Size against the quota that applies, with a GB taken as 10⁹ bytes.',
      width: 88,
      sortKey: 'used',
      sortsDescendingFirst: true,
      cell: (row) => (
        <QuotaBar fraction={row.usedFraction} known={row.quota !== null && !isZero(row)} />
      ),
      csv: ({ usedFraction }) => (usedFraction === null ? '' : usedFraction.toFixed(4)),
    }),
    ...limitRows.map(
      ({ id, heading, description }): DataColumn<LimitRow> => ({
        id,
        header: heading,
        description: `${description} Not set: the default applies. 0: unlimited.`,
        width: id === 'opsDefault' || id === 'opsDelete' ? 68 : 60,
        align: 'right',
        sortKey: id,
        cell: (row) => (
          <LimitValue value={rateOf(row, id)} unset="not set" asOf={row.limits?.asOf} />
        ),
        csv: (row) => csvValue(rateOf(row, id)),
      }),
    ),
    customColumn('asOf', 'Read', {
      description: 'Age of the older of both values: quota and limits.',
      width: 76,
      sortKey: 'asOf',
      sortsDescendingFirst: true,
      cell: (row) => <Ages row={row} />,
      csv: (row) => olderOf(row) ?? '',
    }),
  ];
}

function Ages({ row }: { row: LimitRow }) {
  const older = olderOf(row);
  const now = useNow(30_000);
  if (older === null) return <span className="oc-faint">never</span>;
  const words = (what: string, asOf: string | undefined) =>
    `${what} ${asOf === undefined ? 'never read' : `read ${formatUtc(asOf)}`}`;
  return (
    <time
      dateTime={older}
      title={`${words('Quota', row.quota?.asOf)} · ${words('limits', row.limits?.asOf)}`}
    >
      {ageWords(now - Date.parse(older))}
    </time>
  );
}

function ageWords(age: number): string {
  const words = formatAge(age);
  return words === 'just now' ? words : `${words} ago`;
}

/**
 * A limit or quota in a cell. Not read, not set, zero (of a rate: unlimited) and a figure look different. Hovering
 * is by the browser's own means: a grid has hundreds of these.
 * @param props.value undefined: not read yet; null: not set
 * @param props.unit dimmed after the figure
 * @param props.unset what not set means
 * @param props.asOf when it was read
 */
function LimitValue(props: {
  value: WireInteger | null | undefined;
  unit?: string;
  unset?: string;
  asOf?: string | undefined;
}) {
  const { value, unit, unset = 'the default applies', asOf } = props;
  const read = asOf === undefined ? '' : ` · read ${formatUtc(asOf)}`;
  if (value === undefined) {
    return (
      <span
        className={classes.unread}
        title="Not read yet. Load it with the whole cluster’s keys and limits."
      >
        <span aria-hidden="true">·</span>
        <span className="oc-hidden">not read</span>
      </span>
    );
  }
  if (value === null) {
    return (
      <span title={`Not set: ${unset}${read}`}>
        <NotSet />
      </span>
    );
  }
  if (Number(value) === 0 && unit !== 'GB') {
    return (
      <span title={read === '' ? undefined : `Set to 0: unlimited${read}`}>
        <Unlimited short />
      </span>
    );
  }
  const text =
    typeof value === 'string' ? formatCount(fromWireInteger(value)) : formatNumber(value, 3);
  return (
    <span className="oc-number" title={`${text}${unit ? ` ${unit}` : ''}${read}`}>
      {text}
      {unit && <span className={classes.unit}> {unit}</span>}
    </span>
  );
}

/**
 * Size against the quota that applies, as a bar with its share.
 * @param props.fraction size over quota; null where no quota applies or it is not known
 */
function QuotaBar(props: { fraction: number | null; known: boolean }) {
  const { fraction, known } = props;
  if (fraction === null) {
    return <span className="oc-faint">{known ? 'no quota' : ''}</span>;
  }
  return <ShareBar fraction={fraction} warnFrom={0.8} badFrom={1} />;
}

/**
 * A share as a bar with its percent.
 * @param props.fraction 1 is all
 */
export function ShareBar(props: { fraction: number; warnFrom: number; badFrom: number }) {
  const { fraction, warnFrom, badFrom } = props;
  const tone = fraction >= badFrom ? 'bad' : fraction >= warnFrom ? 'warning' : 'good';
  const share = Math.floor(fraction * 1000) / 10;
  const percent = `${share >= 10 ? formatCount(Math.floor(share)) : share.toFixed(1)} %`;
  // so that the bar of what is far over keeps its room
  const words = share >= 10_000 ? `${formatCount(Math.floor(fraction))} ×` : percent;
  return (
    <span className={classes.usage} data-tone={tone} title={percent}>
      <span className={classes.track} aria-hidden="true">
        <span className={classes.bar} style={{ width: `${Math.min(100, fraction * 100)}%` }} />
      </span>
      <span className={`oc-number ${classes.share}`}>{words}</span>
    </span>
  );
}

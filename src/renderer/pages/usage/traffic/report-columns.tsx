import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { bucketReading, userReading, withOpen } from '../../../changes/operation/reading-items.tsx';
import { type RowMenu, withRowMenu } from '../../../changes/operation/row-actions.tsx';
import { itemWords } from '../../../changes/statements/charged-item.tsx';
import {
  exactWords,
  gigabyteWords,
  type SourceLine,
  unitFigure,
} from '../../../changes/statements/line-source.ts';
import { clusterPath } from '../../../kit/addresses.ts';
import { Bytes } from '../../../kit/components/bytes.tsx';
import { formatBytes, formatCount, userWords } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import { customColumn, figureColumn } from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import type { ColumnSums } from '../../../lists/table/data-row.tsx';
import {
  bucketWords,
  type Counters,
  exactCount,
  operationKinds,
  operationsOf,
  percentOf,
  percentWords,
  trafficOf,
  type UsageRow,
} from '../shared/figures.ts';
import classes from '../shared/usage.module.css';
import type { Breakdown } from './scope.ts';

type Column = DataColumn<UsageRow>;

const figureColumns: readonly Column[] = [
  bytesColumn('uploaded', 'In', 'Bytes that were uploaded.'),
  bytesColumn('downloaded', 'Out', 'Bytes that were downloaded.'),
  figureColumn('operations', 'Operations', {
    description: 'Of all kinds together.',
    width: 92,
    sortKey: 'operations',
    cell: (row) => formatCount(operationsOf(row)),
  }),
  ...operationKinds.map(
    ([kind, label]): Column => ({
      id: kind,
      header: label,
      width: 80,
      align: 'right',
      sortKey: kind,
      cell: (row) => exactCount(row[kind]),
    }),
  ),
];

function bytesColumn(id: 'uploaded' | 'downloaded', header: string, description: string): Column {
  return {
    id,
    header,
    description,
    width: 100,
    align: 'right',
    sortKey: id,
    cell: (row) => <Bytes value={row[id]} source="sum over the archived statistics" />,
  };
}

/** Bytes in and out with a bar in proportion to the largest. */
function trafficColumn(whole: bigint, largest: bigint): Column {
  return figureColumn('traffic', 'Traffic', {
    description: 'Bytes in and out together, and their part of the whole.',
    width: 140,
    sortKey: 'traffic',
    cell: (row) => <Share part={trafficOf(row)} whole={whole} largest={largest} />,
  });
}

function Share(props: { part: bigint; whole: bigint; largest: bigint }) {
  const { part, whole, largest } = props;
  return (
    <span className={classes.share} title={`${percentWords(part, whole)} of ${formatBytes(whole)}`}>
      <span className={classes.shareTrack} aria-hidden>
        <span className={classes.shareBar} style={{ width: `${percentOf(part, largest)}%` }} />
      </span>
      <Bytes value={part.toString()} source="sum over the archived statistics" />
    </span>
  );
}

function Epoch({ epoch }: { epoch: WireInteger | null }) {
  if (epoch === null) return null;
  return (
    <span
      className={classes.tag}
      title="A bucket that is deleted and created again under its name gets another epoch."
    >
      epoch {fromWireInteger(epoch).toString()}
    </span>
  );
}

const subjectColumns: Record<Exclude<Breakdown, 'object'>, Column> = {
  user: customColumn('name', 'User', {
    width: 180,
    grow: true,
    sortKey: 'name',
    searched: true,
    cell: ({ email, userId }) => <span title={userId ?? ''}>{userWords(email, userId)}</span>,
  }),
  bucket: customColumn('name', 'Bucket', {
    description: 'What a request to no bucket used is “not of a bucket”.',
    width: 180,
    grow: true,
    sortKey: 'name',
    searched: true,
    cell: ({ bucket, epoch, recreated }) => (
      <>
        <span className={bucket === '' ? 'oc-dimmed' : undefined}>{bucketWords(bucket ?? '')}</span>
        {recreated && bucket !== '' && <Epoch epoch={epoch} />}
      </>
    ),
  }),
  day: customColumn('name', 'Day', {
    width: 140,
    grow: true,
    sortKey: 'name',
    cell: ({ at }) => <Time value={at} />,
  }),
  hour: customColumn('name', 'Hour', {
    width: 140,
    grow: true,
    sortKey: 'name',
    cell: ({ at }) => <Time value={at} />,
  }),
};

const menu: RowMenu<UsageRow> = {
  nameOf: ({ bucket, email, userId }) => (bucket ? bucket : userWords(email, userId)),
  reading: ({ bucket, email, userId }, connectionId) => {
    const user = userId ? userReading(connectionId, userId, email) : null;
    if (!bucket) {
      // requests of no bucket by several users
      return user
        ? withOpen('Open user', user)
        : { path: clusterPath(connectionId, 'usage'), copies: {} };
    }
    return withOpen('Open bucket', bucketReading(connectionId, { name: bucket, ownerId: userId }));
  },
};

type Billed = SourceLine & { item: 'uploaded' | 'downloaded' };

/** The line where it is one of traffic: a bill counts that in other units than lists do. */
function billedTraffic(line: SourceLine | null): Billed | null {
  const { item } = line ?? {};
  return line && (item === 'uploaded' || item === 'downloaded') ? { ...line, item } : null;
}

function BilledFigure({ line, of }: { line: Billed; of: Counters }) {
  const quantity = of[line.item];
  return (
    <span className="oc-number" data-hint={exactWords(line.item, fromWireInteger(quantity))}>
      {unitFigure([{ from: line.from, quantity }], line)}
    </span>
  );
}

/** What a statement charged, in its unit. */
function billedColumns(line: SourceLine | null): readonly Column[] {
  const billed = billedTraffic(line);
  if (!billed) return [];
  return [
    figureColumn('billed', `${itemWords[billed.item]}, ${billed.unit}`, {
      description: `As the statement counts it: 1 GB is ${gigabyteWords(billed)}.`,
      width: 108,
      cell: (row) => <BilledFigure line={billed} of={row} />,
    }),
  ];
}

const inSum = 'sum of all rows that match';

/** The sums of what objects count, by column. */
export function counterSums(totals: Counters): ColumnSums {
  return {
    uploaded: <Bytes value={totals.uploaded} source={inSum} />,
    downloaded: <Bytes value={totals.downloaded} source={inSum} />,
    operations: formatCount(operationsOf(totals)),
    ...Object.fromEntries(operationKinds.map(([kind]) => [kind, exactCount(totals[kind])])),
  };
}

/** The sums of a report's rows, by column. */
export function reportSums(totals: Counters, line: SourceLine | null): ColumnSums {
  const billed = billedTraffic(line);
  return {
    name: 'Sum',
    ...(billed ? { billed: <BilledFigure line={billed} of={totals} /> } : {}),
    traffic: <Bytes value={trafficOf(totals).toString()} source={inSum} />,
    ...counterSums(totals),
  };
}

/**
 * Columns of a report.
 * @param whole bytes in and out of everything the report counts
 * @param largest bytes in and out of the largest row
 * @param line the statement's line that is explained
 */
export function reportColumns(
  by: Exclude<Breakdown, 'object'>,
  whole: bigint,
  largest: bigint,
  line: SourceLine | null,
): readonly Column[] {
  const columns = [
    subjectColumns[by],
    ...billedColumns(line),
    trafficColumn(whole, largest),
    ...figureColumns,
  ];
  return by === 'day' || by === 'hour' ? columns : withRowMenu(columns, menu);
}

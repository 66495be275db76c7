import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { bucketReading, userReading, withOpen } from '../../../changes/operation/reading-items.tsx';
import { type RowMenu, withRowMenu } from '../../../changes/operation/row-actions.tsx';
import { clusterPath } from '../../../kit/addresses.ts';
import { Bytes } from '../../../kit/components/bytes.tsx';
import { formatBytes, formatCount, userWords } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import { customColumn, figureColumn } from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import {
  bucketWords,
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
    width: 96,
    sortKey: 'operations',
    cell: (row) => formatCount(operationsOf(row)),
  }),
  ...operationKinds.map(
    ([kind, label]): Column => ({
      id: kind,
      header: label,
      width: 84,
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
    width: 160,
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
    width: 210,
    grow: true,
    sortKey: 'name',
    searched: true,
    cell: ({ email, userId }) => <span title={userId ?? ''}>{userWords(email, userId)}</span>,
  }),
  bucket: customColumn('name', 'Bucket', {
    description: 'What a request to no bucket used is “not of a bucket”.',
    width: 210,
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
    width: 170,
    grow: true,
    sortKey: 'name',
    cell: ({ at }) => <Time value={at} />,
  }),
  hour: customColumn('name', 'Hour', {
    width: 170,
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

/**
 * Columns of a report.
 * @param whole bytes in and out of everything the report counts
 * @param largest bytes in and out of the largest row
 */
export function reportColumns(
  by: Exclude<Breakdown, 'object'>,
  whole: bigint,
  largest: bigint,
): readonly Column[] {
  const columns = [subjectColumns[by], trafficColumn(whole, largest), ...figureColumns];
  return by === 'day' || by === 'hour' ? columns : withRowMenu(columns, menu);
}

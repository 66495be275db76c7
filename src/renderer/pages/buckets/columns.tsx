import { fromWireInteger } from '#shared/units.ts';
import { bucketActions } from '../../changes/buckets/remove-bucket.tsx';
import { actionsColumn } from '../../changes/operation/row-actions.tsx';
import { WriteMark } from '../../changes/operation/write-mark.tsx';
import { bucketPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes } from '../../kit/components/bytes.tsx';
import { Identifier } from '../../kit/components/identifier.tsx';
import { Time } from '../../kit/components/time.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import type { RowOf } from '../../lists/table/page-reader.ts';
import { RowLink } from '../../lists/table/row-link.tsx';

/** A row of the buckets list. */
export type BucketRow = RowOf<'buckets.list'>;

/** The end of the accounted hour that `lastHour` counts (whole hours since the Unix epoch), ISO 8601. */
export function lastHourTime(lastHour: number): string | null {
  return lastHour > 0 ? new Date(lastHour * 3_600_000).toISOString() : null;
}

/** Columns of the buckets list. */
export const bucketColumns: readonly DataColumn<BucketRow>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 220,
    grow: true,
    sortKey: 'name',
    cell: (bucket) => (
      <>
        <BucketLink bucket={bucket} />
        <WriteMark key={bucket.name} kind="bucket" id={bucket.name} />
      </>
    ),
    csv: ({ name }) => name,
  },
  {
    id: 'ownerEmail',
    header: 'Owner',
    width: 220,
    grow: true,
    sortKey: 'ownerEmail',
    cell: (bucket) => <OwnerLink {...bucket} />,
    csv: ({ ownerEmail, ownerId }) => (ownerEmail === '' ? ownerId : ownerEmail),
  },
  {
    id: 'ownerId',
    header: 'Owner id',
    width: 190,
    hidden: true,
    cell: ({ ownerId }) => <Identifier value={ownerId} what="owner id" />,
    csv: ({ ownerId }) => ownerId,
  },
  {
    id: 'currentBytes',
    header: 'Size',
    description: 'Current size, from the bucket list.',
    width: 110,
    align: 'right',
    sortKey: 'currentBytes',
    sortsDescendingFirst: true,
    cell: ({ currentBytes }) => <Bytes value={currentBytes} source="from the bucket list" />,
    csv: ({ currentBytes }) => fromWireInteger(currentBytes),
  },
  {
    id: 'peakBytes',
    header: 'Peak',
    description: 'Highest size within the last accounted hour.',
    width: 110,
    align: 'right',
    sortKey: 'peakBytes',
    sortsDescendingFirst: true,
    cell: ({ peakBytes }) => <Bytes value={peakBytes} source="from the bucket list" />,
    csv: ({ peakBytes }) => fromWireInteger(peakBytes),
  },
  {
    id: 'createdAt',
    header: 'Created',
    width: 150,
    sortKey: 'createdAt',
    sortsDescendingFirst: true,
    cell: ({ createdAt }) => <Time value={createdAt} />,
    csv: ({ createdAt }) => createdAt,
  },
  {
    id: 'lastHour',
    header: 'Accounted until',
    description: 'The last hour for which the gateway accounted this bucket’s size.',
    width: 150,
    sortKey: 'lastHour',
    sortsDescendingFirst: true,
    hidden: true,
    cell: ({ lastHour }) => <Time value={lastHourTime(lastHour)} />,
    csv: ({ lastHour }) => lastHourTime(lastHour),
  },
  actionsColumn(bucketActions, ({ name }) => name),
];

function BucketLink({ bucket }: { bucket: BucketRow }) {
  const cluster = useCluster();
  return (
    <RowLink to={bucketPath(cluster.id, bucket.name)} words={bucket.name}>
      {bucket.name}
    </RowLink>
  );
}

/** A bucket's owner as a link to the user; the bare id where no user of that id is known. */
export function OwnerLink(props: { ownerId: string; ownerEmail: string | null }) {
  const cluster = useCluster();
  const { ownerId, ownerEmail } = props;
  if (ownerEmail === null) {
    return (
      <span className="oc-dimmed">
        <Identifier value={ownerId} what="owner id" copy={false} /> (no such user)
      </span>
    );
  }
  return (
    <RowLink to={userPath(cluster.id, ownerId)} words={ownerEmail || ownerId} leaves>
      {ownerEmail || ownerId}
    </RowLink>
  );
}

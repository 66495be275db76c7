import { bucketActions } from '../../changes/buckets/remove-bucket.tsx';
import { bucketReading } from '../../changes/operation/reading-items.tsx';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { WriteMark } from '../../changes/operation/write-mark.tsx';
import { bucketPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Identifier } from '../../kit/components/identifier.tsx';
import { Time } from '../../kit/components/time.tsx';
import {
  bytesColumn,
  customColumn,
  idColumn,
  textColumn,
  timeColumn,
} from '../../lists/table/column-kinds.tsx';
import type { ColumnPreset, DataColumn } from '../../lists/table/columns.ts';
import { growthColumn, quotaColumn, usedColumn } from '../../lists/table/figure-columns.tsx';
import { RowLink } from '../../lists/table/row-link.tsx';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';

export type BucketRow = RowOf<'buckets.list'>;

/** The end of the accounted hour that `lastHour` counts (whole hours since the Unix epoch), ISO 8601. */
export function lastHourTime(lastHour: number): string | null {
  return lastHour > 0 ? new Date(lastHour * 3_600_000).toISOString() : null;
}

const columns: readonly DataColumn<BucketRow>[] = [
  textColumn('name', 'Name', {
    width: 200,
    grow: true,
    sorts: true,
    searched: true,
    cell: (bucket) => (
      <>
        <BucketLink bucket={bucket} />
        <WriteMark key={bucket.name} kind="bucket" id={bucket.name} />
      </>
    ),
  }),
  customColumn('ownerEmail', 'Owner', {
    width: 190,
    grow: true,
    sortKey: 'ownerEmail',
    cell: (bucket) => <OwnerLink {...bucket} />,
    csv: ({ ownerEmail, ownerId }) => (ownerEmail === '' ? ownerId : ownerEmail),
  }),
  idColumn('ownerId', 'Owner id', { width: 190, hidden: true }),
  bytesColumn('currentBytes', 'Size', {
    width: 92,
    source: 'from the bucket list',
    description: 'Current size, from the bucket list.',
    sorts: true,
  }),
  quotaColumn('bucket'),
  usedColumn(),
  growthColumn(),
  bytesColumn('peakBytes', 'Peak', {
    width: 92,
    source: 'from the bucket list',
    description: 'Highest size within the last accounted hour.',
    sorts: true,
  }),
  timeColumn('createdAt', 'Created', { sorts: true }),
  customColumn('lastHour', 'Accounted until', {
    description: 'The last hour for which the gateway accounted this bucket’s size.',
    width: 150,
    sortKey: 'lastHour',
    sortsDescendingFirst: true,
    hidden: true,
    cell: ({ lastHour }) => <Time value={lastHourTime(lastHour)} />,
    csv: ({ lastHour }) => lastHourTime(lastHour),
  }),
];

export const bucketColumns = withRowMenu(columns, {
  nameOf: ({ name }) => name,
  nounOf: () => 'bucket',
  reading: (bucket, connectionId) => bucketReading(connectionId, bucket),
  actions: bucketActions,
});

export const bucketPresets: readonly ColumnPreset[] = [
  {
    name: 'Daily work',
    columns: [
      ...['name', 'ownerEmail', 'currentBytes', 'quota', 'used', 'growth', 'peakBytes'],
      'createdAt',
    ],
  },
  {
    name: 'Capacity',
    columns: ['name', 'currentBytes', 'peakBytes', 'growth', 'quota', 'used', 'lastHour'],
  },
  {
    name: 'Billing',
    columns: ['name', 'ownerEmail', 'ownerId', 'currentBytes', 'createdAt', 'lastHour'],
  },
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
function OwnerLink(props: { ownerId: string; ownerEmail: string | null }) {
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

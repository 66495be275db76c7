import { IconDatabaseOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { bucketReading, userReading, withOpen } from '../../../changes/operation/reading-items.tsx';
import { withRowMenu } from '../../../changes/operation/row-actions.tsx';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { Bytes, NotCounted } from '../../../kit/components/bytes.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { formatCount, userWords } from '../../../kit/components/format.ts';
import { ListTable } from '../../../lists/list-page/list-table.tsx';
import { customColumn, figureColumn, textColumn } from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import type { RowOf } from '../../../lists/table/use-paged-rows.ts';
import type { StorageSubject } from './storage-facts.tsx';

type UserRow = RowOf<'users.list'>;
type BucketRow = RowOf<'buckets.list'>;

interface Sized {
  currentBytes: BucketRow['currentBytes'];
  peakBytes: BucketRow['peakBytes'];
  /** Of users: null where they were not counted yet. */
  bucketCount?: number | null;
}

function Size({ of, bytes }: { of: Sized; bytes: Sized['currentBytes'] }) {
  if (of.bucketCount === null) return <NotCounted />;
  return <Bytes value={bytes} source="from the bucket list" />;
}

function sizeColumns<Row extends Sized>(): DataColumn<Row>[] {
  return [
    figureColumn('currentBytes', 'Size now', {
      width: 120,
      sortKey: 'currentBytes',
      cell: (row) => <Size of={row} bytes={row.currentBytes} />,
    }),
    figureColumn('peakBytes', 'Peak', {
      description: 'Highest within the last accounted hour.',
      width: 120,
      sortKey: 'peakBytes',
      cell: (row) => <Size of={row} bytes={row.peakBytes} />,
    }),
  ];
}

const userColumns: readonly DataColumn<UserRow>[] = [
  customColumn('name', 'User', {
    width: 280,
    grow: true,
    sortKey: 'email',
    searched: true,
    cell: ({ email, userId }) => userWords(email, userId),
  }),
  ...sizeColumns<UserRow>(),
  figureColumn('bucketCount', 'Buckets', {
    width: 90,
    sortKey: 'bucketCount',
    cell: ({ bucketCount }) => (bucketCount === null ? <NotCounted /> : formatCount(bucketCount)),
  }),
];

const bucketColumns: readonly DataColumn<BucketRow>[] = [
  textColumn('name', 'Bucket', { width: 280, grow: true, sorts: true, searched: true }),
  customColumn('owner', 'Owner', {
    width: 240,
    cell: ({ ownerEmail, ownerId }) => userWords(ownerEmail, ownerId),
  }),
  ...sizeColumns<BucketRow>(),
];

const userColumnsWithMenu = withRowMenu(userColumns, {
  nameOf: ({ email, userId }) => userWords(email, userId),
  reading: ({ email, userId }, connectionId) =>
    withOpen('Open user', userReading(connectionId, userId, email)),
});

const bucketColumnsWithMenu = withRowMenu(bucketColumns, {
  nameOf: ({ name }) => name,
  reading: (bucket, connectionId) => withOpen('Open bucket', bucketReading(connectionId, bucket)),
});

const bySize = { by: 'currentBytes', descending: true };

const nothing = (
  <EmptyState icon={IconDatabaseOff} title="None found">
    Of what was read of this cluster, no user or bucket matches.
  </EmptyState>
);

/** Users or buckets, largest first; opening one shows its size over time. */
export function LargestTable(props: {
  of: 'users' | 'buckets';
  /** Only this user's buckets. */
  ownerId: string | null;
  to(subject: StorageSubject): string;
  before: ReactNode;
}) {
  const { of, ownerId, to, before } = props;
  const cluster = useCluster();
  const navigate = useNavigate();
  if (of === 'users') {
    return (
      <ListTable
        tableId="usage-storage-users"
        label="Users by size"
        call="users.list"
        input={{ connectionId: cluster.id }}
        columns={userColumnsWithMenu}
        rowId={({ userId }: UserRow) => userId}
        defaultSort={bySize}
        searchPlaceholder="Search e-mail or user id"
        onOpen={({ userId }: UserRow) => navigate(to({ userId, bucket: null }))}
        before={before}
        empty={nothing}
      />
    );
  }
  return (
    <ListTable
      tableId="usage-storage-buckets"
      label="Buckets by size"
      call="buckets.list"
      input={{ connectionId: cluster.id, ...(ownerId === null ? {} : { ownerId }) }}
      columns={bucketColumnsWithMenu}
      rowId={({ name }: BucketRow) => name}
      defaultSort={bySize}
      searchPlaceholder="Search bucket"
      onOpen={({ name }: BucketRow) => navigate(to({ userId: null, bucket: name }))}
      before={before}
      empty={nothing}
    />
  );
}

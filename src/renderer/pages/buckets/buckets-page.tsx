import { IconBucket } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { BucketDetail } from '../../changes/buckets/bucket-detail.tsx';
import { ChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { ReadingCommands } from '../../changes/operation/planned-requests.tsx';
import { useFlashingRows } from '../../changes/operation/write-mark.tsx';
import { bucketPath, clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { DetailPage } from '../../kit/detail/detail-page.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { enteredText, type FilterPart, type ListFilter } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { bucketFilters, ownerFilter } from '../../lists/list-page/target-filters.ts';
import { type BucketRow, bucketColumns, bucketPresets } from './columns.tsx';
import { FindSeveralDialog } from './find-several-dialog.tsx';

/** The filters of buckets; the owner that a link names is there by e-mail. */
function useBucketFilters(): readonly ListFilter<FilterPart<'buckets.list'>>[] {
  const cluster = useCluster();
  const [parameters] = useSearchParams();
  const value = parameters.get('owner');
  const owner = value === null || enteredText(value) !== null ? null : value;
  const user = useCall(
    'users.list',
    { connectionId: cluster.id, search: owner ?? '', offset: 0, limit: 1 },
    { enabled: owner !== null },
  ).data?.rows.find(({ userId }) => userId === owner);
  const label = user?.email || owner;
  return useMemo(() => {
    if (owner === null || label === null) return bucketFilters;
    const named = ownerFilter([{ value: owner, label }]);
    return bucketFilters.map((filter) => (filter.id === 'owner' ? named : filter));
  }, [owner, label]);
}

export function BucketsPage() {
  const cluster = useCluster();
  const filters = useBucketFilters();
  const flashing = useFlashingRows('bucket');
  return (
    <ListView
      tableId="buckets"
      title="Buckets"
      noun="bucket"
      call="buckets.list"
      columns={bucketColumns}
      rowId={(bucket: BucketRow) => bucket.name}
      filters={filters}
      presets={bucketPresets}
      searchPlaceholder="Search bucket name"
      defaultSort={{ by: 'name', descending: false }}
      primaryAction={
        <>
          <ReadingCommands of={{ list: 'buckets' }} name="buckets" />
          <SmallButton onClick={() => openDialog((close) => <FindSeveralDialog onClose={close} />)}>
            Find several
          </SmallButton>
        </>
      }
      renderDetail={(name) => <BucketDetail name={name} />}
      fullPath={(name) => bucketPath(cluster.id, name)}
      renderBulkActions={(selection) => (
        <ChangeMenu targets={{ kind: 'bucket', ids: [...selection.rows.keys()] }} />
      )}
      flashing={flashing}
      empty={
        <EmptyState icon={IconBucket} title="No buckets yet">
          No user of this cluster has made a bucket. Buckets are made by tenants with an S3 client.
        </EmptyState>
      }
    />
  );
}

export function BucketPage() {
  const { name = '' } = useParams();
  const cluster = useCluster();
  return (
    <DetailPage
      title="Bucket"
      listPath={clusterPath(cluster.id, 'buckets')}
      listLabel="All buckets"
    >
      <BucketDetail key={name} name={name} />
    </DetailPage>
  );
}

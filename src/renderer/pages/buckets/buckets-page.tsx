import { IconBucket } from '@tabler/icons-react';
import { useParams } from 'react-router';
import { BucketDetail } from '../../changes/buckets/bucket-detail.tsx';
import { ChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { ReadingCommands } from '../../changes/operation/planned-requests.tsx';
import { useFlashingRows } from '../../changes/operation/write-mark.tsx';
import { bucketPath, clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { DetailPage } from '../../kit/detail/detail-page.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { bucketFilters } from '../../lists/list-page/target-filters.ts';
import { useNamedOwner } from '../../lists/list-page/use-named-owner.ts';
import { type BucketRow, bucketColumns, bucketPresets } from './columns.tsx';
import { FindSeveralDialog } from './find-several-dialog.tsx';

export function BucketsPage() {
  const cluster = useCluster();
  const filters = useNamedOwner(bucketFilters);
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

import { Button } from '@mantine/core';
import { IconBucket } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { BucketDetail } from '../../changes/buckets/bucket-detail.tsx';
import { ChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { ReadingCommands } from '../../changes/operation/planned-requests.tsx';
import { useFlashingRows } from '../../changes/operation/write-mark.tsx';
import { bucketPath, clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { DetailPage } from '../../kit/detail/detail-page.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import type { FilterPart, ListFilter } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { bucketFilters } from '../../lists/list-page/target-filters.ts';
import { type BucketRow, bucketColumns } from './columns.tsx';
import { FindSeveralDialog } from './find-several-dialog.tsx';

/** The filter that narrows the list to one owner: set by a link from the user, named by e-mail. */
function useOwnerFilter(): ListFilter<FilterPart<'buckets.list'>>[] {
  const cluster = useCluster();
  const [parameters] = useSearchParams();
  const owner = parameters.get('owner');
  const user = useCall(
    'users.list',
    { connectionId: cluster.id, search: owner ?? '', offset: 0, limit: 1 },
    { enabled: owner !== null },
  ).data?.rows.find(({ userId }) => userId === owner);
  if (owner === null) return [];
  return [
    {
      id: 'owner',
      label: 'Owner',
      options: [{ value: owner, label: user?.email || owner }],
      toInput: (ownerId) => ({ ownerId }),
    },
  ];
}

export function BucketsPage() {
  const cluster = useCluster();
  const ownerFilter = useOwnerFilter();
  const ownerLabel = ownerFilter[0]?.options[0]?.label;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new array each time, the same by label
  const allFilters = useMemo(() => [...bucketFilters, ...ownerFilter], [ownerLabel]);
  const flashing = useFlashingRows('bucket');
  return (
    <ListView
      tableId="buckets"
      title="Buckets"
      noun="bucket"
      call="buckets.list"
      columns={bucketColumns}
      rowId={(bucket: BucketRow) => bucket.name}
      filters={allFilters}
      searchPlaceholder="Search bucket or owner"
      defaultSort={{ by: 'name', descending: false }}
      primaryAction={
        <>
          <ReadingCommands of={{ list: 'buckets' }} name="buckets" />
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => openDialog((close) => <FindSeveralDialog onClose={close} />)}
          >
            Find several
          </Button>
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

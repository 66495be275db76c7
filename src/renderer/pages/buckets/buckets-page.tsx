import { Button } from '@mantine/core';
import { IconBucket } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { BucketDetail } from '../../changes/buckets/bucket-detail.tsx';
import { ChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { ReadingCommands } from '../../changes/operation/reading-commands.tsx';
import { useFlashingRows } from '../../changes/operation/use-flashing-rows.ts';
import { bucketPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { type ListFilter, setDays } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { minBytes, sizeFilter } from '../../lists/list-page/size-filter.ts';
import { startOfDay } from '../../lists/list-page/start-of-day.ts';
import type { ListAddress } from '../../lists/table/use-list-address.ts';
import type { ListInput } from '../../lists/table/use-paged-rows.ts';
import { type BucketRow, bucketColumns } from './columns.tsx';
import { FindSeveralDialog } from './find-several-dialog.tsx';

const filters: readonly ListFilter[] = [
  {
    id: 'content',
    label: 'Content',
    options: [
      { value: 'filled', label: 'Holds data' },
      { value: 'empty', label: 'Empty' },
    ],
  },
  sizeFilter,
  {
    id: 'created',
    label: 'Created',
    options: [
      { value: '7', label: 'Within 7 days' },
      { value: '30', label: 'Within 30 days' },
      { value: '365', label: 'Within a year' },
    ],
    ownNumber: {
      label: 'Within',
      unit: 'days',
      most: 36_500,
      words: (days) => `within ${formatCounted(Number(days), 'day')}`,
    },
  },
  {
    id: 'known',
    label: 'Owner',
    options: [
      { value: 'yes', label: 'A known user' },
      { value: 'no', label: 'No such user' },
    ],
  },
];

type BucketFilter = NonNullable<ListInput<'buckets.list'>['filter']>;
type BucketSortKey = NonNullable<ListInput<'buckets.list'>['sort']>['by'];

function toInput(address: ListAddress, connectionId: string): ListInput<'buckets.list'> {
  const { content, size, created, known, owner } = address.filters;
  const filter: BucketFilter = {
    ...(content ? { size: content as NonNullable<BucketFilter['size']> } : {}),
    ...minBytes(size),
    ...(created ? { createdAfter: startOfDay(setDays(created, -1)) } : {}),
    ...(known ? { ownerKnown: known === 'yes' } : {}),
  };
  return {
    connectionId,
    ...(address.search === '' ? {} : { search: address.search }),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
    ...(owner ? { ownerId: owner } : {}),
    ...(address.sort
      ? { sort: { by: address.sort.by as BucketSortKey, descending: address.sort.descending } }
      : {}),
  };
}

/** The filter that narrows the list to one owner: set by a link from the user, named by e-mail. */
function useOwnerFilter(): ListFilter[] {
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
    { id: 'owner', label: 'Owner', options: [{ value: owner, label: user?.email || owner }] },
  ];
}

/** The buckets of the cluster. */
export function BucketsPage() {
  const cluster = useCluster();
  const ownerFilter = useOwnerFilter();
  const ownerLabel = ownerFilter[0]?.options[0]?.label;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new array each time, the same by label
  const allFilters = useMemo(() => [...filters, ...ownerFilter], [ownerLabel]);
  const flashing = useFlashingRows('bucket');
  return (
    <ListView
      tableId="buckets"
      title="Buckets"
      noun="bucket"
      call="buckets.list"
      toInput={toInput}
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

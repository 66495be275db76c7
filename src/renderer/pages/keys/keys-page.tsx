import { IconKey } from '@tabler/icons-react';
import { KeyChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { InventoryStrip } from '../../changes/limits/inventory-strip.tsx';
import { ReadingCommands } from '../../changes/operation/reading-commands.tsx';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { type ListFilter, setDays } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import type { ListAddress } from '../../lists/table/use-list-address.ts';
import type { ListInput } from '../../lists/table/use-paged-rows.ts';
import { keyColumns } from './columns.tsx';
import type { KeyRow } from './key-actions.tsx';
import classes from './keys.module.css';

type KeyFilter = NonNullable<ListInput<'keys.list'>['filter']>;
type KeySortKey = NonNullable<ListInput<'keys.list'>['sort']>['by'];

const filters: readonly ListFilter[] = [
  {
    id: 'slots',
    label: 'Slots',
    options: [
      { value: 'both', label: 'Two keys' },
      { value: 'one', label: 'One key' },
    ],
  },
  {
    id: 'state',
    label: 'Owner',
    options: [
      { value: 'disabled', label: 'Owner disabled' },
      { value: 'enabled', label: 'Owner enabled' },
      { value: 'unknown', label: 'State not known' },
    ],
  },
  {
    id: 'older',
    label: 'First seen',
    options: [
      { value: '30', label: 'Older than 30 days' },
      { value: '90', label: 'Older than 90 days' },
      { value: '180', label: 'Older than 180 days' },
      { value: '365', label: 'Older than a year' },
    ],
    ownNumber: {
      label: 'Older than',
      unit: 'days',
      most: 36_500,
      words: (days) => `older than ${formatCounted(Number(days), 'day')}`,
    },
  },
  {
    id: 'holder',
    label: 'Holder',
    options: [
      { value: 'user', label: 'User’s own' },
      { value: 'account', label: 'Of an account' },
    ],
  },
];

function toInput(address: ListAddress, connectionId: string): ListInput<'keys.list'> {
  const { slots, state, older, holder } = address.filters;
  const filter: KeyFilter = {
    ...(slots ? { bothSlots: slots === 'both' } : {}),
    ...(state ? { ownerState: state as NonNullable<KeyFilter['ownerState']> } : {}),
    ...(older ? { olderThanDays: setDays(older, 36_500) } : {}),
    ...(holder ? { holder: holder as NonNullable<KeyFilter['holder']> } : {}),
  };
  return {
    connectionId,
    ...(address.search === '' ? {} : { search: address.search }),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
    ...(address.sort
      ? { sort: { by: address.sort.by as KeySortKey, descending: address.sort.descending } }
      : {}),
  };
}

const separator = ' ';

/** Every access key of the cluster's users and accounts, as the background sweep last read them. */
export function KeysPage() {
  const cluster = useCluster();
  const ownerOf = (rowId: string) => rowId.split(separator)[0] ?? rowId;
  return (
    <ListView
      tableId="keys"
      title="Keys"
      noun="key"
      call="keys.list"
      toInput={toInput}
      columns={keyColumns}
      rowId={({ ownerId, accountName, accessKeyId }: KeyRow) =>
        [ownerId, accountName ?? '', accessKeyId].join(separator)
      }
      filters={filters}
      searchPlaceholder="Search key id, owner or account"
      defaultSort={{ by: 'ownerEmail', descending: false }}
      primaryAction={<ReadingCommands of={{ list: 'keys' }} name="keys" />}
      renderDetail={(rowId) => <UserDetail key={ownerOf(rowId)} userId={ownerOf(rowId)} />}
      fullPath={(rowId) => userPath(cluster.id, ownerOf(rowId))}
      renderBulkActions={(selection) => (
        <KeyChangeMenu
          keys={[...selection.rows.values()].map(({ ownerId, accountName, accessKeyId }) => ({
            userId: ownerId,
            accessKeyId,
            ...(accountName === null ? {} : { accountName }),
          }))}
        />
      )}
      banner={
        <div className={classes.strip}>
          <InventoryStrip />
        </div>
      }
      empty={
        <EmptyState icon={IconKey} title="No keys known yet">
          The gateway tells keys one user at a time. Read all users once with the button above, in
          the background and within a budget of requests; what is read is kept.
        </EmptyState>
      }
    />
  );
}

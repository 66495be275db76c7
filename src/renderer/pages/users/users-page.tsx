import { IconUsers } from '@tabler/icons-react';
import { ChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { ReadingCommands } from '../../changes/operation/reading-commands.tsx';
import { useFlashingRows } from '../../changes/operation/use-flashing-rows.ts';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import type { ListFilter } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { minBytes, sizeFilter } from '../../lists/list-page/size-filter.ts';
import type { ListAddress } from '../../lists/table/use-list-address.ts';
import type { ListInput } from '../../lists/table/use-paged-rows.ts';
import { type UserRow, userColumns } from './columns.tsx';
import { CreateUserButton } from './create-user.tsx';

const filters: readonly ListFilter[] = [
  {
    id: 'state',
    label: 'State',
    options: [
      { value: 'enabled', label: 'Enabled' },
      { value: 'disabled', label: 'Disabled' },
      { value: 'unknown', label: 'Not known' },
    ],
  },
  {
    id: 'buckets',
    label: 'Buckets',
    options: [
      { value: 'some', label: 'Owns some' },
      { value: 'none', label: 'Owns none' },
    ],
  },
  sizeFilter,
  {
    id: 'system',
    label: 'Kind',
    options: [
      { value: 'yes', label: 'System users' },
      { value: 'no', label: 'Tenants' },
    ],
  },
];

type UserFilter = NonNullable<ListInput<'users.list'>['filter']>;
type UserSortKey = NonNullable<ListInput<'users.list'>['sort']>['by'];

function toInput(address: ListAddress, connectionId: string): ListInput<'users.list'> {
  const { state, buckets, size, system } = address.filters;
  const filter: UserFilter = {
    ...(state ? { state: state as NonNullable<UserFilter['state']> } : {}),
    ...(buckets ? { buckets: buckets as NonNullable<UserFilter['buckets']> } : {}),
    ...minBytes(size),
    ...(system ? { system: system === 'yes' } : {}),
  };
  return {
    connectionId,
    ...(address.search === '' ? {} : { search: address.search }),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
    ...(address.sort
      ? { sort: { by: address.sort.by as UserSortKey, descending: address.sort.descending } }
      : {}),
  };
}

/** The users of the cluster. */
export function UsersPage() {
  const cluster = useCluster();
  const flashing = useFlashingRows('user');
  return (
    <ListView
      tableId="users"
      title="Users"
      noun="user"
      call="users.list"
      toInput={toInput}
      columns={userColumns}
      rowId={(user: UserRow) => user.userId}
      filters={filters}
      searchPlaceholder="Search e-mail or user id"
      defaultSort={{ by: 'email', descending: false }}
      primaryAction={
        <>
          <ReadingCommands of={{ list: 'users' }} name="users" />
          <CreateUserButton />
        </>
      }
      renderDetail={(userId) => <UserDetail userId={userId} />}
      fullPath={(userId) => userPath(cluster.id, userId)}
      renderBulkActions={(selection) => (
        <ChangeMenu targets={{ kind: 'user', ids: [...selection.rows.keys()] }} />
      )}
      flashing={flashing}
      empty={
        <EmptyState icon={IconUsers} title="No users yet">
          The gateway lists no user on this cluster. A user created there appears after a refresh.
        </EmptyState>
      }
    />
  );
}

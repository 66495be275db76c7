import { IconUsers } from '@tabler/icons-react';
import { useParams } from 'react-router';
import { ChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { ReadingCommands } from '../../changes/operation/planned-requests.tsx';
import { useFlashingRows } from '../../changes/operation/write-mark.tsx';
import { CreateUserButton } from '../../changes/users/create-user.tsx';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { clusterPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { DetailPage } from '../../kit/detail/detail-page.tsx';
import { ListView } from '../../lists/list-page/list-view.tsx';
import { useUserFilters } from '../../lists/list-page/use-user-filters.ts';
import { type UserRow, userColumns, userPresets } from './columns.tsx';

export function UsersPage() {
  const cluster = useCluster();
  const filters = useUserFilters();
  const flashing = useFlashingRows('user');
  return (
    <ListView
      tableId="users"
      title="Users"
      noun="user"
      call="users.list"
      columns={userColumns}
      rowId={(user: UserRow) => user.userId}
      presets={userPresets}
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

export function UserPage() {
  const { userId = '' } = useParams();
  const cluster = useCluster();
  return (
    <DetailPage title="User" listPath={clusterPath(cluster.id, 'users')} listLabel="All users">
      <UserDetail key={userId} userId={userId} />
    </DetailPage>
  );
}

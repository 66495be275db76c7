import { useParams } from 'react-router';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { DetailPage } from '../../kit/detail/detail-page.tsx';

/** A user's own page. */
export function UserPage() {
  const { userId = '' } = useParams();
  const cluster = useCluster();
  return (
    <DetailPage title="User" listPath={clusterPath(cluster.id, 'users')} listLabel="All users">
      <UserDetail key={userId} userId={userId} />
    </DetailPage>
  );
}

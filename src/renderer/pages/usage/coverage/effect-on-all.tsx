import { agreeing } from '#shared/counted.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { Note } from '../../../kit/components/note.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import type { Span } from '../period/period.ts';

/** Says for how many users and customers a decision on hours counts: for all of the cluster. */
export function EffectOnAll({ from, to }: Span) {
  const { id: connectionId, name } = useCluster();
  const users = useCall('users.list', { connectionId, limit: 1 }).data;
  const payers = useCall('statements.payers', { connectionId, from, to }).data;
  if (!users || !payers) return <Note title={`This counts for everybody on ${name}`} />;
  const { customers, issued } = payers;
  return (
    <Note title={`This counts for everybody on ${name}`}>
      {`Figures and statements of all ${formatCounted(users.total, 'user')} change with it`}
      {customers > 0 &&
        `; ${formatCount(payers.users)} of them ${agreeing(payers.users, 'belongs', 'belong')} to ${formatCounted(customers, 'customer')}`}
      .
      {issued > 0 &&
        ` Statements of ${formatCounted(issued, 'customer')} that are issued for this time stay as they are.`}
    </Note>
  );
}

import { useCluster } from '../../../kit/cluster-context.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
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
      {`It counts for the figures and statements of all ${formatCounted(users.total, 'user')}`}
      {customers > 0 &&
        `, of ${formatCounted(customers, 'customer')} with ${formatCounted(payers.users, 'user')} here`}
      , not for the one you came from alone.
      {issued > 0 &&
        ` Statements of ${formatCounted(issued, 'customer')} that are issued for this time stay as they are.`}
    </Note>
  );
}

import { Link } from 'react-router';
import { customerPath } from '../addresses.ts';
import { useCluster } from '../cluster-context.tsx';
import { useCall } from '../rpc/use-call.ts';

/** The customers that have a user of this cluster, by name; nothing where it belongs to none. */
export function CustomerOf({ userId }: { userId: string }) {
  const { id: connectionId } = useCluster();
  const customers = useCall('customers.ofUser', { connectionId, userId }).data ?? [];
  if (customers.length === 0) return null;
  return (
    <span>
      Customer{' '}
      {customers.map(({ customerId, name }, index) => (
        <span key={customerId}>
          {index > 0 && ', '}
          <Link to={customerPath(connectionId, customerId)}>{name}</Link>
        </span>
      ))}
    </span>
  );
}

import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { isStopped } from '#shared/service-states.ts';
import { customerChecksPath, customerPath } from '../addresses.ts';
import { useCluster } from '../cluster-context.tsx';
import { useCall } from '../rpc/use-call.ts';
import { Note } from './note.tsx';

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

type User = Pick<CallOutput<'users.get'>, 'userId' | 'state'>;

/** Says that a service which pays for a user is suspended or ended; nothing where none is. */
export function StoppedServices({ user: { userId, state } }: { user: User }) {
  const { id: connectionId } = useCluster();
  const customers = useCall('customers.ofUser', { connectionId, userId }).data ?? [];
  const services = customers.flatMap((customer) =>
    customer.services.map((service) => ({ ...service, customer })),
  );
  const stopped = services.filter(({ status }) => isStopped(status));
  if (stopped.length === 0) return null;
  const isServed = state === 'enabled';
  return (
    <Note
      tone={isServed ? 'warning' : 'information'}
      role="status"
      title={isServed ? 'Enabled, though its service is not active' : 'Its service is not active'}
    >
      <ul className="oc-flush">
        {stopped.map(({ serviceId, externalId, productName, status, customer, ...service }) => (
          <li key={serviceId}>
            {productName} #{externalId} of{' '}
            <Link to={customerPath(connectionId, customer.customerId)}>{customer.name}</Link> is{' '}
            {status.toLowerCase()} in the billing system
            {service.suspensionReason && `: ${service.suspensionReason}`}.
          </li>
        ))}
      </ul>
      {isServed && (
        <p className="oc-flush">
          {services.some(({ status }) => status === 'Active') ? (
            'The user is mapped to another service, which is active.'
          ) : (
            <>
              Disable the user, or make the service active there.{' '}
              <Link to={customerChecksPath(connectionId)}>Mismatches</Link> previews the change.
            </>
          )}
        </p>
      )}
    </Note>
  );
}

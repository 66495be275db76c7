import { Link, useNavigate } from 'react-router';
import { offboardingPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { endWords, stepTitles } from './offboarding-page.tsx';
import type { Customer } from './shared/columns.tsx';
import classes from './shared/customers.module.css';

/** The cancellations of a customer, and a button to start one. Nothing is sent before its first step. */
export function Cancellations({ customer }: { customer: Customer }) {
  const { customerId, users, serviceList } = customer;
  const cluster = useCluster();
  const call = useConsole();
  const navigate = useNavigate();
  const rows = useCall('offboarding.list', { customerId, limit: 20 }).data?.rows ?? [];
  const isOpen = rows.some(({ state }) => state === 'open');
  const services = serviceList.filter(({ serviceId }) =>
    users.some((user) => user.serviceId === serviceId),
  );
  const open = async (serviceId?: string) => {
    const of = serviceId === undefined ? { customerId } : { customerId, serviceId };
    const { offboardingId } = await call('offboarding.open', of);
    navigate(offboardingPath(cluster.id, offboardingId));
  };
  return (
    <>
      {rows.map(({ offboardingId, state, startedAt, next }) => (
        <div key={offboardingId} className={classes.userHead}>
          <Link to={offboardingPath(cluster.id, offboardingId)}>
            Cancellation of <Time value={startedAt} />
          </Link>
          <StateBadge tone={state === 'finished' ? 'good' : 'idle'}>
            {state === 'open' && next ? `Next: ${stepTitles[next].name}` : endWords[state]}
          </StateBadge>
        </div>
      ))}
      {users.length > 0 && users.every(({ gone }) => gone) ? (
        <p className="oc-dimmed">No user of this customer is on a cluster any more.</p>
      ) : (
        !isOpen && (
          <div className={classes.tools}>
            <ActionButton disabled={users.length === 0} work={open}>
              Begin cancellation
            </ActionButton>
            {services.length > 1 &&
              services.map(({ serviceId, productName, externalId }) => (
                <ActionButton key={serviceId} work={() => open(serviceId)}>
                  Cancel {productName} #{externalId}
                </ActionButton>
              ))}
          </div>
        )
      )}
    </>
  );
}

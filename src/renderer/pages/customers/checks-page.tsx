import { Link, useLocation, useNavigate } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { customersPath, offboardingPath, onboardingPath, runPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { UserStateBadge } from '../../kit/components/state-badge.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { Check, type Row, userKey, userLink } from './check.tsx';
import { Shared, Suggestions } from './mapping-checks.tsx';
import { BillingTrouble } from './shared/billing-freshness.tsx';
import { BillingState, dueColumns } from './shared/columns.tsx';
import { CustomerName } from './shared/customer-name.tsx';
import { useClusterNames } from './shared/customer-parts.tsx';
import classes from './shared/customers.module.css';
import { Unpaid } from './unpaid-check.tsx';

/** Shows what billing systems and clusters say differently: users to map, and money that is lost. */
export function ChecksPage() {
  const cluster = useCluster();
  return (
    <>
      <PageBar
        title="Mismatches"
        before={<BackLink to={customersPath(cluster.id)}>All customers</BackLink>}
      />
      <BillingTrouble />
      <div className="oc-scroll">
        <div className={classes.checks} data-parts>
          <p className="oc-dimmed oc-flush">
            What the billing system and the clusters say differently. Mapping a user says which
            customer pays for it; nothing changes on a cluster or in the billing system.
          </p>
          <Suggestions />
          <Shared />
          <SuspensionDrift />
          <Unpaid />
          <Unused />
        </div>
      </div>
    </>
  );
}

function SuspensionDrift() {
  const clusterName = useClusterNames();
  return (
    <Check
      call="customers.suspensionDrift"
      title="Services and users in different states"
      none={({ pending }) =>
        pending === 0
          ? 'Every mapped user is in the state of its service.'
          : 'Every other mapped user is in the state of its service.'
      }
      remark={({ pending }) => pending > 0 && <PendingServices count={pending} />}
      rowKey={(row) => `${row.serviceId}/${userKey(row)}`}
      columns={() => [
        ['Customer', (row) => <CustomerName {...row} />],
        ['Service', ({ productName }) => productName],
        ['Its state', ({ serviceStatus }) => <BillingState status={serviceStatus} />],
        ['User', userLink],
        ['Its state on the cluster', ({ userState }) => <UserStateBadge state={userState} />],
        ['Cluster', ({ connectionId }) => clusterName(connectionId)],
        ['Actions', (row) => <Settle row={row} />, 'buttons'],
      ]}
      facts={({ clusters }) =>
        clusters.map(({ connectionId, users }) => (
          <SuspensionButton
            key={connectionId}
            connectionId={connectionId}
            name={clusterName(connectionId)}
            users={users}
          />
        ))
      }
    />
  );
}

/** A user that was made before its order was accepted is no mismatch: the order is what is left to do. */
function PendingServices({ count }: { count: number }) {
  return (
    <p className="oc-dimmed oc-flush">
      {count === 1
        ? '1 service is pending and its user enabled: it waits for its order to be accepted in the billing system.'
        : `${formatCount(count)} services are pending and their users enabled: they wait for their orders to be accepted in the billing system.`}
    </p>
  );
}

/** Prepares the bulk run of one cluster, or of one of its users, and opens its preview. */
function useSuspensionRun(): (connectionId: string, userIds?: string[]) => Promise<void> {
  const call = useConsole();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return async (connectionId, userIds) => {
    const { runId } = await call('customers.suspensionRun', { connectionId, userIds });
    navigate(runPath(connectionId, runId), { state: { from: pathname } });
  };
}

function SuspensionButton(props: { connectionId: string; name: string; users: number }) {
  const { connectionId, name, users } = props;
  const prepare = useSuspensionRun();
  return (
    <ActionButton work={() => prepare(connectionId)}>
      Preview changes of {formatCounted(users, 'user')} on {name}
    </ActionButton>
  );
}

/** What settles one row: its own change, or the cancellation that decides on its user. */
function Settle({ row }: { row: Row<'customers.suspensionDrift'> }) {
  const { connectionId, userId, offboardingId } = row;
  const cluster = useCluster();
  const prepare = useSuspensionRun();
  if (offboardingId !== null) {
    return <Link to={offboardingPath(cluster.id, offboardingId)}>Cancellation in progress</Link>;
  }
  const verb = row.operation === 'users.disable' ? 'Disable' : 'Enable';
  return (
    <ActionButton
      aria-label={`${verb} ${row.email || userId}`}
      work={() => prepare(connectionId, [userId])}
    >
      {verb}…
    </ActionButton>
  );
}

type Unused = CallOutput<'customers.unused'>['rows'][number];

/** What gives a service a user, or the cancellation that took its user away. */
function NextForService({ service }: { service: Unused }) {
  const { serviceId, customerName, externalId, offboardingId } = service;
  const cluster = useCluster();
  if (offboardingId !== null) {
    return (
      <Link to={offboardingPath(cluster.id, offboardingId)}>
        Cancelled here; still to be ended in the billing system
      </Link>
    );
  }
  return (
    <SmallButton
      component={Link}
      to={`${onboardingPath(cluster.id)}?service=${serviceId}`}
      aria-label={`Onboard ${customerName}, service ${externalId}`}
    >
      Onboard
    </SmallButton>
  );
}

function Unused() {
  const cluster = useCluster();
  return (
    <Check
      call="customers.unused"
      title="Paid services without a user"
      none="Every active service has a user."
      rowKey={({ serviceId }) => serviceId}
      columns={() => [
        ['Customer', (row) => <CustomerName {...row} />],
        ['E-mail', ({ email }) => email],
        [
          'Service',
          ({ productName, externalId, lost }) => (
            <>
              {productName} <span className="oc-dimmed">#{externalId}</span>
              {lost && <div className="oc-caption">Its user was deleted.</div>}
            </>
          ),
        ],
        ...dueColumns<Unused>(({ currency }) => currency),
        ['Actions', (row) => <NextForService service={row} />, 'buttons'],
      ]}
      count={({ onboardable }) => onboardable}
      facts={({ onboardable, total }) => (
        <>
          {onboardable < total && (
            <span className="oc-dimmed">and {formatCount(total - onboardable)} cancelled here</span>
          )}
          {onboardable > 0 && (
            <SmallButton component={Link} to={onboardingPath(cluster.id)}>
              {onboardable === 1 ? 'Onboard 1' : `Onboard all ${formatCount(onboardable)}`}
            </SmallButton>
          )}
        </>
      )}
    />
  );
}

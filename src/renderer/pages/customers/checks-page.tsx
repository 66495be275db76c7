import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import {
  customerPath,
  customersPath,
  onboardingPath,
  runPath,
  userPath,
} from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, NotCounted } from '../../kit/components/bytes.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { type PlainColumn, PlainTable } from '../../kit/components/plain-table.tsx';
import { StateBadge, UserStateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import frame from '../../kit/frame.module.css';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { BillingState } from './columns.tsx';
import { useClusterNames } from './customer-parts.tsx';
import classes from './customers.module.css';
import { MapCustomerDialog, UnmapDialog } from './map-dialogs.tsx';

type CheckCall =
  | 'customers.suggestions'
  | 'customers.shared'
  | 'customers.unpaid'
  | 'customers.unused'
  | 'customers.suspensionDrift';
type Row<Name extends CheckCall> = CallOutput<Name>['rows'][number];

const firstRows = 25;
const moreRows = 250;

/** What billing systems and clusters say differently: users to map, and money that is lost. */
export function ChecksPage() {
  const cluster = useCluster();
  return (
    <>
      <PageBar
        title="Compare with clusters"
        before={<BackLink to={customersPath(cluster.id)}>All customers</BackLink>}
      />
      <div className={frame.scroll}>
        <div className={classes.checks}>
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

function Check<Name extends CheckCall>(props: {
  call: Name;
  title: string;
  none: string;
  rowKey(row: Row<Name>): string;
  columns(value: CallOutput<Name>): readonly PlainColumn<Row<Name>>[];
  facts?: (value: CallOutput<Name>) => ReactNode;
}) {
  const [limit, setLimit] = useState(firstRows);
  const query = useCall(props.call as 'customers.suggestions', { limit });
  const value = query.data as unknown as CallOutput<Name> | undefined;
  const rows = (value?.rows ?? []) as Row<Name>[];
  return (
    <section className={classes.check} aria-label={props.title}>
      <div className={classes.checkHead}>
        <h2 className="oc-heading">{props.title}</h2>
        {value && <span className="oc-dimmed oc-number">{formatCount(value.total)}</span>}
        {value && props.facts?.(value)}
      </div>
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {value?.total === 0 && <p className="oc-dimmed">{props.none}</p>}
      {value && rows.length > 0 && (
        <PlainTable stacks rows={rows} rowKey={props.rowKey} columns={props.columns(value)} />
      )}
      {value && value.total > rows.length && (
        <div className={classes.more}>
          <Button variant="default" size="compact-sm" onClick={() => setLimit(moreRows)}>
            Show more ({formatCount(Math.min(moreRows, value.total))} of {formatCount(value.total)})
          </Button>
        </div>
      )}
    </section>
  );
}

function CustomerName(row: { customerId: string; customerName: string }) {
  const cluster = useCluster();
  return <Link to={customerPath(cluster.id, row.customerId)}>{row.customerName}</Link>;
}

function userLink(row: { connectionId: string; userId: string; email: string }) {
  return <Link to={userPath(row.connectionId, row.userId)}>{row.email || row.userId}</Link>;
}

const userKey = (row: { connectionId: string; userId: string }): string =>
  `${row.connectionId}/${row.userId}`;

function Suggestions() {
  const clusterName = useClusterNames();
  return (
    <Check
      call="customers.suggestions"
      title="Users that belong to a customer by e-mail"
      none="No other user has the e-mail of a customer."
      rowKey={(row) => `${row.customerId}/${userKey(row)}`}
      columns={() => [
        ['Customer', (row) => <CustomerName {...row} />],
        ['User', userLink],
        ['Cluster', ({ connectionId }) => clusterName(connectionId)],
        [
          'Matched by',
          ({ matched, ambiguous }) => (
            <>
              {matched === 'client' ? 'Client’s e-mail' : 'Owner’s e-mail'}
              {ambiguous && <StateBadge tone="warning">Ambiguous</StateBadge>}
            </>
          ),
        ],
        ['Actions', (row) => <MapButton suggestion={row} />, 'buttons'],
      ]}
      facts={({ total }) => total > 1 && <MapAllButton />}
    />
  );
}

/** Maps every suggestion that is clear, after a question. */
function MapAllButton() {
  const call = useConsole();
  const open = () =>
    openDialog((close) => (
      <ConfirmDialog
        verb="Map users"
        onClose={close}
        onConfirm={async () => {
          const { mapped, skipped } = await call('customers.mapSuggested', {});
          const rest = skipped === 0 ? '' : ` ${formatCounted(skipped, 'ambiguous one')} left.`;
          notifications.show({ message: `${formatCounted(mapped, 'user')} mapped.${rest}` });
        }}
      >
        <p className="oc-flush">
          Every user here is mapped to the customer that has its e-mail. Ambiguous ones are skipped:
          map them one by one. Nothing changes on a cluster or in the billing system, and each
          mapping can be removed on the customer’s page.
        </p>
      </ConfirmDialog>
    ));
  return (
    <Button variant="default" size="compact-sm" onClick={open}>
      Map all
    </Button>
  );
}

function MapButton({ suggestion }: { suggestion: Row<'customers.suggestions'> }) {
  const call = useConsole();
  const { running: busy, run } = useAction(showFailure);
  const { customerId, connectionId, userId, serviceId, customerName, email } = suggestion;
  const service = serviceId === null ? {} : { serviceId };
  const map = () =>
    run(() => call('customers.map', { customerId, connectionId, userId, ...service }));
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={busy}
      aria-label={`Map ${email} to ${customerName}`}
      onClick={() => void map()}
    >
      Map
    </Button>
  );
}

/** Users that would be billed twice. */
function Shared() {
  const clusterName = useClusterNames();
  return (
    <Check
      call="customers.shared"
      title="Users of several customers"
      none="No user has more than one customer."
      rowKey={userKey}
      columns={() => [
        ['User', userLink],
        ['Cluster', ({ connectionId }) => clusterName(connectionId)],
        [
          'Customers',
          ({ customers, ...user }) =>
            customers.map((customer) => (
              <SharingCustomer key={customer.customerId} customer={customer} user={user} />
            )),
        ],
      ]}
      facts={({ total }) =>
        total > 0 && (
          <span className="oc-dimmed">
            Each of them would pay. No statement with such a user is final: unmap it from whoever
            does not pay for it.
          </span>
        )
      }
    />
  );
}

function SharingCustomer(props: {
  customer: Row<'customers.shared'>['customers'][number];
  user: { connectionId: string; userId: string; email: string };
}) {
  const { customer, user } = props;
  const [open, setOpen] = useState(false);
  const { customerId, name, gone, mappedAt, mappedBy } = customer;
  return (
    <div className={classes.sharing}>
      <CustomerName customerId={customerId} customerName={name} />
      {gone && <BillingState status="" gone />}
      <span className="oc-dimmed">
        mapped <Time value={mappedAt} as="age" /> by {mappedBy}
      </span>
      <span className="oc-space" />
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Unmap ${user.email || user.userId} from ${name}`}
        onClick={() => setOpen(true)}
      >
        Unmap
      </Button>
      {open && (
        <UnmapDialog customer={{ customerId, name }} user={user} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}

function SuspensionDrift() {
  const clusterName = useClusterNames();
  return (
    <Check
      call="customers.suspensionDrift"
      title="Services and users in different states"
      none="Every mapped user is in the state of its service."
      rowKey={(row) => `${row.serviceId}/${userKey(row)}`}
      columns={() => [
        ['Customer', (row) => <CustomerName {...row} />],
        ['Service', ({ productName }) => productName],
        ['Its state', ({ serviceStatus }) => <BillingState status={serviceStatus} />],
        ['User', userLink],
        ['Its state on the cluster', ({ userState }) => <UserStateBadge state={userState} />],
        ['Cluster', ({ connectionId }) => clusterName(connectionId)],
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

/** Prepares the bulk run of one cluster and opens its preview. */
function SuspensionButton(props: { connectionId: string; name: string; users: number }) {
  const { connectionId, name, users } = props;
  const call = useConsole();
  const navigate = useNavigate();
  const { running: busy, run } = useAction(showFailure);
  const prepare = () =>
    run(async () => {
      const { runId } = await call('customers.suspensionRun', { connectionId });
      navigate(runPath(connectionId, runId));
    });
  return (
    <Button variant="default" size="compact-sm" loading={busy} onClick={() => void prepare()}>
      Preview changes of {formatCounted(users, 'user')} on {name}
    </Button>
  );
}

const monthName = (month: string): string =>
  new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );

function Traffic({
  traffic,
  month,
}: {
  traffic: Row<'customers.unpaid'>['traffic'];
  month: string;
}) {
  if (traffic === null) return <span className="oc-faint">no statistics</span>;
  const source = `archived statistics of ${monthName(month)}`;
  return (
    <>
      <Bytes value={traffic.downloaded} source={source} /> down,{' '}
      <Bytes value={traffic.uploaded} source={source} /> up
    </>
  );
}

function MapUnpaid({ user }: { user: Row<'customers.unpaid'> }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Map ${user.email || user.userId} to a customer`}
        onClick={() => setOpen(true)}
      >
        Map
      </Button>
      {open && <MapCustomerDialog user={user} onClose={() => setOpen(false)} />}
    </>
  );
}

function Unpaid() {
  const clusterName = useClusterNames();
  return (
    <Check
      call="customers.unpaid"
      title="Users nobody pays for"
      none="Every user belongs to a customer."
      rowKey={userKey}
      columns={({ month }) => [
        ['User', (row) => userLink({ ...row, email: row.email || 'No e-mail' })],
        ['User id', ({ userId }) => userId, 'code'],
        ['State', ({ state }) => <UserStateBadge state={state} />],
        ['Cluster', ({ connectionId }) => clusterName(connectionId)],
        [
          'Size',
          ({ currentBytes: bytes }) =>
            bytes === null ? (
              <NotCounted />
            ) : (
              <Bytes value={bytes} source="sum over the bucket list" />
            ),
          'figure',
        ],
        [
          'Traffic last month',
          ({ traffic }) => <Traffic traffic={traffic} month={month} />,
          'figure',
        ],
        ['Actions', (user) => <MapUnpaid user={user} />, 'buttons'],
      ]}
      facts={({ totalBytes }) => (
        <span className="oc-dimmed">
          storing <Bytes value={totalBytes} source="sum over the bucket lists last seen" />
        </span>
      )}
    />
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
          ({ productName, externalId }) => (
            <>
              {productName} <span className="oc-dimmed">#{externalId}</span>
            </>
          ),
        ],
        [
          'Next due',
          ({ nextDueDate }) => <span className={classes.day}>{nextDueDate ?? '—'}</span>,
        ],
        ['Amount', ({ recurringAmount }) => recurringAmount ?? '—', 'figure'],
        [
          'Actions',
          ({ serviceId, customerName, externalId }) => (
            <Button
              component={Link}
              to={`${onboardingPath(cluster.id)}?service=${serviceId}`}
              variant="default"
              size="compact-sm"
              aria-label={`Onboard ${customerName}, service ${externalId}`}
            >
              Onboard
            </Button>
          ),
          'buttons',
        ],
      ]}
      facts={({ total }) =>
        total > 0 && (
          <Button
            component={Link}
            to={onboardingPath(cluster.id)}
            variant="default"
            size="compact-sm"
          >
            Onboard all
          </Button>
        )
      }
    />
  );
}

import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  Children,
  cloneElement,
  isValidElement,
  type ReactElement,
  type ReactNode,
  useState,
} from 'react';
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
import table from '../../kit/components/plain-table.module.css';
import { StateBadge, UserStateBadge } from '../../kit/components/state-badge.tsx';
import frame from '../../kit/frame.module.css';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { BillingState } from './columns.tsx';
import { useClusterNames } from './customer-parts.tsx';
import classes from './customers.module.css';
import { MapCustomerDialog } from './map-dialogs.tsx';

type CheckCall =
  | 'customers.suggestions'
  | 'customers.unpaid'
  | 'customers.unused'
  | 'customers.suspensionDrift';
type Row<Name extends CheckCall> = CallOutput<Name>['rows'][number];

const firstRows = 25;
const moreRows = 250;

/** Head of the column of buttons, which only screen readers see. */
const actions = 'Actions';

/** Heads of columns whose cells are aligned right. */
const numeric = new Set(['Size', 'Traffic last month', 'Amount']);

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
  head: readonly string[];
  facts?: (value: CallOutput<Name>) => ReactNode;
  children: (row: Row<Name>, value: CallOutput<Name>) => ReactElement<{ children: ReactNode }>;
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
      {rows.length > 0 && (
        <table className={`${table.table} ${table.stacks}`}>
          <thead>
            <tr>
              {props.head.map((name) => (
                <th key={name} className={numeric.has(name) ? table.figure : undefined}>
                  <span {...(name === actions ? { className: 'oc-hidden' } : {})}>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {value && rows.map((row) => withLabels(props.children(row, value), props.head))}
          </tbody>
        </table>
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

/** Names each cell by the head of its column, for where the cells of a row are under each other. */
function withLabels(row: ReactElement<{ children: ReactNode }>, head: readonly string[]) {
  const cells = Children.map(row.props.children, (cell, index) =>
    isValidElement(cell) && head[index] !== actions
      ? cloneElement(cell as ReactElement<Record<string, unknown>>, { 'data-label': head[index] })
      : cell,
  );
  return cloneElement(row, {}, cells);
}

function CustomerName({ customerId, name }: { customerId: string; name: string }) {
  const cluster = useCluster();
  return <Link to={customerPath(cluster.id, customerId)}>{name}</Link>;
}

function Suggestions() {
  const clusterName = useClusterNames();
  return (
    <Check
      call="customers.suggestions"
      title="Users that belong to a customer by e-mail"
      none="No other user has the e-mail of a customer."
      head={['Customer', 'User', 'Cluster', 'Matched by', actions]}
      facts={({ total }) => total > 1 && <MapAllButton />}
    >
      {(row) => (
        <tr key={`${row.customerId}/${row.connectionId}/${row.userId}`}>
          <td>
            <CustomerName customerId={row.customerId} name={row.customerName} />
          </td>
          <td>
            <Link to={userPath(row.connectionId, row.userId)}>{row.email}</Link>
          </td>
          <td>{clusterName(row.connectionId)}</td>
          <td>
            {row.matched === 'client' ? 'Client’s e-mail' : 'Owner’s e-mail'}
            {row.ambiguous && <StateBadge tone="warning">Ambiguous</StateBadge>}
          </td>
          <td className={table.figure}>
            <MapButton suggestion={row} />
          </td>
        </tr>
      )}
    </Check>
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

function SuspensionDrift() {
  const clusterName = useClusterNames();
  return (
    <Check
      call="customers.suspensionDrift"
      title="Services and users in different states"
      none="Every mapped user is in the state of its service."
      head={['Customer', 'Service', 'Its state', 'User', 'Its state on the cluster', 'Cluster']}
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
    >
      {(row) => (
        <tr key={`${row.serviceId}/${row.connectionId}/${row.userId}`}>
          <td>
            <CustomerName customerId={row.customerId} name={row.customerName} />
          </td>
          <td>{row.productName}</td>
          <td>
            <BillingState status={row.serviceStatus} />
          </td>
          <td>
            <Link to={userPath(row.connectionId, row.userId)}>{row.email || row.userId}</Link>
          </td>
          <td>
            <UserStateBadge state={row.userState} />
          </td>
          <td>{clusterName(row.connectionId)}</td>
        </tr>
      )}
    </Check>
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
      head={['User', 'User id', 'State', 'Cluster', 'Size', 'Traffic last month', actions]}
      facts={({ totalBytes }) => (
        <span className="oc-dimmed">
          storing <Bytes value={totalBytes} source="sum over the bucket lists last seen" />
        </span>
      )}
    >
      {(row, { month }) => (
        <tr key={`${row.connectionId}/${row.userId}`}>
          <td>
            <Link to={userPath(row.connectionId, row.userId)}>{row.email || 'No e-mail'}</Link>
          </td>
          <td className="oc-mono">{row.userId}</td>
          <td>
            <UserStateBadge state={row.state} />
          </td>
          <td>{clusterName(row.connectionId)}</td>
          <td className={table.figure}>
            {row.currentBytes === null ? (
              <NotCounted />
            ) : (
              <Bytes value={row.currentBytes} source="sum over the bucket list" />
            )}
          </td>
          <td className={table.figure}>
            <Traffic traffic={row.traffic} month={month} />
          </td>
          <td className={table.figure}>
            <MapUnpaid user={row} />
          </td>
        </tr>
      )}
    </Check>
  );
}

function Unused() {
  const cluster = useCluster();
  return (
    <Check
      call="customers.unused"
      title="Paid services without a user"
      none="Every active service has a user."
      head={['Customer', 'E-mail', 'Service', 'Next due', 'Amount', actions]}
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
    >
      {(row) => (
        <tr key={row.serviceId}>
          <td>
            <CustomerName customerId={row.customerId} name={row.customerName} />
          </td>
          <td>{row.email}</td>
          <td>
            {row.productName} <span className="oc-dimmed">#{row.externalId}</span>
          </td>
          <td>{row.nextDueDate ?? '—'}</td>
          <td className={table.figure}>{row.recurringAmount ?? '—'}</td>
          <td className={table.figure}>
            <Button
              component={Link}
              to={`${onboardingPath(cluster.id)}?service=${row.serviceId}`}
              variant="default"
              size="compact-sm"
              aria-label={`Onboard ${row.customerName}, service ${row.externalId}`}
            >
              Onboard
            </Button>
          </td>
        </tr>
      )}
    </Check>
  );
}

import type { CallOutput } from '#shared/contract/index.ts';
import { customerPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { formatCount } from '../../../kit/components/format.ts';
import type { PlainColumn } from '../../../kit/components/plain-table.tsx';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Day } from '../../../kit/components/time.tsx';
import {
  codeColumn,
  customColumn,
  figureColumn,
  textColumn,
} from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import { RowLink } from '../../../lists/table/row-link.tsx';
import type { RowOf } from '../../../lists/table/use-paged-rows.ts';
import classes from './customers.module.css';

export type Customer = CallOutput<'customers.get'>;

export type CustomerRow = RowOf<'customers.list'>;

/** The users of a customer that were not deleted. */
export const usersThere = <User extends CustomerRow['users'][number]>(
  users: readonly User[],
): User[] => users.filter(({ gone }) => !gone);

/** `Storage #20000`. */
export const serviceWords = (service: { productName: string; externalId: string }): string =>
  `${service.productName} #${service.externalId}`;

/** The state of a customer or service, as the billing system says it. */
export function BillingState({ status, gone = false }: { status: string; gone?: boolean }) {
  if (gone) return <StateBadge tone="idle">No longer listed</StateBadge>;
  if (status === 'Active') return <StateBadge tone="good">Active</StateBadge>;
  const warns = status === 'Suspended' || status === 'Pending';
  return <StateBadge tone={warns ? 'warning' : 'idle'}>{status || 'Unknown'}</StateBadge>;
}

/** The state of a customer; one that was cancelled here is not simply active. */
export function CustomerState(of: Pick<CustomerRow, 'status' | 'gone' | 'cancelledAt'>) {
  const { status, gone, cancelledAt } = of;
  if (cancelledAt === undefined || gone) return <BillingState status={status} gone={gone} />;
  return <StateBadge tone="idle">Cancelled here</StateBadge>;
}

/** When a service is due next, and for how much. */
export const dueColumns = <
  Service extends Pick<Customer['serviceList'][number], 'nextDueDate' | 'recurringAmount'>,
>(
  currencyOf: (service: Service) => string | null,
): readonly PlainColumn<Service>[] => [
  [
    'Next due',
    ({ nextDueDate }) => (
      <span className={classes.day}>
        <Day value={nextDueDate} unknown="—" />
      </span>
    ),
  ],
  [
    'Amount',
    (service) =>
      service.recurringAmount === null
        ? '—'
        : [service.recurringAmount, currencyOf(service)].filter(Boolean).join('\u00a0'),
    'figure',
  ],
];

type States = CustomerRow['serviceStates'];

/** `1 suspended, 2 active`: what stands out comes first. */
function stateWords(states: States): string {
  return states
    .toSorted((one, other) => Number(one.status === 'Active') - Number(other.status === 'Active'))
    .map(({ status, services }) => `${formatCount(services)} ${status.toLowerCase()}`)
    .join(', ');
}

function ServiceStates({ states }: { states: States }) {
  if (states.length === 0) return '—';
  const words = stateWords(states);
  const has = (status: string) => states.some((one) => one.status === status);
  const tone = has('Suspended') || has('Pending') ? 'warning' : has('Active') ? 'good' : 'idle';
  return (
    <span title={words} className={classes.states}>
      <StateBadge tone={tone}>{words}</StateBadge>
    </span>
  );
}

/** Services come after the customers: until they are read, nothing is known of them. */
function Unread() {
  return (
    <span className="oc-dimmed" title="The services of this billing system were not read yet.">
      not read
    </span>
  );
}

function CustomerLink({ customer }: { customer: CustomerRow }) {
  const cluster = useCluster();
  return (
    <RowLink to={customerPath(cluster.id, customer.customerId)} words={customer.name}>
      {customer.name}
    </RowLink>
  );
}

export const customerColumns: readonly DataColumn<CustomerRow>[] = [
  textColumn('name', 'Name', {
    width: 152,
    grow: true,
    sorts: true,
    searched: true,
    cell: (customer) => <CustomerLink customer={customer} />,
  }),
  textColumn('company', 'Company', { width: 124, sorts: true, searched: true }),
  textColumn('email', 'E-mail', { width: 196, grow: true, sorts: true, searched: true }),
  codeColumn('externalId', 'Client id', {
    description: 'The id in the billing system.',
    width: 72,
    align: 'right',
    sorts: true,
    searched: true,
  }),
  customColumn('status', 'State', {
    description:
      'As the billing system says it. Cancelled here: a cancellation left it without a user.',
    width: 126,
    sortKey: 'status',
    cell: (customer) => <CustomerState {...customer} />,
    csv: ({ status, gone, cancelledAt }) =>
      gone
        ? `${status} (no longer listed)`
        : `${status}${cancelledAt === undefined ? '' : ' (cancelled here)'}`,
  }),
  figureColumn('services', 'Services', {
    description: 'Services that are neither terminated nor cancelled.',
    width: 76,
    sortKey: 'services',
    cell: ({ services }) => (services === null ? <Unread /> : formatCount(services)),
    csv: ({ services }) => services,
  }),
  customColumn('serviceStates', 'State of services', {
    description: 'Of all its services, as the billing system says it.',
    width: 134,
    cell: ({ services, serviceStates }) =>
      services === null ? <Unread /> : <ServiceStates states={serviceStates} />,
    csv: ({ serviceStates }) => stateWords(serviceStates),
  }),
  figureColumn('users', 'S3 users', {
    description: 'Mapped users on any cluster, without those that were deleted there.',
    width: 76,
    sortKey: 'users',
    cell: ({ users }) => formatCount(usersThere(users).length),
    csv: ({ users }) => usersThere(users).length,
  }),
  textColumn('ownerEmail', 'Owner’s e-mail', {
    description: 'Of whoever signs in for the client, where the billing system says so.',
    width: 220,
    hidden: true,
  }),
  textColumn('currency', 'Currency', { width: 84, hidden: true }),
];

import { Button } from '@mantine/core';
import { IconAddressBook, IconListCheck, IconUserPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link, useParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import {
  billingPath,
  customerChecksPath,
  customerPath,
  customersPath,
  onboardingPath,
  userPath,
} from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { optionsOf } from '../../kit/components/options.ts';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { DetailPage } from '../../kit/detail/detail-page.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { ListFilter } from '../../lists/list-page/filters.ts';
import { ListView } from '../../lists/list-page/list-view.tsx';
import type { ListAddress } from '../../lists/table/use-list-address.ts';
import type { ListInput } from '../../lists/table/use-paged-rows.ts';
import { CancellationsInProgress, customerActions } from './cancel-customer.tsx';
import { CustomerDetail } from './customer-detail.tsx';
import { BillingFreshness, useUnread } from './shared/billing-freshness.tsx';
import { type CustomerRow, customerColumns } from './shared/columns.tsx';
import { CustomerParts } from './shared/customer-parts.tsx';
import classes from './shared/customers.module.css';

const filters: readonly ListFilter[] = [
  {
    id: 'status',
    label: 'State',
    options: ['Active', 'Inactive', 'Closed'].map((value) => ({ value, label: value })),
  },
  {
    id: 'users',
    label: 'S3 users',
    options: optionsOf({ none: 'Has none', some: 'Has some' }),
  },
  {
    id: 'service',
    label: 'Services',
    options: optionsOf({
      active: 'Has an active one',
      suspended: 'Has a suspended one',
      pending: 'Has a pending one',
      terminated: 'Has a terminated one',
      cancelled: 'Has a cancelled one',
      none: 'Has none that is open',
    }),
  },
];

/** The billing system and the state that the list is narrowed to. */
function stampOf({ filters: set }: ListAddress, billing: readonly Billing[]) {
  const asked = billing.filter(({ id }) => set.billing === undefined || id === set.billing);
  const [only] = asked;
  return {
    cluster: asked.length === 1 && only ? only.name : 'All billing systems',
    heading: 'Billing system',
    state: set.status ?? 'All states',
  };
}

type Billing = CallOutput<'billing.list'>[number];
type CustomersInput = ListInput<'customers.list'>;
type CustomerFilter = NonNullable<CustomersInput['filter']>;
type SortKey = NonNullable<CustomersInput['sort']>['by'];

function toInput({ search, filters: set, sort }: ListAddress): CustomersInput {
  const filter: CustomerFilter = {
    ...(set.billing ? { billingId: set.billing } : {}),
    ...(set.status ? { status: set.status } : {}),
    ...(set.users ? { users: set.users as NonNullable<CustomerFilter['users']> } : {}),
    ...(set.service ? { service: set.service as NonNullable<CustomerFilter['service']> } : {}),
  };
  return {
    ...(search === '' ? {} : { search }),
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
    ...(sort ? { sort: { by: sort.by as SortKey, descending: sort.descending } } : {}),
  };
}

/** How many users of a customer its menu opens; its panel has them all. */
const mostUsers = 5;

/** Columns of the list of customers, with the menu of a row. */
export const customerListColumns = withRowMenu(customerColumns, {
  nameOf: ({ name, company, externalId }) => name || company || externalId,
  nounOf: () => 'customer',
  actions: customerActions,
  reading: ({ customerId, name, company, email, externalId, users }, connectionId) => ({
    path: customerPath(connectionId, customerId),
    copies: { Name: name, Company: company, 'E-mail': email, 'Client id': externalId },
    opens: Object.fromEntries(
      users
        .slice(0, mostUsers)
        .map((user) => [
          `Open user ${user.email || user.userId}`,
          userPath(user.connectionId, user.userId),
        ]),
    ),
  }),
});

/** The customers of all billing systems. */
export function CustomersPage() {
  const cluster = useCluster();
  const billing = useCall('billing.list', {}).data;
  const unread = useUnread();
  const all = useMemo(
    () =>
      billing && billing.length > 1
        ? [
            ...filters,
            {
              id: 'billing',
              label: 'Billing system',
              options: billing.map(({ id, name }) => ({ value: id, label: name })),
            },
          ]
        : filters,
    [billing],
  );
  return (
    <ListView
      tableId="customers"
      title="Customers"
      noun="customer"
      call="customers.list"
      own
      toInput={toInput}
      columns={customerListColumns}
      rowId={(customer: CustomerRow) => customer.customerId}
      filters={all}
      searchPlaceholder="Search name, e-mail or client id"
      defaultSort={{ by: 'name', descending: false }}
      primaryAction={
        <>
          <SecondaryButton
            component={Link}
            to={customerChecksPath(cluster.id)}
            aria-label="Mismatches"
            className={classes.checksLink ?? ''}
            leftSection={<IconListCheck size={15} />}
          >
            <span className={classes.checksWord}>Mismatches</span>
          </SecondaryButton>
          <Button
            component={Link}
            to={onboardingPath(cluster.id)}
            leftSection={<IconUserPlus size={15} />}
          >
            Onboard
          </Button>
        </>
      }
      exportStamp={(address) => stampOf(address, billing ?? [])}
      banner={
        <>
          <CustomerParts />
          <BillingFreshness systems={billing ?? []} />
          <SharedUsers />
          <CancellationsInProgress />
        </>
      }
      renderDetail={(customerId) => <CustomerDetail customerId={customerId} />}
      fullPath={(customerId) => customerPath(cluster.id, customerId)}
      empty={
        billing?.length ? (
          <NoCustomers unread={unread} />
        ) : (
          <EmptyState
            icon={IconAddressBook}
            title="No customers yet"
            action={
              <Button component={Link} to={billingPath('new')}>
                Add a billing system
              </Button>
            }
          >
            Customers come from WHMCS, or from a table if you use another billing system.
          </EmptyState>
        )
      }
    />
  );
}

/** There is a billing system, and no customer of it is known. */
function NoCustomers({ unread }: { unread: string | null }) {
  return unread === null ? (
    <EmptyState icon={IconAddressBook} title="No customers">
      The billing systems above list no customer.
    </EmptyState>
  ) : (
    <EmptyState icon={IconAddressBook} title="No customers read yet">
      {unread}
    </EmptyState>
  );
}

/** Number of users with several customers; nothing if there are none. */
function SharedUsers() {
  const cluster = useCluster();
  const { total = 0 } = useCall('customers.shared', { limit: 1 }).data ?? {};
  if (total === 0) return null;
  return (
    <p className={classes.notice}>
      <StateBadge tone="warning">
        {`${formatCounted(total, 'user')} ${agreeing(total, 'has', 'have')} several customers`}
      </StateBadge>{' '}
      No statement with such a user is final.{' '}
      <Link to={customerChecksPath(cluster.id)}>Mismatches</Link>
    </p>
  );
}

export function CustomerPage() {
  const { customerId = '' } = useParams();
  const cluster = useCluster();
  return (
    <DetailPage title="Customer" listPath={customersPath(cluster.id)} listLabel="All customers">
      <CustomerDetail key={customerId} customerId={customerId} />
    </DetailPage>
  );
}

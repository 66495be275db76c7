import type { WireInteger } from '#shared/units.ts';
import { type RowReading, userReading } from '../../changes/operation/reading-items.tsx';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { WriteMark } from '../../changes/operation/write-mark.tsx';
import { userActions } from '../../changes/users/user-operations.tsx';
import { customerPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, NotCounted } from '../../kit/components/bytes.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { StateBadge, UserStateBadge } from '../../kit/components/state-badge.tsx';
import {
  bytesColumn,
  countColumn,
  customColumn,
  figureColumn,
  idColumn,
  textColumn,
  timeColumn,
} from '../../lists/table/column-kinds.tsx';
import type { ColumnPreset, DataColumn } from '../../lists/table/columns.ts';
import {
  dayColumn,
  NoData,
  quotaColumn,
  trafficColumn,
  usedColumn,
} from '../../lists/table/figure-columns.tsx';
import { RowLink } from '../../lists/table/row-link.tsx';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';

function sumSource(unknownSizes: number | undefined): string {
  const sum = 'sum over the bucket list';
  return unknownSizes ? `${sum}, without ${formatCounted(unknownSizes, 'size')} not known` : sum;
}

function SizeSum(props: { bytes: WireInteger | null; unknown: number | undefined }) {
  const { bytes, unknown } = props;
  if (bytes === null) return <NotCounted />;
  return <Bytes value={bytes} source={sumSource(unknown)} partial={!!unknown} />;
}

export type UserRow = RowOf<'users.list'>;

const columns: readonly DataColumn<UserRow>[] = [
  textColumn('email', 'E-mail', {
    width: 190,
    grow: true,
    sorts: true,
    searched: true,
    cell: (user) => (
      <>
        <UserLink user={user} />
        <WriteMark key={user.userId} kind="user" id={user.userId} />
      </>
    ),
  }),
  idColumn('userId', 'User id', {
    description: 'Identity of the user: two users can share one e-mail.',
    sorts: true,
    searched: true,
    hidden: true,
  }),
  textColumn('state', 'State', {
    width: 92,
    sorts: true,
    cell: ({ state }) => <UserStateBadge state={state} />,
  }),
  countColumn('bucketCount', 'Buckets', {
    width: 68,
    sorts: true,
    cell: ({ bucketCount }) => (bucketCount === null ? <NotCounted /> : formatCount(bucketCount)),
  }),
  bytesColumn('currentBytes', 'Size', {
    width: 92,
    description: 'Sum over the user’s buckets, from the bucket list.',
    sorts: true,
    cell: ({ currentBytes, unknownSizes }) => (
      <SizeSum bytes={currentBytes} unknown={unknownSizes} />
    ),
  }),
  quotaColumn('user'),
  usedColumn(),
  trafficColumn(),
  dayColumn('lastActive', 'Last activity', {
    description: 'The last day with traffic in the statistics collected so far.',
    unknown: 'No traffic in the statistics collected so far.',
  }),
  customColumn('customers', 'Customer', {
    description: 'Who has this user, by the customers mapped to it.',
    width: 128,
    sortKey: 'customer',
    cell: ({ customers }) => <CustomerLinks customers={customers ?? []} />,
    csv: ({ customers }) => customers?.map(({ name }) => name).join(', ') ?? null,
  }),
  textColumn('plan', 'Plan', {
    description: 'The service plan that counts for the user.',
    width: 128,
    sortKey: 'plan',
    hidden: true,
  }),
  figureColumn('keyCount', 'Keys', {
    description: 'The user’s own access keys, of two at most.',
    width: 60,
    sortKey: 'keys',
    hidden: true,
    cell: ({ keyCount }) => keyCount ?? <NoData why="Its keys were never read." />,
    csv: ({ keyCount }) => keyCount ?? null,
  }),
  bytesColumn('peakBytes', 'Peak', {
    description: 'Sum of the buckets’ highest sizes within their last accounted hour.',
    sorts: true,
    hidden: true,
    cell: ({ peakBytes, unknownSizes }) => <SizeSum bytes={peakBytes} unknown={unknownSizes} />,
  }),
  customColumn('flags', 'Flags', {
    description: 'A system user may call the management API.',
    width: 100,
    hidden: true,
    cell: ({ flags }) =>
      flags.map((flag) => (
        <StateBadge key={flag} tone="information">
          {flag}
        </StateBadge>
      )),
    csv: ({ flags }) => flags.join(' '),
  }),
  idColumn('ownerId', 'Owner id', {
    description: 'OwnerId as the gateway gives it.',
    hidden: true,
  }),
  timeColumn('firstSeen', 'First seen', {
    description:
      'When this console first saw the user; the gateway does not tell when it was created.',
    sorts: true,
    hidden: true,
  }),
];

export const userColumns = withRowMenu(columns, {
  nameOf: ({ email, userId }) => email || userId,
  nounOf: () => 'user',
  reading: readingOf,
  actions: userActions,
});

export const userPresets: readonly ColumnPreset[] = [
  {
    name: 'Daily work',
    columns: [
      ...['email', 'state', 'bucketCount', 'currentBytes', 'quota', 'used', 'traffic'],
      ...['lastActive', 'customers'],
    ],
  },
  {
    name: 'Capacity',
    columns: ['email', 'state', 'bucketCount', 'currentBytes', 'peakBytes', 'quota', 'used'],
  },
  {
    name: 'Billing',
    columns: ['email', 'userId', 'customers', 'plan', 'currentBytes', 'traffic', 'lastActive'],
  },
  {
    name: 'Access',
    columns: ['email', 'userId', 'state', 'keyCount', 'flags', 'lastActive', 'firstSeen'],
  },
];

function readingOf({ userId, email, customers = [] }: UserRow, connectionId: string): RowReading {
  const opened = customers.map(({ customerId, name }) => [
    `Open customer ${name}`,
    customerPath(connectionId, customerId),
  ]);
  const reading = userReading(connectionId, userId, email);
  return { ...reading, opens: { ...reading.opens, ...Object.fromEntries(opened) } };
}

function CustomerLinks({ customers }: { customers: NonNullable<UserRow['customers']> }) {
  const { id } = useCluster();
  const [customer, ...others] = customers;
  if (!customer) return <NoData why="No customer is mapped to this user." />;
  return (
    <>
      <RowLink to={customerPath(id, customer.customerId)} words={customer.name} leaves>
        {customer.name}
      </RowLink>
      {others.length > 0 && (
        <span className="oc-dimmed" data-hint={others.map(({ name }) => name).join(', ')}>
          , +{others.length}
        </span>
      )}
    </>
  );
}

function UserLink({ user }: { user: UserRow }) {
  const cluster = useCluster();
  return (
    <RowLink to={userPath(cluster.id, user.userId)} words={user.email || user.userId}>
      {user.email === '' ? <span className="oc-mono">{user.userId}</span> : user.email}
    </RowLink>
  );
}

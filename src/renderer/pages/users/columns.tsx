import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { actionsColumn } from '../../changes/operation/row-actions.tsx';
import { WriteMark } from '../../changes/operation/write-mark.tsx';
import { userActions } from '../../changes/users/user-operations.tsx';
import { userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, NotCounted } from '../../kit/components/bytes.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { Identifier } from '../../kit/components/identifier.tsx';
import { StateBadge, UserStateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import type { RowOf } from '../../lists/table/page-reader.ts';
import { RowLink } from '../../lists/table/row-link.tsx';

function sumSource(unknownSizes: number | undefined): string {
  const sum = 'sum over the bucket list';
  return unknownSizes ? `${sum}, without ${formatCounted(unknownSizes, 'size')} not known` : sum;
}

function SizeSum(props: { bytes: WireInteger | null; unknown: number | undefined }) {
  const { bytes, unknown } = props;
  if (bytes === null) return <NotCounted />;
  return <Bytes value={bytes} source={sumSource(unknown)} partial={!!unknown} />;
}

/** A row of the users list. */
export type UserRow = RowOf<'users.list'>;

/** Columns of the users list. */
export const userColumns: readonly DataColumn<UserRow>[] = [
  {
    id: 'email',
    header: 'E-mail',
    width: 230,
    grow: true,
    sortKey: 'email',
    cell: (user) => (
      <>
        <UserLink user={user} />
        <WriteMark key={user.userId} kind="user" id={user.userId} />
      </>
    ),
    csv: ({ email }) => email,
  },
  {
    id: 'userId',
    header: 'User id',
    description: 'Identity of the user: two users can share one e-mail.',
    width: 168,
    sortKey: 'userId',
    cell: ({ userId }) => <Identifier value={userId} what="user id" />,
    csv: ({ userId }) => userId,
  },
  {
    id: 'state',
    header: 'State',
    width: 104,
    sortKey: 'state',
    cell: ({ state }) => <UserStateBadge state={state} />,
    csv: ({ state }) => state,
  },
  {
    id: 'bucketCount',
    header: 'Buckets',
    width: 80,
    align: 'right',
    sortKey: 'bucketCount',
    sortsDescendingFirst: true,
    cell: ({ bucketCount }) => (bucketCount === null ? <NotCounted /> : formatCount(bucketCount)),
    csv: ({ bucketCount }) => bucketCount ?? '',
  },
  {
    id: 'currentBytes',
    header: 'Size',
    description: 'Sum over the user’s buckets, from the bucket list.',
    width: 110,
    align: 'right',
    sortKey: 'currentBytes',
    sortsDescendingFirst: true,
    cell: ({ currentBytes, unknownSizes }) => (
      <SizeSum bytes={currentBytes} unknown={unknownSizes} />
    ),
    csv: ({ currentBytes }) => fromWireInteger(currentBytes),
  },
  {
    id: 'peakBytes',
    header: 'Peak',
    description: 'Sum of the buckets’ highest sizes within their last accounted hour.',
    width: 110,
    align: 'right',
    sortKey: 'peakBytes',
    sortsDescendingFirst: true,
    hidden: true,
    cell: ({ peakBytes, unknownSizes }) => <SizeSum bytes={peakBytes} unknown={unknownSizes} />,
    csv: ({ peakBytes }) => fromWireInteger(peakBytes),
  },
  {
    id: 'flags',
    header: 'Flags',
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
  },
  {
    id: 'ownerId',
    header: 'Owner id',
    description: 'OwnerId as the gateway gives it.',
    width: 168,
    hidden: true,
    cell: ({ ownerId }) => <Identifier value={ownerId} what="owner id" />,
    csv: ({ ownerId }) => ownerId,
  },
  {
    id: 'firstSeen',
    header: 'First seen',
    description:
      'When this console first saw the user; the gateway does not tell when it was created.',
    width: 150,
    sortKey: 'firstSeen',
    sortsDescendingFirst: true,
    hidden: true,
    cell: ({ firstSeen }) => <Time value={firstSeen} />,
    csv: ({ firstSeen }) => firstSeen,
  },
  actionsColumn(userActions, ({ email, userId }) => email || userId),
];

function UserLink({ user }: { user: UserRow }) {
  const cluster = useCluster();
  return (
    <RowLink to={userPath(cluster.id, user.userId)} words={user.email || user.userId}>
      {user.email === '' ? <span className="oc-mono">{user.userId}</span> : user.email}
    </RowLink>
  );
}

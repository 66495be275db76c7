import type { WireInteger } from '#shared/units.ts';
import { actionsColumn } from '../../changes/operation/row-actions.tsx';
import { WriteMark } from '../../changes/operation/write-mark.tsx';
import { userActions } from '../../changes/users/user-operations.tsx';
import { userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, NotCounted } from '../../kit/components/bytes.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { StateBadge, UserStateBadge } from '../../kit/components/state-badge.tsx';
import {
  bytesColumn,
  countColumn,
  idColumn,
  textColumn,
  timeColumn,
} from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
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

export const userColumns: readonly DataColumn<UserRow>[] = [
  textColumn('email', 'E-mail', {
    width: 230,
    grow: true,
    sorts: true,
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
  }),
  textColumn('state', 'State', {
    width: 104,
    sorts: true,
    cell: ({ state }) => <UserStateBadge state={state} />,
  }),
  countColumn('bucketCount', 'Buckets', {
    width: 80,
    sorts: true,
    cell: ({ bucketCount }) => (bucketCount === null ? <NotCounted /> : formatCount(bucketCount)),
  }),
  bytesColumn('currentBytes', 'Size', {
    description: 'Sum over the user’s buckets, from the bucket list.',
    sorts: true,
    cell: ({ currentBytes, unknownSizes }) => (
      <SizeSum bytes={currentBytes} unknown={unknownSizes} />
    ),
  }),
  bytesColumn('peakBytes', 'Peak', {
    description: 'Sum of the buckets’ highest sizes within their last accounted hour.',
    sorts: true,
    hidden: true,
    cell: ({ peakBytes, unknownSizes }) => <SizeSum bytes={peakBytes} unknown={unknownSizes} />,
  }),
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

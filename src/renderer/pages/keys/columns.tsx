import { Link } from 'react-router';
import { actionsColumn } from '../../changes/operation/row-actions.tsx';
import { userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Identifier } from '../../kit/components/identifier.tsx';
import { UserStateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { type KeyRow, keyActions } from './key-actions.tsx';

/** Columns of the fleet's keys. */
export const keyColumns: readonly DataColumn<KeyRow>[] = [
  {
    id: 'accessKeyId',
    header: 'Access key id',
    width: 230,
    sortKey: 'accessKeyId',
    cell: ({ accessKeyId }) => <Identifier value={accessKeyId} what="access key id" length={28} />,
    csv: ({ accessKeyId }) => accessKeyId,
  },
  {
    id: 'ownerEmail',
    header: 'Owner',
    width: 240,
    grow: true,
    sortKey: 'ownerEmail',
    cell: (row) => <Owner row={row} />,
    csv: ({ ownerEmail, ownerId }) => (ownerEmail === '' ? ownerId : ownerEmail),
  },
  {
    id: 'ownerId',
    header: 'Owner id',
    width: 190,
    hidden: true,
    cell: ({ ownerId }) => <Identifier value={ownerId} what="owner id" />,
    csv: ({ ownerId }) => ownerId,
  },
  {
    id: 'accountName',
    header: 'Account',
    description: 'Empty for the user’s own keys.',
    width: 150,
    sortKey: 'accountName',
    cell: ({ accountName }) =>
      accountName === null ? <span className="oc-faint">user’s own</span> : accountName,
    csv: ({ accountName }) => accountName,
  },
  {
    id: 'ownerState',
    header: 'Owner’s state',
    width: 120,
    sortKey: 'ownerState',
    cell: ({ ownerState }) => <UserStateBadge state={ownerState} />,
    csv: ({ ownerState }) => ownerState,
  },
  {
    id: 'pairs',
    header: 'Slots',
    description: 'Key pairs the same user or account holds: two at most.',
    width: 80,
    align: 'right',
    cell: ({ pairs }) => `${pairs} of 2`,
    csv: ({ pairs }) => pairs,
  },
  {
    id: 'firstSeen',
    header: 'First seen',
    description:
      'When this console first saw the key; the gateway does not tell when it was generated.',
    width: 150,
    sortKey: 'firstSeen',
    cell: ({ firstSeen }) => <Time value={firstSeen} />,
    csv: ({ firstSeen }) => firstSeen,
  },
  {
    id: 'asOf',
    header: 'Read',
    description: 'When the owner’s keys were last read from the gateway.',
    width: 120,
    sortKey: 'asOf',
    sortsDescendingFirst: true,
    cell: ({ asOf }) => <Time value={asOf} as="age" />,
    csv: ({ asOf }) => asOf,
  },
  actionsColumn(keyActions, ({ accessKeyId }) => accessKeyId),
];

function Owner({ row: { ownerId, ownerEmail } }: { row: KeyRow }) {
  const cluster = useCluster();
  if (ownerEmail === null) return <span className="oc-dimmed">user no longer exists</span>;
  return (
    <Link
      to={userPath(cluster.id, ownerId)}
      tabIndex={-1}
      title={ownerEmail || ownerId}
      data-row-action
    >
      {ownerEmail || ownerId}
    </Link>
  );
}

import { IconKey } from '@tabler/icons-react';
import { Link } from 'react-router';
import { KeyChangeMenu } from '../../changes/bulk/change-menu.tsx';
import { openNewCampaign } from '../../changes/keys/new-campaign.tsx';
import { InventoryStrip } from '../../changes/limits/inventory-strip.tsx';
import { ReadingCommands } from '../../changes/operation/planned-requests.tsx';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { UserDetail } from '../../changes/users/user-detail.tsx';
import { clusterPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { Identifier } from '../../kit/components/identifier.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import { UserStateBadge } from '../../kit/components/state-badge.tsx';
import { TermHelp } from '../../kit/components/term-help.tsx';
import { Time } from '../../kit/components/time.tsx';
import { type FilterPart, type ListFilter, setDays } from '../../lists/list-page/filters.ts';
import { filterInput, ListView, searchInput } from '../../lists/list-page/list-view.tsx';
import { ownerFilter } from '../../lists/list-page/target-filters.ts';
import { useFilters } from '../../lists/list-page/use-filters.ts';
import { useNamedOwner } from '../../lists/list-page/use-named-owner.ts';
import {
  customColumn,
  figureColumn,
  idColumn,
  textColumn,
  timeColumn,
} from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { type KeyRow, keyActions } from './key-actions.tsx';
import classes from './keys.module.css';

type KeyPart = FilterPart<'keys.list'>;
type KeyFilter = Required<NonNullable<KeyPart['filter']>>;

const keyFilters: readonly ListFilter<KeyPart>[] = [
  ownerFilter([]),
  {
    id: 'slots',
    label: 'Slots',
    options: optionsOf({ both: 'Two keys', one: 'One key' }),
    toInput: (slots) => ({ filter: { bothSlots: slots === 'both' } }),
  },
  {
    id: 'state',
    label: 'Owner’s state',
    options: optionsOf({ disabled: 'Disabled', enabled: 'Enabled', unknown: 'Not known' }),
    toInput: (state) => ({ filter: { ownerState: state as KeyFilter['ownerState'] } }),
  },
  {
    id: 'older',
    label: 'First seen',
    options: optionsOf({
      30: 'Older than 30 days',
      90: 'Older than 90 days',
      180: 'Older than 180 days',
      365: 'Older than a year',
    }),
    ownNumber: {
      label: 'Older than',
      unit: 'days',
      most: 36_500,
      words: (days) => `older than ${formatCounted(Number(days), 'day')}`,
    },
    toInput: (days) => ({ filter: { olderThanDays: setDays(days, 36_500) } }),
  },
  {
    id: 'holder',
    label: 'Holder',
    options: optionsOf({ user: 'User’s own', account: 'Of an account' }),
    toInput: (holder) => ({ filter: { holder: holder as KeyFilter['holder'] } }),
  },
];

const separator = ' ';

const rowIdOf = ({ ownerId, accountName, accessKeyId }: KeyRow): string =>
  [ownerId, accountName ?? '', accessKeyId].join(separator);

/** Every access key of the cluster's users and accounts, as last read. */
export function KeysPage() {
  const cluster = useCluster();
  const filters = useNamedOwner(keyFilters);
  const ownerOf = (rowId: string) => rowId.split(separator)[0] ?? rowId;
  return (
    <ListView
      tableId="keys"
      title="Keys"
      noun="key"
      call="keys.list"
      columns={keyColumns}
      rowId={rowIdOf}
      only={(rowId) => rowId.split(separator).at(-1) ?? rowId}
      filters={filters}
      searchPlaceholder="Search key id, owner or account"
      defaultSort={{ by: 'ownerEmail', descending: false }}
      primaryAction={<ReadingCommands of={{ list: 'keys' }} name="keys" />}
      renderDetail={(rowId) => <UserDetail key={ownerOf(rowId)} userId={ownerOf(rowId)} />}
      fullPath={(rowId) => userPath(cluster.id, ownerOf(rowId))}
      renderBulkActions={(selection) => (
        <KeyChangeMenu
          keys={[...selection.rows.values()].map(({ ownerId, accountName, accessKeyId }) => ({
            userId: ownerId,
            accessKeyId,
            ...(accountName === null ? {} : { accountName }),
          }))}
        />
      )}
      banner={
        <div className={classes.strip}>
          <InventoryStrip />
          <TermHelp term="accessKey" />
          <span className="oc-space" />
          <CampaignButtons />
        </div>
      }
      empty={
        <EmptyState icon={IconKey} title="No keys known yet">
          Keys are fetched per user. Load keys and limits once, in the background and within a
          budget of requests; what is read is kept and shown here as it arrives.
        </EmptyState>
      }
    />
  );
}

/** Starts a campaign over all keys that match the search and filters, and links to earlier ones. */
function CampaignButtons() {
  const cluster = useCluster();
  const address = useFilters(keyFilters);
  const of = {
    ...searchInput(address.search),
    ...filterInput<KeyPart>(keyFilters, address.filters),
  };
  return (
    <>
      <Link to={clusterPath(cluster.id, 'campaigns')}>Key campaigns</Link>
      <SmallButton
        onClick={() =>
          openNewCampaign({ kind: address.filters.slots === 'both' ? 'finish' : 'rotate', of })
        }
      >
        Start key campaign
      </SmallButton>
    </>
  );
}

const columns: readonly DataColumn<KeyRow>[] = [
  textColumn('accessKeyId', 'Access key id', {
    width: 190,
    sorts: true,
    searched: true,
    cell: ({ accessKeyId }) => <Identifier value={accessKeyId} what="access key id" length={28} />,
  }),
  customColumn('ownerEmail', 'Owner', {
    width: 200,
    grow: true,
    sortKey: 'ownerEmail',
    searched: true,
    cell: (row) => <Owner row={row} />,
    csv: ({ ownerEmail, ownerId }) => (ownerEmail === '' ? ownerId : ownerEmail),
  }),
  idColumn('ownerId', 'Owner id', { width: 190, searched: true, hidden: true }),
  textColumn('accountName', 'Account', {
    description: 'Empty for the user’s own keys.',
    width: 128,
    sorts: true,
    searched: true,
    cell: ({ accountName }) =>
      accountName === null ? <span className="oc-faint">user’s own</span> : accountName,
  }),
  textColumn('ownerState', 'Owner’s state', {
    width: 112,
    sorts: true,
    cell: ({ ownerState }) => <UserStateBadge state={ownerState} />,
  }),
  figureColumn('pairs', 'Slots', {
    description: 'Key pairs the same user or account holds: two at most.',
    width: 72,
    cell: ({ pairs }) => `${pairs} of 2`,
    csv: ({ pairs }) => pairs,
  }),
  timeColumn('firstSeen', 'First seen', {
    sortsDescendingFirst: false,
    description:
      'When this console first saw the key; the gateway does not tell when it was generated.',
    sorts: true,
  }),
  timeColumn('asOf', 'Read', {
    description: 'When the owner’s keys were last read from the gateway.',
    width: 96,
    sorts: true,
    cell: ({ asOf }) => <Time value={asOf} as="age" />,
  }),
];

export const keyColumns = withRowMenu(columns, {
  nameOf: ({ accessKeyId }) => accessKeyId,
  nounOf: () => 'key',
  reading: (row, connectionId) => {
    const { accessKeyId, accountName, ownerId, ownerEmail } = row;
    const owner = ownerEmail === null ? null : userPath(connectionId, ownerId);
    const only = new URLSearchParams({ q: accessKeyId, open: rowIdOf(row) });
    return {
      path: `${clusterPath(connectionId, 'keys')}?${only}`,
      copies: {
        ...{ 'Access key id': accessKeyId, Account: accountName },
        ...{ 'Owner’s e-mail': ownerEmail, 'Owner id': ownerId },
      },
      key: owner === null ? null : { userId: ownerId, accountName, accessKeyId },
      opens: { 'Open owner': owner },
    };
  },
  actions: keyActions,
});

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

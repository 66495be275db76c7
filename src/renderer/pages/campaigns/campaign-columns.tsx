import { openHandover } from '../../changes/keys/handover-dialog.tsx';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Identifier } from '../../kit/components/identifier.tsx';
import { Day, Time } from '../../kit/components/time.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import { customColumn, textColumn, timeColumn } from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { RowLink } from '../../lists/table/row-link.tsx';
import { type CampaignKey, type KeyState, KeyStateBadge, keyStates } from './campaign-words.tsx';
import { markVerb } from './mark-dialogs.tsx';
import { isMarkable, markKeys, marks } from './mark-menu.tsx';

const given: readonly KeyState[] = ['generated', 'handed-over', 'in-use'];

function keyActionsOf(
  campaignId: string,
  takesMarks: boolean,
): readonly ActionEntry<CampaignKey>[] {
  return [
    {
      id: 'onboarding.handover',
      label: () => 'Handover sheet',
      writes: false,
      applies: ({ state, newAccessKeyId }) => newAccessKeyId !== null && given.includes(state),
      start: (key) => openHandoverOf(key, takesMarks ? campaignId : null),
    },
    ...marks.map(
      (as): ActionEntry<CampaignKey> => ({
        id: `campaigns.mark-${as}`,
        label: () => markVerb(as),
        writes: false,
        applies: ({ state }) => takesMarks && isMarkable(as, state),
        start: (key) => markKeys(campaignId, as, [key]),
      }),
    ),
  ];
}

/** Opens the handover sheet; saving it marks the key as handed over, if the campaign allows it. */
function openHandoverOf(key: CampaignKey, campaignId: string | null): void {
  const { userId, email, accountName, newAccessKeyId, row, state } = key;
  openHandover({
    ...{ userId, email },
    ...(accountName === null ? {} : { accountName }),
    ...(newAccessKeyId === null ? {} : { accessKeyId: newAccessKeyId }),
    ...(campaignId !== null && state === 'generated' ? { campaign: { campaignId, row } } : {}),
  });
}

/**
 * The columns of a campaign's keys, with what can be done with one.
 * @param takesMarks whether the campaign takes marks now
 */
export function campaignColumns(
  campaignId: string,
  takesMarks: boolean,
): readonly DataColumn<CampaignKey>[] {
  return withRowMenu(columns, {
    nameOf: ({ oldAccessKeyId }) => oldAccessKeyId,
    reading: ({ userId, email, accountName, oldAccessKeyId, newAccessKeyId }, connectionId) => ({
      path: userPath(connectionId, userId),
      copies: {
        ...{ 'Old key': oldAccessKeyId, 'New key': newAccessKeyId },
        ...{ 'Owner’s e-mail': email, 'Owner id': userId, Account: accountName },
      },
      key: newAccessKeyId === null ? null : { userId, accountName, accessKeyId: newAccessKeyId },
      opens: { 'Open owner': userPath(connectionId, userId) },
    }),
    actions: keyActionsOf(campaignId, takesMarks),
  });
}

const columns: readonly DataColumn<CampaignKey>[] = [
  textColumn('email', 'Owner', {
    width: 184,
    searched: true,
    grow: true,
    sorts: true,
    cell: (key) => <Owner row={key} />,
  }),
  textColumn('accountName', 'Account', {
    searched: true,
    width: 84,
    cell: ({ accountName }) => accountName ?? <span className="oc-faint">user’s own</span>,
  }),
  customColumn('state', 'State', {
    width: 116,
    sortKey: 'state',
    sortsDescendingFirst: false,
    cell: ({ state }) => <KeyStateBadge state={state} />,
    csv: ({ state }) => keyStates[state].word,
  }),
  customColumn('reason', 'Note', {
    width: 160,
    cell: ({ reason, hint }) => (
      <span className="oc-truncate" title={[reason, hint].filter(Boolean).join(' ')}>
        {reason}
      </span>
    ),
    csv: ({ reason, hint }) => [reason, hint].filter(Boolean).join(' '),
  }),
  textColumn('oldAccessKeyId', 'Old key', {
    searched: true,
    width: 158,
    cell: ({ oldAccessKeyId }) => (
      <Identifier value={oldAccessKeyId} what="access key id" length={17} />
    ),
  }),
  textColumn('newAccessKeyId', 'New key', {
    searched: true,
    width: 158,
    cell: ({ newAccessKeyId }) =>
      newAccessKeyId === null ? null : (
        <Identifier value={newAccessKeyId} what="access key id" length={17} />
      ),
  }),
  customColumn('lastActiveOn', 'Last active', {
    description:
      'The last day (UTC) with statistics of the user. Usage is known per user, not per key.',
    width: 98,
    cell: ({ lastActiveOn }) => <Day value={lastActiveOn} utc unknown="no statistics" />,
    csv: ({ lastActiveOn }) => lastActiveOn,
  }),
  timeColumn('oldFirstSeen', 'First seen', {
    sorts: true,
    sortsDescendingFirst: false,
    hidden: true,
    description: 'When this console first saw the old key.',
  }),
  timeColumn('changedAt', 'Changed', {
    sorts: true,
    width: 100,
    hidden: true,
    cell: ({ changedAt }) => <Time value={changedAt} as="age" />,
  }),
  textColumn('changedBy', 'By', { width: 80, hidden: true }),
];

function Owner({ row: { userId, email } }: { row: CampaignKey }) {
  const cluster = useCluster();
  return (
    <RowLink to={userPath(cluster.id, userId)} words={email || userId}>
      {email || userId}
    </RowLink>
  );
}

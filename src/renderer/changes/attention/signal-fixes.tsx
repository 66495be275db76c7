import { Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDots } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import { clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { useMenuEntries } from '../../kit/components/menu-entries.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { openRevoke } from '../keys/key-dialogs.tsx';
import { type CampaignDraft, openNewCampaign } from '../keys/new-campaign.tsx';
import { editLimitsOf, editQuotaOf } from '../limits/edit-when-read.tsx';
import { type LimitState, type LimitTarget, subjectOf } from '../limits/limit-value.tsx';
import { openPutBack } from '../limits/temporary.tsx';
import { OperationDialog } from '../operation/operation-dialog.tsx';
import { openUserOperation } from '../users/user-operations.tsx';
import type { SignalRow } from './snooze-dialog.tsx';
import { openThresholds } from './thresholds-dialog.tsx';

type Action = NonNullable<SignalRow['action']>;

/** Address of a page that a signal names: of its cluster, or beginning with `/` of the console. */
export function signalPath(connectionId: string, page: string): string {
  return page.startsWith('/') ? page : clusterPath(connectionId, page);
}

/** The subject of a signal as its buttons name it: among signals of several clusters, with the cluster. */
export function namedOn({ subject, connectionName }: SignalRow, across: boolean): string {
  const isNamed = !across || subject.kind === 'cluster';
  return isNamed ? subject.name : `${subject.name} on ${connectionName}`;
}

/** The first fix as a button, what else can be done in a menu next to it. */
export function SignalFixes({ row, across }: { row: SignalRow; across: boolean }) {
  const { action, alternatives = [], connectionId } = row;
  const navigate = useNavigate();
  const { running, start } = useStartFix();
  if (!action) return null;
  const subject = namedOn(row, across);
  const label = `${action.label}: ${subject}`;
  return (
    <>
      {action.page === undefined ? (
        <SmallButton aria-label={label} loading={running} onClick={() => start(action)}>
          {action.label}
        </SmallButton>
      ) : (
        <SmallButton component={Link} to={signalPath(connectionId, action.page)} aria-label={label}>
          {action.label}
        </SmallButton>
      )}
      {alternatives.length > 0 && (
        <Alternatives
          named={(words) => `${words}: ${subject}`}
          title={row.title}
          actions={alternatives}
          start={(other) => {
            if (other.page === undefined) start(other);
            else void navigate(signalPath(connectionId, other.page));
          }}
        />
      )}
    </>
  );
}

function Alternatives(props: {
  named(words: string): string;
  title: string;
  actions: readonly Action[];
  start(action: Action): void;
}) {
  const items = useMenuEntries(
    props.actions.map((action) => ({
      label: action.label,
      verb: props.named(action.label),
      start: () => props.start(action),
    })),
  );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button
          type="button"
          className="oc-icon-button"
          aria-label={props.named(`More for ${props.title}`)}
        >
          <IconDots size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>{items}</Menu.Dropdown>
    </Menu>
  );
}

/** Starts what sends readings only at once; everything else opens its dialog. */
function useStartFix() {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const { running, run } = useAction(showFailure);
  const start = (action: Action): void => {
    const { operation, input = {} } = action;
    if (operation === 'usage.collect') {
      void run(() => call(operation, { connectionId, removeCollected: false }));
    } else if (operation === 'sync.refresh') {
      void run(() => call(operation, { connectionId }));
    } else if (operation === 'operations.recheck') {
      void run(async () => {
        const journalId = String(input.journalId);
        const { verified } = await call(operation, { connectionId, journalId });
        if (verified) notifications.show({ message: 'Confirmed: the change took effect.' });
        else {
          notifications.show({
            color: 'yellow',
            title: 'Still not confirmed',
            message:
              'Reading again does not show the change. Its journal entry has the difference.',
          });
        }
      });
    } else startFix(action);
  };
  return { running, start };
}

/** Opens the dialog of a prepared change: nothing is sent before it is confirmed there. */
export function startFix({ operation, input = {} }: Action): void {
  const target = input.target as LimitTarget;
  if (operation === 'quotas.set') editQuotaOf(target, false, String(input.sizeGb));
  else if (operation === 'limits.set') editLimitsOf(target, input.limits as LimitState['limits']);
  else if (operation === 'limits.clear') openClearLimits(target);
  else if (operation === 'users.disable') openUserOperation(operation, String(input.userId));
  else if (operation === 'keys.revoke') revoke(input);
  else if (operation === 'pressure.putBack') openPutBack(String(input.raiseId));
  else if (operation === 'campaigns.start') openNewCampaign(campaignOf(input));
  else if (operation === 'signals.setThresholds') openThresholds(String(input.field));
  else if (operation === 'archive.backup') {
    openDialog((close) => <BackUpDialog onClose={close} />);
  }
}

function openClearLimits(target: LimitTarget): void {
  openDialog((close) => (
    <OperationDialog
      operation="limits.clear"
      input={{ target }}
      subject={subjectOf(target)}
      onClose={close}
    />
  ));
}

function revoke({ userId, accountName, accessKeyId }: Record<string, unknown>): void {
  const holder = { userId: String(userId), email: '', accessKeyIds: [] };
  const account = accountName === undefined ? {} : { accountName: String(accountName) };
  openRevoke({ ...holder, ...account }, String(accessKeyId));
}

/** What a prepared campaign is about: old keys, or the keys of one user. */
function campaignOf({ kind, olderThanDays, ownerId }: Record<string, unknown>): CampaignDraft {
  const of =
    ownerId === undefined
      ? { filter: { olderThanDays: Number(olderThanDays) } }
      : { ownerId: String(ownerId) };
  return { kind: kind === 'finish' ? 'finish' : 'rotate', of };
}

function BackUpDialog({ onClose }: { onClose(): void }) {
  const { id: connectionId, name } = useCluster();
  const call = useConsole();
  const backUp = async () => {
    const { path } = await call('archive.backup', { connectionId });
    notifications.show({ title: `The archive of ${name} was backed up`, message: path });
  };
  return (
    <ConfirmDialog verb="Back up archive" onConfirm={backUp} onClose={onClose}>
      <p className="oc-flush">
        Copies the archive of {name} into one verified file next to it. Restore it under Archives in
        Settings.
      </p>
    </ConfirmDialog>
  );
}

import { Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import type { Campaign } from './campaign-words.tsx';

type Mark = Omit<CallInput<'campaigns.mark'>, 'connectionId' | 'reason'>;

const words: Record<Mark['as'], { verb: string; what: string }> = {
  'handed-over': {
    verb: 'Mark as handed over',
    what: 'The customer has the new key. The old one stays valid.',
  },
  'in-use': {
    verb: 'Mark as in use',
    what: 'You confirm that everything signs with the new key. The next step may revoke the old one.',
  },
  skipped: { verb: 'Skip', what: 'The campaign leaves these keys out. What was done is kept.' },
  open: {
    verb: 'Do after all',
    what: 'The campaign includes these keys again. What was unclear when they were skipped is read first.',
  },
};

/** `Mark as handed over`. */
export function markVerb(as: Mark['as']): string {
  return words[as].verb;
}

/** Shows how many of several keys were marked, and why the others were not. */
function showMarked(mark: Mark, { marked, heldElsewhere }: CallOutput<'campaigns.mark'>): void {
  const asked = mark.rows.length;
  if (asked === 1 && marked === 1) return;
  const changed = asked - marked - heldElsewhere;
  const left = [
    changed > 0 &&
      `${formatCounted(changed, 'key')} had changed in the meantime and ${agreeing(changed, 'was', 'were')} not marked.`,
    heldElsewhere > 0 &&
      `${formatCounted(heldElsewhere, 'key')} stayed skipped: another open campaign works on the holder.`,
  ].filter(Boolean);
  notifications.show({
    color: left.length === 0 ? 'teal' : 'yellow',
    title: `${words[mark.as].verb}: ${formatCount(marked)} of ${formatCounted(asked, 'key')}`,
    message: left.length === 0 ? 'Every key was marked.' : left.join(' '),
  });
}

function MarkDialog({ mark, onClose }: { mark: Mark; onClose(): void }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const [reason, setReason] = useState('');
  const { verb, what } = words[mark.as];
  const skips = mark.as === 'skipped';
  return (
    <ConfirmDialog
      verb={verb}
      title={`${verb}: ${formatCounted(mark.rows.length, 'key')}`}
      disabled={skips && reason.trim() === ''}
      onConfirm={async () =>
        showMarked(mark, await call('campaigns.mark', { connectionId, ...mark, reason }))
      }
      onClose={onClose}
    >
      <p className="oc-flush">{what} Keys in other states are not changed.</p>
      {skips && (
        <TextInput
          label="Reason"
          required
          data-autofocus
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </ConfirmDialog>
  );
}

/** Asks before keys of a campaign are marked. */
export function openMark(mark: Mark): void {
  openDialog((close) => <MarkDialog mark={mark} onClose={close} />);
}

function EditDialog({ campaign, onClose }: { campaign: Campaign; onClose(): void }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const { campaignId } = campaign;
  const [title, setTitle] = useState(campaign.title);
  const [comment, setComment] = useState(campaign.comment);
  return (
    <ConfirmDialog
      verb="Save campaign"
      disabled={title.trim() === ''}
      onConfirm={() => call('campaigns.update', { connectionId, campaignId, title, comment })}
      onClose={onClose}
    >
      <TextInput
        label="Title"
        required
        data-autofocus
        maxLength={120}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Textarea
        label="Comment"
        autosize
        minRows={3}
        maxLength={2000}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}

/** Opens the form for title and comment of a campaign. */
export function openEditCampaign(campaign: Campaign): void {
  openDialog((close) => <EditDialog campaign={campaign} onClose={close} />);
}

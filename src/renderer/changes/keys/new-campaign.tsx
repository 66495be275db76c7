import { SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { CallInput } from '#shared/contract/index.ts';
import { campaignPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { optionsOf } from '../../kit/components/options.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';

type Start = CallInput<'campaigns.start'>;
type Kind = NonNullable<Start['kind']>;

/** What a campaign begins with: named keys, or all that match. */
export interface CampaignDraft {
  kind: Kind;
  of: Start['of'];
}

const kindWords: Record<Kind, string> = {
  rotate:
    'A second key is generated where a slot is free, handed over, and the old one revoked once you say the new one is in use. Where both slots are full the key is skipped.',
  finish:
    'For users and accounts that hold two keys: the younger one stays, the older one is revoked once you say the younger one is in use.',
};

function NewCampaignDialog({ draft, onClose }: { draft: CampaignDraft; onClose(): void }) {
  const call = useConsole();
  const navigate = useNavigate();
  const { id: connectionId } = useCluster();
  const [kind, setKind] = useState(draft.kind);
  const [title, setTitle] = useState(`Rotation of ${new Date().toISOString().slice(0, 10)}`);
  const [comment, setComment] = useState('');
  const start = async () => {
    const of = { connectionId, title, comment, kind, of: draft.of };
    const { campaignId } = await call('campaigns.start', of);
    navigate(campaignPath(connectionId, campaignId));
  };
  return (
    <ConfirmDialog
      verb="Start key campaign"
      width={560}
      disabled={title.trim() === ''}
      onConfirm={start}
      onClose={onClose}
    >
      <KeyCount of={draft.of} />
      <TextInput
        label="Title"
        required
        maxLength={120}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <SegmentedControl
        aria-label="Kind of campaign"
        value={kind}
        onChange={(value) => setKind(value as Kind)}
        data={optionsOf({ rotate: 'Rotate keys', finish: 'Finish rotations' })}
      />
      <p className="oc-flush oc-dimmed">{kindWords[kind]}</p>
      <Textarea
        label="Comment"
        autosize
        minRows={2}
        maxLength={2000}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <p className="oc-flush oc-dimmed">
        Nothing is sent now. Each step is previewed, and the campaign waits for weeks if it has to.
      </p>
    </ConfirmDialog>
  );
}

function KeyCount({ of }: { of: Start['of'] }) {
  const { id: connectionId } = useCluster();
  const { keys, ...matching } = of;
  const input = { connectionId, ...matching, limit: 1 };
  const { data } = useCall('keys.list', input, { enabled: keys === undefined });
  const count = keys?.length ?? data?.total;
  return (
    <div aria-live="polite">
      {count === undefined ? 'Counting keys' : `${formatCounted(count, 'key')}, as last read.`}
    </div>
  );
}

/** Opens the form that begins a key campaign. */
export function openNewCampaign(draft: CampaignDraft): void {
  openDialog((close) => <NewCampaignDialog draft={draft} onClose={close} />);
}

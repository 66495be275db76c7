import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { PreviewPanel } from '../../changes/operation/operation-dialog.tsx';
import { UnlockHere } from '../../changes/operation/write-failure.tsx';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import {
  GuardedButton,
  notPlannable,
  useWriteGuard,
  useWriteHold,
} from '../../kit/components/guarded-button.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import type { CampaignKey } from './campaign-words.tsx';

type Step = CallInput<'campaigns.step'>['step'];

interface StepProps {
  campaignId: string;
  step: Step;
  /** Omitted: every key that is due. */
  rows?: number[];
}

const words = {
  generate: {
    verb: (count: number) =>
      count === 0 ? 'Generate keys' : `Generate ${formatCounted(count, 'key')}`,
    what: 'A second key is generated for each; the old ones stay valid. Secrets stay on the gateway until a handover sheet asks for them.',
  },
  revoke: {
    verb: (count: number) =>
      count === 0 ? 'Revoke old keys' : `Revoke ${formatCounted(count, 'old key')}`,
    what: 'Whoever still signs with an old key is cut off at once. Usage is known per user, not per key: that a user is active does not say with which key.',
  },
} as const;

/** `Generate 12 keys`; without the count where there are none. */
export function stepVerb(step: Step, count: number): string {
  return words[step].verb(count);
}

/** Shows what a step would do: the number of keys, and the first one in detail. */
function StepDialog({ campaignId, step, rows, onClose }: StepProps & { onClose(): void }) {
  const call = useConsole();
  const guard = useWriteGuard();
  const { id: connectionId } = useCluster();
  const [ticket, setTicket] = useState('');
  const input = { connectionId, campaignId, step, ...(rows ? { rows } : {}) };
  const { data, error, refetch } = useCall('campaigns.preview', input);
  const { keys = 0, first, refusal, needsTypedName } = data ?? {};
  const start = (typedName: string) =>
    call('campaigns.step', {
      ...input,
      ...(ticket.trim() === '' ? {} : { ticket: ticket.trim() }),
      ...(needsTypedName ? { typedName } : {}),
    });
  return (
    <ConfirmDialog
      verb={stepVerb(step, keys)}
      width={620}
      destructive={step === 'revoke'}
      disabled={keys === 0 || !guard.allowed}
      {...(needsTypedName ? { typedName: needsTypedName } : {})}
      onConfirm={start}
      onClose={onClose}
    >
      <p className="oc-flush">{words[step].what}</p>
      {error && <ErrorPanel error={error} compact onRetry={() => void refetch()} />}
      {data && keys === 0 && <div>No key is due for this step.</div>}
      {first && (
        <section aria-label="The first key">
          <div className="oc-hint">
            {keys > 1 ? `The first of ${formatCount(keys)}` : 'The key'}
          </div>
          <PreviewPanel preview={first} current />
        </section>
      )}
      {refusal && (
        <div>
          The first key would be refused: {refusal.message} {refusal.hint} The others are tried all
          the same.
        </div>
      )}
      <TextInput
        label="Ticket or reason (optional)"
        description="Kept in the journal with each change; omitted, the campaign’s title is."
        value={ticket}
        maxLength={200}
        onChange={(event) => setTicket(event.currentTarget.value)}
        autoComplete="off"
      />
      {guard.unlockable && <UnlockHere />}
      {!guard.allowed && !guard.unlockable && <div>{guard.reason}</div>}
    </ConfirmDialog>
  );
}

export function openStep(step: StepProps): void {
  openDialog((close) => <StepDialog {...step} onClose={close} />);
}

/** Returns whether a step takes a key; a failed key is due for the step it has not passed. */
function isDue(step: Step, { state, newAccessKeyId }: CampaignKey): boolean {
  if (step === 'generate') {
    return newAccessKeyId === null && ['todo', 'generating', 'failed'].includes(state);
  }
  return newAccessKeyId !== null && ['in-use', 'revoking', 'failed'].includes(state);
}

/** The steps for the selected keys alone: a campaign can be worked through in stages. */
export function StepsOfSelected(props: {
  campaignId: string;
  steps: readonly Step[];
  keys: readonly CampaignKey[];
}) {
  const { campaignId, keys } = props;
  const hold = useWriteHold(notPlannable.campaign);
  const offered = props.steps.flatMap((step) => {
    const rows = keys.filter((key) => isDue(step, key)).map(({ row }) => row);
    if (rows.length === 0) return [];
    const verb = step === 'generate' ? 'Generate for' : 'Revoke old keys of';
    const label = `${verb} ${formatCount(rows.length)} selected`;
    return { step, label, start: () => openStep({ campaignId, step, rows }) };
  });
  return offered.map(({ step, label, start }) => (
    <GuardedButton key={step} reason={hold} onClick={start}>
      {label}
    </GuardedButton>
  ));
}

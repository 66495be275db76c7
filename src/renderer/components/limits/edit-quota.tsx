import { SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { sizeGb } from '#shared/contract/quotas.ts';
import { openDialog } from '../../stores/dialogs.ts';
import { OperationDialog } from '../operation/operation-dialog.tsx';
import type { QuotaState, QuotaTarget } from './resources.ts';

type Choice = 'notSet' | 'unlimited' | 'value';

function choiceOf({ set, sizeGb: size }: QuotaState): Choice {
  if (!set || size === null) return 'notSet';
  return BigInt(size) === 0n ? 'unlimited' : 'value';
}

/** What a quota typed by the operator is wrong with; null where it can be sent. */
export function quotaError(text: string): string | null {
  if (text === '') return 'Enter whole gigabytes.';
  if (!/^\d+$/.test(text)) return 'A quota is a whole number of gigabytes, digits alone.';
  if (BigInt(text) === 0n) return '0 means unlimited: choose that above.';
  return sizeGb.safeParse(text).success ? null : 'A quota is at most 2^53 GB.';
}

function notSetWords(target: QuotaTarget): string {
  if ('default' in target) return 'No default: nothing limits who has no own quota.';
  const whose = 'user' in target ? 'users' : 'buckets';
  return `No own quota: the default of all ${whose} applies.`;
}

/** Sets, lifts or takes away one quota. */
function EditQuotaDialog(props: { target: QuotaTarget; quota: QuotaState; onClose(): void }) {
  const { target, quota, onClose } = props;
  const [choice, setChoice] = useState<Choice>(
    choiceOf(quota) === 'notSet' ? 'value' : choiceOf(quota),
  );
  const [text, setText] = useState(choiceOf(quota) === 'value' ? String(quota.sizeGb) : '');
  const [left, setLeft] = useState(false);
  const wrong = choice === 'value' ? quotaError(text.trim()) : null;
  const input =
    choice === 'notSet'
      ? { target }
      : { target, sizeGb: choice === 'unlimited' ? '0' : text.trim() };
  return (
    <OperationDialog
      operation={choice === 'notSet' ? 'quotas.clear' : 'quotas.set'}
      input={wrong === null ? input : null}
      onClose={onClose}
      form={
        <>
          <SegmentedControl
            aria-label="Quota"
            value={choice}
            onChange={(value) => setChoice(value as Choice)}
            data={[
              { value: 'notSet', label: 'Not set' },
              { value: 'unlimited', label: 'Unlimited' },
              { value: 'value', label: 'A size' },
            ]}
          />
          {choice === 'value' ? (
            <TextInput
              label="Quota in GB"
              description="Gigabytes as the gateway takes them: the number is sent as it stands."
              value={text}
              inputMode="numeric"
              onChange={(event) => setText(event.currentTarget.value)}
              onBlur={() => setLeft(true)}
              error={left || text !== '' ? wrong : undefined}
              rightSection={<span className="oc-dimmed">GB</span>}
              autoComplete="off"
              data-autofocus
            />
          ) : (
            <div className="oc-dimmed">
              {choice === 'notSet'
                ? notSetWords(target)
                : 'Sent as 0, which the gateway takes for unlimited: no default applies either.'}
            </div>
          )}
        </>
      }
    />
  );
}

/**
 * Opens the dialog that changes a quota.
 * @param quota as it is now, to start from
 */
export function openEditQuota(target: QuotaTarget, quota: QuotaState): void {
  openDialog((close) => <EditQuotaDialog target={target} quota={quota} onClose={close} />);
}

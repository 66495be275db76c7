import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type EnteredNumber, readNumberAgainst } from '#shared/entered-number.ts';
import { quotaRules } from '#shared/limit-resources.ts';
import { quotaZeroNote } from '#shared/units.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { EditButton } from '../../kit/components/guarded-button.tsx';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import { Time } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { OperationDialog } from '../operation/operation-dialog.tsx';
import type { PlannedFields } from '../plans/use-planning.tsx';
import { CurrentUse } from './current-use.tsx';
import { type QuotaState, type QuotaTarget, QuotaValue, subjectOf } from './limit-value.tsx';
import classes from './limits.module.css';
import { useTemporary } from './temporary.tsx';

type Choice = 'notSet' | 'zero' | 'value';

function choiceOf({ set, sizeGb: size }: QuotaState): Choice {
  if (!set || size === null) return 'notSet';
  return BigInt(size) === 0n ? 'zero' : 'value';
}

/**
 * Returns the whole GB that were typed, or in words why they can't be sent.
 * @param current GB that `+10 %` changes; null where there are none
 */
export function readQuota(text: string, current: string | null = null): EnteredNumber {
  if (text.trim() === '') return { error: 'Enter whole gigabytes.' };
  const read = readNumberAgainst(text, current, quotaRules);
  return read.value === '0' ? { error: 'To set 0, select "0 GB".' } : read;
}

/** What is sent of what was typed, where that is not the same. */
function quotaHint(text: string, { value }: EnteredNumber, current: string | null): string {
  if (value !== undefined && value !== text.trim()) {
    return `Sent to the gateway as ${formatCount(BigInt(value))} GB.`;
  }
  const change = current === null ? '' : ', or a change such as +10 %';
  return `Sent to the gateway in GB, unconverted. Also takes 5 TB${change}.`;
}

/** GB that a change is counted from; null where there are none. */
function sizeOf(quota: QuotaState): string | null {
  return choiceOf(quota) === 'value' ? String(quota.sizeGb) : null;
}

function notSetWords(target: QuotaTarget): string {
  if ('default' in target) return 'No default: users without a quota of their own are unlimited.';
  const whose = 'user' in target ? 'users' : 'buckets';
  return `No own quota: the default of all ${whose} applies.`;
}

interface EditQuotaProps {
  target: QuotaTarget;
  quota: QuotaState;
  /** Whether it starts out as a change that ends. */
  temporary?: boolean;
  /** GB to begin with in place of those there are. */
  prepared?: string | undefined;
  onClose(): void;
}

/** Changes the quota of one target, from the value it has. */
export function EditQuotaDialog(props: EditQuotaProps) {
  const { target, quota, prepared, onClose } = props;
  const [current, setCurrent] = useState(sizeOf(quota));
  // who raises it for a while enters a size
  const asksSize = props.temporary || prepared !== undefined;
  const [choice, setChoice] = useState<Choice>(
    choiceOf(quota) === 'zero' && !asksSize ? 'zero' : 'value',
  );
  const [text, setText] = useState(prepared ?? current ?? '');
  const [left, setLeft] = useState(false);
  const temporary = useTemporary(target, props.temporary ?? false);
  const countFrom = (planned: PlannedFields | null) => {
    const size = planned?.quota;
    const now = size === undefined ? sizeOf(quota) : sizeOf({ set: size !== null, sizeGb: size });
    setCurrent(now);
    if (text === (current ?? '')) setText(now ?? '');
  };
  const entered = readQuota(text, current);
  const wrong = choice === 'value' ? entered.error : undefined;
  const sizeGb = choice === 'zero' ? '0' : (entered.value ?? '');
  const input = choice === 'notSet' ? { target } : { target, sizeGb };
  const ends = temporary.on && choice !== 'notSet';
  return (
    <OperationDialog
      operation={choice === 'notSet' ? 'quotas.clear' : 'quotas.set'}
      input={wrong === undefined ? input : null}
      subject={subjectOf(target)}
      onClose={onClose}
      onPlanned={countFrom}
      incomplete={ends && temporary.incomplete}
      {...(ends ? { through: (whole) => temporary.send(whole, { sizeGb }) } : {})}
      form={
        <>
          <CurrentUse target={target} sizeGb={sizeOf(quota)} />
          <SegmentedControl
            aria-label="Quota"
            value={choice}
            onChange={(value) => setChoice(value as Choice)}
            data={optionsOf({ notSet: 'Not set', zero: '0 GB', value: 'A size' })}
          />
          {choice === 'value' ? (
            <NumberEntry
              label="Quota in GB"
              description={quotaHint(text, entered, current)}
              value={text}
              current={current}
              rules={quotaRules}
              onChange={setText}
              onBlur={() => setLeft(true)}
              error={left || text !== '' ? wrong : undefined}
              rightSection={<span className="oc-dimmed">GB</span>}
              data-autofocus
            />
          ) : (
            <div className="oc-dimmed">
              {choice === 'notSet' ? notSetWords(target) : quotaZeroNote}
            </div>
          )}
          {choice !== 'notSet' && temporary.fields}
        </>
      }
    />
  );
}

/**
 * Opens the dialog that changes a quota.
 * @param quota as it is now, to start from
 * @param temporary whether it starts out as a change that ends
 * @param prepared GB to begin with in place of those there are
 */
export function openEditQuota(
  target: QuotaTarget,
  quota: QuotaState,
  temporary = false,
  prepared?: string,
): void {
  openDialog((close) => (
    <EditQuotaDialog {...{ target, quota, temporary, prepared }} onClose={close} />
  ));
}

/**
 * The default quota of all users or all buckets with a button to change it: on the Limits & quotas page
 * and wherever it is what applies.
 */
export function DefaultQuota({ of }: { of: 'user' | 'bucket' }) {
  const { id: connectionId } = useCluster();
  const target = { default: of } as const;
  const { data, error } = useCall('quotas.get', { connectionId, target });
  return (
    <span className={classes.value}>
      <span className="oc-dimmed">Default of every {of}:</span>
      {data ? (
        <QuotaValue quota={data} />
      ) : (
        <span className="oc-faint" title={error ? `${error.message} ${error.hint}` : undefined}>
          not read
        </span>
      )}
      {data?.source === 'snapshot' && (
        <span className="oc-faint">
          as read <Time value={data.asOf} as="age" />
        </span>
      )}
      {data && <EditButton label="Edit default" onClick={() => openEditQuota(target, data)} />}
    </span>
  );
}

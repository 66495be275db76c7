import { Checkbox, Modal, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { EditButton, notPlannable } from '../../kit/components/guarded-button.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { ticked, typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { usePlanMode } from '../../kit/stores/plan-mode.tsx';
import { dayAgo, midnight } from '../../lists/list-page/days.ts';
import { DialogTarget } from '../operation/dialog-target.tsx';
import { OperationDialog } from '../operation/operation-dialog.tsx';
import type { OwnInput } from '../operation/use-preview.ts';
import { type LimitTarget, type QuotaTarget, subjectOf } from './limit-value.tsx';
import classes from './limits.module.css';

/** A quota or limits that are to go back to what they were. */
export type TemporaryRaise = CallOutput<'pressure.raises'>[number];
type Sent = CallOutput<'pressure.raise'>;
type Change = CallInput<'pressure.raise'>['change'];
type Write = Pick<CallInput<'pressure.raise'>, 'expected' | 'ticket' | 'typedName'>;

const partNames = { quota: 'Quota', limits: 'Rate limits' } as const;

/** The part of a write's whole input that every write takes. */
function writeOf({ expected, ticket, typedName }: Write): Write {
  return {
    ...(expected === undefined ? {} : { expected }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(typedName === undefined ? {} : { typedName }),
  };
}

/**
 * Lets a change of a quota or of limits last until a day. The way back is stored with it.
 * @param initially whether it starts out as one that ends
 * @returns the fields, whether they are filled in, and what sends the change in place of its operation
 */
export function useTemporary(target: QuotaTarget, initially: boolean) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const { planned } = usePlanMode();
  const [on, setOn] = useState(initially && !('default' in target));
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(() => dayAgo(-7));
  const send = async (write: Write, change: Change): Promise<Sent> =>
    call('pressure.raise', {
      ...{ connectionId, target: target as LimitTarget, change, reason },
      ...{ until: midnight(until)?.toISOString() ?? '', ...writeOf(write) },
    });
  const fields =
    'default' in target || (planned && !on) ? null : (
      <div className={classes.temporary}>
        <Checkbox label="Only until a day, then put back" {...ticked(on, setOn)} />
        {on && (
          <div className={classes.temporaryFields}>
            <TextInput
              label="Until"
              description="Ends at 00:00 local time"
              type="date"
              required
              {...typed(until, setUntil)}
            />
            <TextInput
              label="Reason"
              description="Shown with the raise"
              required
              maxLength={200}
              {...typed(reason, setReason)}
            />
          </div>
        )}
      </div>
    );
  return { on, fields, incomplete: on && (reason.trim() === '' || until === ''), send };
}

function PutBackDialog({ raise, onClose }: { raise: TemporaryRaise; onClose(): void }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const { operation, input } = raise.back;
  const { raiseId, target } = raise;
  return (
    <OperationDialog
      operation={operation}
      input={input as OwnInput<typeof operation>}
      subject={target}
      through={(whole) =>
        call('pressure.putBack', { connectionId, raiseId, ...writeOf(whole as Write) })
      }
      onClose={onClose}
    />
  );
}

/** Finds the raise first, where only its id is known. */
function PutBackFirst({ raiseId, onClose }: { raiseId: string; onClose(): void }) {
  const { id: connectionId } = useCluster();
  const { data, error, refetch } = useCall('pressure.raises', { connectionId });
  const raise = data?.find((one) => one.raiseId === raiseId);
  if (raise) return <PutBackDialog raise={raise} onClose={onClose} />;
  if (!data && !error) return null;
  return (
    <Modal opened onClose={onClose} title="Put back" size={560}>
      {error ? (
        <ErrorPanel error={error} compact onRetry={() => void refetch()} />
      ) : (
        <div>This raise has ended: its value was put back or kept.</div>
      )}
    </Modal>
  );
}

/** Opens the preview of the prepared way back. */
export function openPutBack(raiseId: string): void {
  openDialog((close) => <PutBackFirst raiseId={raiseId} onClose={close} />);
}

function KeepDialog({ raise, onClose }: { raise: TemporaryRaise; onClose(): void }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const [reason, setReason] = useState('');
  const { raiseId, target } = raise;
  return (
    <ConfirmDialog
      verb="Keep value"
      subject={`of ${target.name}`}
      disabled={reason.trim() === ''}
      onConfirm={() => call('pressure.keep', { connectionId, raiseId, reason })}
      onClose={onClose}
    >
      <p className="oc-flush">
        The raised value stays for good. Nothing is sent; the journal says who kept it and why.
      </p>
      <TextInput
        label="Reason"
        required
        data-autofocus
        maxLength={200}
        {...typed(reason, setReason)}
      />
    </ConfirmDialog>
  );
}

/** Asks why a raised value is kept for good. */
function openKeep(raise: TemporaryRaise): void {
  openDialog((close) => <KeepDialog raise={raise} onClose={close} />);
}

function RaisesDialog({ target, onClose }: { target: LimitTarget; onClose(): void }) {
  const subject = subjectOf(target);
  return (
    <Modal opened onClose={onClose} title="Temporary raise" size={560}>
      <DialogTarget subject={subject} />
      <RaiseNote target={target} part="quota" titled onLeave={onClose} />
      <RaiseNote target={target} part="limits" titled onLeave={onClose} />
    </Modal>
  );
}

/** Opens what of a user or bucket is raised, with the ways to end it. */
export function openRaisesOf(target: LimitTarget): void {
  openDialog((close) => <RaisesDialog target={target} onClose={close} />);
}

/** The open raises of a user or bucket. */
function useRaisesOf(target: LimitTarget): readonly TemporaryRaise[] {
  const { id: connectionId } = useCluster();
  const { kind, id } = subjectOf(target);
  const raises = useCall('pressure.raises', { connectionId }).data ?? [];
  return raises.filter((one) => one.target.kind === kind && one.target.id === id);
}

/** Says that a quota or limits are raised until a time, with the ways to end it; nothing where they are not. */
export function RaiseNote(props: {
  target: LimitTarget;
  part: TemporaryRaise['part'];
  /** Says what is raised. */
  titled?: boolean;
  /** Called before another dialog opens. */
  onLeave?(): void;
}): ReactNode {
  const raise = useRaisesOf(props.target).find(({ part }) => part === props.part);
  if (!raise) return null;
  const { until, overdue, reason, createdBy, raiseId, confirmed } = raise;
  const leave = (open: () => void) => {
    props.onLeave?.();
    open();
  };
  return (
    <div className={classes.raise}>
      <StateBadge tone={overdue ? 'warning' : 'information'}>
        {overdue ? 'Overdue to be put back' : 'Raised for now'}
      </StateBadge>
      {props.titled && <b>{partNames[props.part]}</b>}
      <span className="oc-dimmed">
        {overdue ? 'until' : 'ends'} <Time value={until} />, by {createdBy}: {reason}
        {!confirmed && ' (not confirmed)'}
      </span>
      <span>
        <EditButton
          label="Put back"
          notPlannable={notPlannable.ends}
          onClick={() => leave(() => openPutBack(raiseId))}
        />
        <EditButton
          label="Keep value"
          notPlannable={notPlannable.ends}
          onClick={() => leave(() => openKeep(raise))}
        />
      </span>
    </div>
  );
}

import { Button, Modal, Skeleton, Tooltip } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import { destructiveLook, SecondaryButton, SmallButton } from '../../kit/components/buttons.ts';
import { useWriteGuard } from '../../kit/components/guarded-button.tsx';
import { Note, NoteActions } from '../../kit/components/note.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useDelayed } from '../../kit/timers.ts';
import {
  type PlannedFields,
  type Planning,
  PlanPart,
  usePlanning,
} from '../plans/use-planning.tsx';
import { ConfirmFields, ImpactFacts } from './confirm-fields.tsx';
import { type DialogSubject, DialogTarget, TargetName } from './dialog-target.tsx';
import { FieldChanges } from './field-words.tsx';
import classes from './operation.module.css';
import { PlannedRequests } from './planned-requests.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import {
  type OperationName,
  type OperationPreview,
  type OwnInput,
  type PreviewState,
  usePreview,
} from './use-preview.ts';
import { type ChangedRow, type SendThrough, useWrite } from './use-write.ts';
import { Unconfirmed, UnlockHere, WriteFailure } from './write-failure.tsx';

export interface OperationDialogProps<Name extends OperationName> {
  operation: Name;
  /** The operation's own input; null while the form is not complete. */
  input: OwnInput<Name> | null;
  /** What it is about, named from the first frame; omitted: the form names what is new. */
  subject?: DialogSubject;
  /** Said above the preview, once there is one. */
  lead?(preview: OperationPreview): ReactNode;
  /** Fields the operator fills in, above the preview. */
  form?: ReactNode;
  /** The form lacks something that the preview does not need. */
  incomplete?: boolean;
  /** Takes what the selected plan leaves of the target already, which the form counts from; null: nothing. */
  onPlanned?(fields: PlannedFields | null): void;
  /** Sends it in place of the operation's own call. */
  through?: SendThrough<Name>;
  onClose(): void;
  /** The row that flashes, where it is not the preview's target (a target that is new). */
  rowOf?(value: CallOutput<Name>): ChangedRow;
  /** What is shown of the value before the dialog closes: a new secret. */
  renderValue?(value: CallOutput<Name>, close: () => void): ReactNode;
  /** What can be done about a refusal: buckets in the way, another way to sign. */
  renderRefusal?(error: AppError): ReactNode;
}

/** What core's own description calls an operation. */
function useTitle(operation: OperationName): string {
  const catalogue = useCall('operations.catalogue', {}).data;
  return catalogue?.find((one) => one.operation === operation)?.title ?? '';
}

/** A failure is of the input it was met with: another input is asked again. */
function useAskedAgain(question: unknown, ask: () => void): void {
  const asked = JSON.stringify(question);
  const [failedFor, setFailedFor] = useState(asked);
  if (failedFor === asked) return;
  setFailedFor(asked);
  ask();
}

function PreviewSkeleton({ waiting }: { waiting: boolean }) {
  const slow = useDelayed(waiting, 150);
  return (
    <div aria-busy={waiting} style={{ minHeight: 96 }}>
      {slow &&
        [220, 420, 380, 300].map((width) => (
          <Skeleton key={width} width={width} height={12} mb={14} />
        ))}
    </div>
  );
}

function Refusal(props: {
  state: PreviewState;
  render?: ((error: AppError) => ReactNode) | undefined;
}) {
  const { error, renew } = props.state;
  if (!error) return null;
  return (
    <WriteFailure error={error} onNewPreview={renew}>
      {props.render?.(error)}
      {error.retryable && (
        <NoteActions>
          <SmallButton onClick={renew}>Check again</SmallButton>
        </NoteActions>
      )}
    </WriteFailure>
  );
}

/**
 * One write from preview to journal: what changes, what it touches, the same by command line; then
 * sent once, read back, and reported. Nothing destructive is the default button.
 */
export function OperationDialog<Name extends OperationName>(props: OperationDialogProps<Name>) {
  const { operation, input, form, onClose, renderValue } = props;
  const content = useRef<HTMLFormElement>(null);
  useKeptFocus(content);
  const guard = useWriteGuard();
  const title = useTitle(operation);
  const planning = usePlanning({
    change: input && { operation, input: { ...input } },
    about: { operation, targetId: props.subject?.id },
    ...{ ends: props.through !== undefined, onPlanned: props.onPlanned, onClose },
  });
  const state = usePreview(operation, input, form === undefined ? 0 : 300, planning.readFrom);
  const write = useWrite({
    operation,
    input,
    rowOf: props.rowOf,
    through: props.through,
    showsValue: renderValue !== undefined,
    onClose,
  });
  const [ticket, setTicket] = useState('');
  const [typedName, setTypedName] = useState('');
  const { phase } = write;
  const { preview } = state;
  useAskedAgain([operation, input], () => phase.is === 'failed' && write.askAgain());

  const sending = phase.is === 'sending' || planning.adding;
  const ended = phase.is === 'unconfirmed' || phase.is === 'done';
  const typed =
    preview === null || preview.needsTypedName === null || typedName === preview.needsTypedName;
  const mayAct = planning.on ? planning.destination.ready : typed && guard.allowed;
  const ready =
    preview !== null &&
    state.current &&
    !preview.unchanged &&
    !props.incomplete &&
    mayAct &&
    planning.held === null &&
    !sending &&
    !ended;
  const shown = phase.is === 'done' || phase.is === 'unconfirmed' ? phase.value : null;
  const holdsSecret = shown !== null && renderValue !== undefined;

  const send = () => {
    if (ready && planning.on) planning.add();
    else if (ready) void write.send(preview, { ticket, typedName });
  };
  const destructive = !planning.on && (preview?.destructive ?? false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Enter in a field never sends what destroys: that wants its own button.
    if (!destructive) send();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={620}
      returnFocus={false}
      closeOnClickOutside={phase.is === 'asking' && form === undefined}
      closeOnEscape={!sending && !holdsSecret}
      withCloseButton={!holdsSecret}
    >
      <form ref={content} onSubmit={submit} className={classes.body} noValidate>
        {props.subject && <DialogTarget subject={props.subject} />}
        {phase.is === 'unconfirmed' && preview && (
          <Unconfirmed phase={phase} onRecheck={() => void write.recheck(preview)} />
        )}
        {holdsSecret && renderValue(shown, onClose)}
        {!ended && (
          <>
            {form && (
              <fieldset className={classes.form} disabled={sending}>
                {form}
              </fieldset>
            )}
            {preview && props.lead?.(preview)}
            {preview ? (
              <PreviewPanel
                preview={preview}
                current={state.current}
                named={props.subject !== undefined}
              />
            ) : (
              input !== null && !state.error && <PreviewSkeleton waiting />
            )}
            <Refusal state={state} render={props.renderRefusal} />
            <PlanPart planning={planning} disabled={sending} makesKey={renderValue !== undefined} />
            {preview && !preview.unchanged && !planning.on && (
              <ConfirmFields
                ticket={ticket}
                onTicket={setTicket}
                typedName={typedName}
                onTypedName={setTypedName}
                asked={preview.needsTypedName}
                disabled={sending}
              />
            )}
            {guard.unlockable && !planning.on && <UnlockHere onUnlocked={state.renew} />}
            {phase.is === 'failed' && (
              <WriteFailure
                error={phase.error}
                onNewPreview={() => {
                  write.askAgain();
                  state.renew();
                }}
              >
                {props.renderRefusal?.(phase.error)}
              </WriteFailure>
            )}
          </>
        )}
        {!holdsSecret && (
          <OperationFooter
            verb={planning.on ? planning.verb : (preview?.title ?? title)}
            destructive={destructive}
            planning={planning}
            ready={ready}
            sending={sending}
            ended={ended}
            hasForm={form !== undefined}
            reason={guard.allowed || guard.unlockable ? null : guard.reason}
            onCancel={onClose}
            onSend={send}
          />
        )}
      </form>
    </Modal>
  );
}

/** Shows what an operation would do: target, before and after, what it touches, the same by command line. */
export function PreviewPanel({
  preview,
  current,
  named = false,
}: {
  preview: OperationPreview;
  current: boolean;
  /** The target is named above already. */
  named?: boolean;
}) {
  const { target } = preview;
  return (
    <div className={`${classes.body} ${current ? '' : classes.pending}`} aria-busy={!current}>
      <div>
        {!named && <TargetName {...target} />}
        <div className="oc-caption">
          {preview.source === 'gateway' ? 'Read from the gateway ' : 'As last seen '}
          <Time value={preview.asOf} as="age" />
        </div>
      </div>
      {preview.beforeKnown === false ? (
        <div className="oc-dimmed">
          What it is now was never read. It is read when the plan is compared with the cluster.
        </div>
      ) : (
        <FieldChanges fields={preview.fields} />
      )}
      {preview.unchanged && <Note tone="good">No change needed: nothing will be sent.</Note>}
      <ImpactFacts preview={preview} />
      <PlannedRequests preview={preview} />
    </div>
  );
}

/** The dialog's buttons: the way out, and the verb. What destroys is red and never has the focus. */
function OperationFooter(props: {
  verb: string;
  destructive: boolean;
  planning: Pick<Planning, 'on' | 'toggle' | 'held'>;
  ready: boolean;
  sending: boolean;
  ended: boolean;
  /** Whether a form above has the focus first. */
  hasForm: boolean;
  /** Why nothing can be written now; null where it can. */
  reason: string | null;
  onCancel(): void;
  onSend(): void;
}) {
  const { verb, destructive, planning, ready, sending, ended } = props;
  const reason = planning.on ? null : (props.reason ?? planning.held);
  const slow = useDelayed(sending, 1500);
  return (
    <div className="oc-buttons">
      <span className={classes.footerWords} role="status">
        {slow && !planning.on ? 'Sent; reading back whether it happened.' : (reason ?? '')}
      </span>
      {planning.toggle && !ended && (
        <Button variant="subtle" color="gray" disabled={sending} onClick={planning.toggle}>
          {planning.on ? 'Apply now instead' : 'Add to plan'}
        </Button>
      )}
      <SecondaryButton
        onClick={props.onCancel}
        disabled={sending}
        {...(props.hasForm ? {} : { 'data-autofocus': true })}
      >
        {ended ? 'Close' : 'Cancel'}
      </SecondaryButton>
      {!ended && (
        <Tooltip label={reason} disabled={reason === null}>
          <Button
            type={destructive ? 'button' : 'submit'}
            loading={sending}
            disabled={!ready && !sending}
            {...(destructive && { ...destructiveLook(ready || sending), onClick: props.onSend })}
          >
            {verb}
          </Button>
        </Tooltip>
      )}
    </div>
  );
}

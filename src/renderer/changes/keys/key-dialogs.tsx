import { Checkbox, Radio } from '@mantine/core';
import { useState } from 'react';
import { ticked } from '../../kit/components/typed.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import type { DialogSubject } from '../operation/dialog-target.tsx';
import { NewPair } from '../operation/new-pair.tsx';
import classes from '../operation/operation.module.css';
import { OperationDialog } from '../operation/operation-dialog.tsx';

interface HolderDialogProps {
  holder: KeyHolder;
  onClose(): void;
}

function GenerateDialog({ holder, onClose }: HolderDialogProps) {
  return (
    <OperationDialog
      operation="keys.generate"
      input={holderInput(holder)}
      subject={holderSubject(holder)}
      onClose={onClose}
      renderValue={(pair) => (
        <NewPair
          pair={pair}
          holder={holderInput(holder)}
          owner={holderName(holder)}
          onStored={onClose}
        />
      )}
    />
  );
}

function RevokeDialog(
  props: HolderDialogProps & { accessKeyId: string; replacedBy: string | null },
) {
  const { holder, accessKeyId, replacedBy, onClose } = props;
  const [inUse, setInUse] = useState(false);
  const input = { ...holderInput(holder), accessKeyId };
  if (replacedBy === null) {
    return (
      <OperationDialog
        operation="keys.revoke"
        input={input}
        subject={holderSubject(holder)}
        onClose={onClose}
      />
    );
  }
  return (
    <OperationDialog
      operation="keys.revoke"
      input={inUse ? input : null}
      subject={holderSubject(holder)}
      onClose={onClose}
      form={
        <>
          <div>
            Second step of the rotation: revoke the old key once everything signs with the new one.
            This can wait; the old key stays valid until it is revoked.
          </div>
          <Checkbox
            {...ticked(inUse, setInUse)}
            data-autofocus
            label={
              <>
                The new key <span className="oc-mono">{replacedBy}</span> is in use; nothing uses{' '}
                <span className="oc-mono">{accessKeyId}</span> now
              </>
            }
          />
        </>
      }
    />
  );
}

function WhichToGiveUp(props: {
  holder: KeyHolder;
  giveUp: string | null;
  onGiveUp(accessKeyId: string): void;
}) {
  return (
    <Radio.Group
      label="Maximum of two keys reached. Which key should be revoked?"
      description="It is revoked at once, before the new one exists: whoever signs with it is cut off. The other stays valid."
      value={props.giveUp}
      onChange={props.onGiveUp}
    >
      <div className={classes.choices}>
        {props.holder.accessKeyIds.map((accessKeyId, position) => (
          <Radio
            key={accessKeyId}
            size="xs"
            value={accessKeyId}
            label={<span className="oc-mono">{accessKeyId}</span>}
            {...(position === 0 ? { 'data-autofocus': true } : {})}
          />
        ))}
      </div>
    </Radio.Group>
  );
}

function RotateDialog(props: HolderDialogProps & { accessKeyId: string }) {
  const { holder, accessKeyId, onClose } = props;
  const full = holder.accessKeyIds.length >= 2;
  const [giveUp, setGiveUp] = useState<string | null>(null);
  const input = giveUp === null ? { accessKeyId } : { giveUp };
  return (
    <OperationDialog
      operation="keys.rotate"
      input={full && giveUp === null ? null : { ...holderInput(holder), ...input }}
      subject={holderSubject(holder)}
      onClose={onClose}
      {...(full
        ? { form: <WhichToGiveUp holder={holder} giveUp={giveUp} onGiveUp={setGiveUp} /> }
        : {})}
      renderValue={({ oldAccessKeyIds, ...pair }) => (
        <NewPair
          pair={pair}
          holder={holderInput(holder)}
          owner={holderName(holder)}
          onStored={() => {
            onClose();
            const [old] = oldAccessKeyIds;
            if (old !== undefined) openRevoke(holder, old, pair.accessKeyId);
          }}
        >
          {oldAccessKeyIds.length > 0 && (
            <div className="oc-dimmed">
              Next: put the new key to use, then revoke{' '}
              <span className="oc-mono">{oldAccessKeyIds.join(', ')}</span>, which stays valid until
              then.
            </div>
          )}
        </NewPair>
      )}
    />
  );
}

export function openGenerate(holder: KeyHolder): void {
  openDialog((close) => <GenerateDialog holder={holder} onClose={close} />);
}

/**
 * Opens the dialog that revokes a key.
 * @param replacedBy the key of the rotation's first step: then it is asked whether that is in use
 */
export function openRevoke(
  holder: KeyHolder,
  accessKeyId: string,
  replacedBy: string | null = null,
): void {
  openDialog((close) => (
    <RevokeDialog
      holder={holder}
      accessKeyId={accessKeyId}
      replacedBy={replacedBy}
      onClose={close}
    />
  ));
}

/** Opens the dialog that rotates a key: the new pair first, the old one revoked once it is not needed. */
export function openRotate(holder: KeyHolder, accessKeyId: string): void {
  openDialog((close) => <RotateDialog holder={holder} accessKeyId={accessKeyId} onClose={close} />);
}

/** Whose keys: a user's own, or with `accountName` those of one of its accounts. */
export interface KeyHolder {
  userId: string;
  email: string;
  accountName?: string;
  /** Key ids held now, two at most. */
  accessKeyIds: readonly string[];
}

/** The holder in words: `anna@example.com`, `backup of anna@example.com`. */
export function holderName({ email, userId, accountName }: KeyHolder): string {
  const user = email === '' ? userId : email;
  return accountName === undefined ? user : `${accountName} of ${user}`;
}

/** The part of a call's input that names the holder. */
export function holderInput({ userId, accountName }: KeyHolder): {
  userId: string;
  accountName?: string;
} {
  return { userId, ...(accountName === undefined ? {} : { accountName }) };
}

function holderSubject(holder: KeyHolder): DialogSubject {
  const kind = holder.accountName === undefined ? 'user' : 'account';
  return { kind, id: holder.userId, name: holderName(holder) };
}

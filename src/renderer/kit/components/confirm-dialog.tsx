import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useAction } from '../use-action.ts';
import { destructiveLook, SecondaryButton } from './buttons.ts';
import { ErrorPanel } from './error-panel.tsx';
import { typed } from './typed.ts';

/**
 * Asks before something is done. The button says the verb; what destroys is red and never has the
 * focus. Stays open while it runs and shows the error where it fails; focus returns to where it was.
 * @param props.verb on the button and in the title: `Remove connection`
 * @param props.subject what it is done to, in the title
 * @param props.back replaces "Cancel", where the verb is of a cancellation
 * @param props.title replaces verb and subject, where the button says how many
 * @param props.destructive red button, focus on "Cancel"
 * @param props.typedName where given, the button is off until this name was typed
 * @param props.disabled the button is off until the fields among the children are filled in
 * @param props.onConfirm does it; a rejection (an `AppError`) is shown
 * @param props.children what will happen and what it touches
 */
export function ConfirmDialog(props: {
  verb: string;
  subject?: string;
  back?: string;
  title?: string;
  destructive?: boolean;
  typedName?: string;
  disabled?: boolean;
  width?: number;
  /** False: the caller shows what came of it. */
  closeWhenDone?: boolean;
  onConfirm(typedName: string): Promise<unknown>;
  onClose(): void;
  children: ReactNode;
}) {
  const { verb, subject, destructive, typedName, onClose } = props;
  const [entered, setEntered] = useState('');
  const { running, error, run } = useAction();
  const locked = props.disabled || (typedName !== undefined && entered !== typedName);
  // a button that is off takes no focus: it would stay behind the dialog
  const focused = typedName !== undefined ? null : destructive || locked ? 'cancel' : 'confirm';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (locked || running) return;
    await run(async () => {
      await props.onConfirm(entered);
      if (props.closeWhenDone ?? true) onClose();
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={props.title ?? (subject ? `${verb} ${subject}` : verb)}
      size={props.width ?? 480}
      closeOnClickOutside={!running}
    >
      <form onSubmit={submit} className="oc-form">
        {props.children}
        {typedName !== undefined && (
          <TextInput
            label={
              <>
                Type <span className="oc-mono">{typedName}</span> to continue
              </>
            }
            {...typed(entered, setEntered)}
            data-autofocus
            spellCheck={false}
            autoComplete="off"
          />
        )}
        {error && <ErrorPanel error={error} compact />}
        <div className="oc-buttons">
          <SecondaryButton onClick={onClose} data-autofocus={focused === 'cancel' || undefined}>
            {props.back ?? 'Cancel'}
          </SecondaryButton>
          <Button
            type="submit"
            loading={running}
            disabled={locked}
            {...(destructive && destructiveLook(!locked))}
            data-autofocus={focused === 'confirm' || undefined}
          >
            {verb}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

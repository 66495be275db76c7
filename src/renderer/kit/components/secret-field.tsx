import {
  ActionIcon,
  Button,
  Checkbox,
  PasswordInput,
  type PasswordInputProps,
  Tooltip,
} from '@mantine/core';
import { IconCheck, IconClipboardOff, IconCopy, IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { create } from 'zustand';
import { useWhenSecured } from '../stores/secured.ts';
import { useNow } from '../timers.ts';
import classes from './secret-field.module.css';
import { ticked } from './typed.ts';

/**
 * Takes a secret that the operator enters. Masked, one line, kept out of the browser's own stores.
 */
export function SecretInput(props: Omit<PasswordInputProps, 'type'>) {
  return (
    <PasswordInput
      autoComplete="off"
      spellCheck={false}
      data-1p-ignore
      data-lpignore="true"
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret key' }}
      {...props}
    />
  );
}

/**
 * Takes a secret that is not needed: one that is stored stays, is replaced, or is removed.
 * @param props.stored whether one is
 * @param props.removed whether it is to be removed
 */
export function OptionalSecretInput({
  stored,
  removed,
  onRemove,
  ...props
}: Omit<PasswordInputProps, 'type'> & {
  label: string;
  stored: boolean;
  removed: boolean;
  onRemove(removed: boolean): void;
}) {
  return (
    <div>
      <SecretInput
        {...props}
        disabled={removed}
        placeholder={stored && !removed ? 'Stored; leave empty to keep it' : 'None'}
      />
      {stored && (
        <Checkbox
          size="xs"
          mt={6}
          label={`Remove the stored ${props.label.toLowerCase()}`}
          {...ticked(removed, onRemove)}
        />
      )}
    </div>
  );
}

/**
 * Shows a secret once: masked until asked; "copy" puts it on the clipboard, which is cleared after 60
 * seconds unless the operator keeps it. The caller holds the secret no longer than the dialog lives.
 * @param props.value the secret
 * @param props.label `Secret access key`
 */
export function SecretField({ value, label }: { value: string; label: string }) {
  const [shown, setShown] = useState(false);
  const [failed, setFailed] = useState(false);
  useWhenSecured(() => setShown(false));
  // Only what was copied here is shown here, not an earlier secret that waits to be cleared.
  const [copiedUntil, setCopiedUntil] = useState<number | null>(null);
  const copied = useClipboardClearing(({ dueAt }) => dueAt !== null && dueAt === copiedUntil);
  const copy = async () => {
    try {
      setCopiedUntil(await copySecret(value));
      setFailed(false);
    } catch {
      setFailed(true);
      setShown(true);
    }
  };
  const toggle = shown ? 'Hide' : 'Show';
  return (
    <div>
      <div className="oc-hint">{label}</div>
      <div className={classes.field}>
        <span className={`oc-mono ${classes.value}`} data-secret>
          {shown ? value : '•'.repeat(24)}
        </span>
        <Tooltip label={toggle}>
          <ActionIcon
            aria-label={`${toggle} ${label.toLowerCase()}`}
            onClick={() => setShown(!shown)}
          >
            {shown ? <IconEyeOff size={15} /> : <IconEye size={15} />}
          </ActionIcon>
        </Tooltip>
        <Tooltip label={copied ? 'Copied' : 'Copy'}>
          <ActionIcon aria-label={`Copy ${label.toLowerCase()}`} onClick={() => void copy()}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      </div>
      {failed && (
        <div className="oc-dimmed" role="alert">
          The clipboard can’t be reached here: select the secret and copy it by hand.
        </div>
      )}
      {copied && <ClearingNote />}
    </div>
  );
}

function ClearingNote() {
  const dueAt = useClipboardClearing((clearing) => clearing.dueAt);
  const now = useNow(1000);
  if (dueAt === null) return null;
  const seconds = Math.max(0, Math.ceil((dueAt - now) / 1000));
  return (
    <div className={classes.clearing}>
      <span className="oc-number">It is cleared from the clipboard in {seconds} s.</span>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconClipboardOff size={13} />}
        onClick={() => void clearClipboard()}
      >
        Clear the clipboard
      </Button>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={keepClipboard}>
        Keep it
      </Button>
    </div>
  );
}

/** How long a secret may be on the clipboard, in milliseconds. */
export const clipboardKeptFor = 60_000;

interface ClipboardClearing {
  /** When the clipboard is going to be cleared, milliseconds since the Unix epoch; null: not at all. */
  dueAt: number | null;
}

/** Whether and when the clipboard is cleared. Its content is not remembered. */
export const useClipboardClearing = create<ClipboardClearing>()(() => ({ dueAt: null }));

let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps the clipboard: the operator wants to keep what is there. */
export function keepClipboard(): void {
  clearTimeout(timer);
  useClipboardClearing.setState({ dueAt: null });
  void window.ostorConsole?.clipboard('keep');
}

/** Empties the clipboard now, or as soon as the window has the focus again. */
export async function clearClipboard(): Promise<void> {
  clearTimeout(timer);
  try {
    // the desktop shell clears only what is still there
    if (window.ostorConsole) await window.ostorConsole.clipboard('clear');
    else await navigator.clipboard.writeText('');
    useClipboardClearing.setState({ dueAt: null });
  } catch {
    window.addEventListener('focus', () => void clearClipboard(), { once: true });
  }
}

/**
 * Puts a secret on the clipboard and clears it again after a minute, unless it is to be kept. The
 * clearing outlives the dialog; the secret does not.
 * @returns when it is going to be cleared, milliseconds since the Unix epoch
 */
export async function copySecret(secret: string): Promise<number> {
  if (window.ostorConsole) await window.ostorConsole.clipboard('copy', secret);
  else await navigator.clipboard.writeText(secret);
  clearTimeout(timer);
  timer = setTimeout(() => void clearClipboard(), clipboardKeptFor);
  const dueAt = Date.now() + clipboardKeptFor;
  useClipboardClearing.setState({ dueAt });
  return dueAt;
}

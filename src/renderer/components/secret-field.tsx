import { ActionIcon, Button, PasswordInput, type PasswordInputProps, Tooltip } from '@mantine/core';
import { IconCheck, IconClipboardOff, IconCopy, IconEye, IconEyeOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import classes from './secret-field.module.css';

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

const offerClearingFor = 60_000;

/**
 * Shows a secret once: masked until asked; "copy" puts it on the clipboard and offers to clear that for
 * 60 seconds. The caller holds it no longer than the dialog lives.
 * @param props.value the secret
 * @param props.label `Secret access key`
 */
export function SecretField({ value, label }: { value: string; label: string }) {
  const [shown, setShown] = useState(false);
  const [copiedAt, setCopiedAt] = useState<number | null>(null);
  useEffect(() => {
    if (copiedAt === null) return;
    const timer = setTimeout(() => setCopiedAt(null), offerClearingFor);
    return () => clearTimeout(timer);
  }, [copiedAt]);

  const write = async (text: string, at: number | null) => {
    await navigator.clipboard.writeText(text);
    setCopiedAt(at);
  };
  const toggle = shown ? 'Hide' : 'Show';
  return (
    <div>
      <div className={classes.label}>{label}</div>
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
        <Tooltip label={copiedAt === null ? 'Copy' : 'Copied'}>
          <ActionIcon
            aria-label={`Copy ${label.toLowerCase()}`}
            onClick={() => void write(value, Date.now())}
          >
            {copiedAt === null ? <IconCopy size={15} /> : <IconCheck size={15} />}
          </ActionIcon>
        </Tooltip>
      </div>
      {copiedAt !== null && (
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconClipboardOff size={13} />}
          onClick={() => void write('', null)}
        >
          Clear the clipboard
        </Button>
      )}
    </div>
  );
}

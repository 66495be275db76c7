import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CopyButton } from '../copy-button.tsx';
import { SecretField } from '../secret-field.tsx';
import classes from './operation.module.css';

/** A key pair that the gateway just made; the secret is null where it could not be fetched. */
export interface KeyPair {
  accessKeyId: string;
  secretAccessKey: string | null;
}

/**
 * A new key pair, shown once. It is held by this dialog alone and gone with it.
 * @param props.owner whose it is, in words
 * @param props.onStored the operator has stored it
 */
export function NewPair(props: {
  pair: KeyPair | null;
  owner: string;
  onStored(): void;
  children?: ReactNode;
}) {
  const { pair, owner, onStored } = props;
  if (pair === null || pair.secretAccessKey === null) {
    return (
      <>
        <div className={classes.note} data-tone="warning">
          <IconAlertTriangle size={16} aria-hidden />
          <div className={classes.noteBody}>
            <div className={classes.noteTitle}>
              {pair === null ? 'The gateway made no key pair' : 'The secret could not be fetched'}
            </div>
            {pair === null ? (
              'Generate one in the Keys section.'
            ) : (
              <>
                The key <span className="oc-mono">{pair.accessKeyId}</span> of {owner} exists.
                Reveal its secret in the Keys section once the gateway answers.
              </>
            )}
          </div>
        </div>
        <div className={classes.footer}>
          <Button onClick={onStored} data-autofocus>
            Close
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <div>
        <b>New access key of {owner}</b>
        <div className="oc-dimmed">
          The console keeps no copy. Store both parts now, where the tenant can have them safely.
        </div>
      </div>
      <div>
        <div className={classes.keyLabel}>Access key id</div>
        <div className={classes.keyValue}>
          <span className="oc-mono">{pair.accessKeyId}</span>
          <CopyButton value={pair.accessKeyId} label="Copy access key id" />
        </div>
      </div>
      <SecretField value={pair.secretAccessKey} label="Secret access key" />
      {props.children}
      <div className={classes.footer}>
        <Button onClick={onStored}>I have stored it</Button>
      </div>
    </>
  );
}

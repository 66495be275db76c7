import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { CopyButton } from '../../kit/components/identifier.tsx';
import { SecretField } from '../../kit/components/secret-field.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useWhenSecured, whileUnsecured } from '../../kit/stores/secured.ts';
import { useAction } from '../../kit/use-action.ts';
import classes from '../operation/operation.module.css';
import { useKeptFocus } from '../operation/use-kept-focus.ts';
import { holderInput, holderName, type KeyHolder } from './key-dialogs.tsx';

/** Fetches one secret from the gateway when asked to, shows it, and forgets it when closed. */
function RevealDialog(props: { holder: KeyHolder; accessKeyId: string; onClose(): void }) {
  const { holder, accessKeyId, onClose } = props;
  const call = useConsole();
  const client = useQueryClient();
  const { id: connectionId } = useCluster();
  const [secret, setSecret] = useState<string | null>(null);
  useWhenSecured(() => setSecret(null));
  const { running, error, run } = useAction();
  const content = useRef<HTMLDivElement>(null);
  useKeptFocus(content);
  const reveal = async () => {
    await run(async () => {
      const input = { connectionId, ...holderInput(holder), accessKeyId };
      const mayShow = whileUnsecured();
      const { secretAccessKey } = await call('keys.reveal', input);
      if (mayShow()) setSecret(secretAccessKey);
    });
    void client.invalidateQueries({ queryKey: [connectionId, 'journal.list'] });
  };
  return (
    <Modal opened onClose={onClose} title="Reveal secret" size={520} returnFocus={false}>
      <div ref={content} className={classes.body}>
        <div>
          <div className="oc-hint">Access key id of {holderName(holder)}</div>
          <div className={classes.keyValue}>
            <span className="oc-mono">{accessKeyId}</span>
            <CopyButton value={accessKeyId} label="Copy access key id" />
          </div>
        </div>
        {secret === null ? (
          <div className="oc-dimmed">
            The secret is fetched from the gateway, shown here and forgotten when this closes. The
            journal notes that it was shown, not what it is.
          </div>
        ) : (
          <SecretField value={secret} label="Secret access key" />
        )}
        {error && <ErrorPanel error={error} compact />}
        <div className="oc-buttons">
          <SecondaryButton onClick={onClose}>
            {secret === null ? 'Cancel' : 'Close'}
          </SecondaryButton>
          {secret === null && (
            <Button loading={running} onClick={() => void reveal()} data-autofocus>
              Reveal secret
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

export function openReveal(holder: KeyHolder, accessKeyId: string): void {
  openDialog((close) => <RevealDialog holder={holder} accessKeyId={accessKeyId} onClose={close} />);
}

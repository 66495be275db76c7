import { useState } from 'react';
import type { Connection } from '../cluster-context.tsx';
import { useConsole } from '../rpc/console-context.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { SecretInput } from './secret-field.tsx';
import { typed } from './typed.ts';

/** Says how long a secret key that is entered for the connection is kept. */
function keptWords({ askForSecret, sessionOnlySecret }: Connection): string {
  if (askForSecret)
    return 'It is not stored: the console forgets it when the cluster is not in use.';
  if (sessionOnlySecret) return 'It is kept in memory until the console closes.';
  return 'It is kept in this computer’s keychain, or in memory where that can’t be used.';
}

/**
 * Asks for the secret key of a connection alone; everything else of it stays.
 * @param props.onEntered called once core has it
 */
export function EnterSecretDialog(props: {
  connection: Connection;
  onEntered?(): void;
  onClose(): void;
}) {
  const { connection } = props;
  const call = useConsole();
  const [secretKey, setSecretKey] = useState('');
  return (
    <ConfirmDialog
      verb="Enter secret key"
      title={`Secret key of ${connection.name}`}
      disabled={secretKey.trim() === ''}
      onConfirm={async () => {
        await call('connections.enterSecret', { id: connection.id, secretKey });
        props.onEntered?.();
      }}
      onClose={props.onClose}
    >
      <p style={{ margin: 0 }}>
        Of the access key <span className="oc-mono">{connection.accessKeyId}</span>.{' '}
        {keptWords(connection)}
      </p>
      <SecretInput label="Secret key" {...typed(secretKey, setSecretKey)} data-autofocus />
    </ConfirmDialog>
  );
}

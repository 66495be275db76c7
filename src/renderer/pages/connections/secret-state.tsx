import { Anchor } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconKeyOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { Connection } from '../../kit/cluster-context.tsx';
import { EnterSecretDialog } from '../../kit/components/enter-secret.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import frame from '../../kit/frame.module.css';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';

export function SecretState({ connection }: { connection: Connection }) {
  if (!connection.hasCredential) {
    return (
      <>
        {connection.askForSecret ? (
          <StateBadge tone="idle">Asked for each time</StateBadge>
        ) : (
          <StateBadge tone="bad">Missing</StateBadge>
        )}
        <EnterSecret connection={connection} />
      </>
    );
  }
  if (connection.credentialStore === 'keychain') {
    return <StateBadge tone="good">In the keychain</StateBadge>;
  }
  return (
    <>
      <StateBadge tone={connection.demo ? 'idle' : 'warning'}>In memory</StateBadge>
      <div className="oc-caption">
        {connection.askForSecret ? 'until the cluster is not in use' : 'until the console closes'}
      </div>
    </>
  );
}

function EnterSecret({ connection }: { connection: Connection }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="oc-caption">
      <Anchor component="button" type="button" inherit onClick={() => setOpen(true)}>
        Enter it
      </Anchor>
      {open && <EnterSecretDialog connection={connection} onClose={() => setOpen(false)} />}
    </div>
  );
}

/** One banner for all connections: the keychain can't be used, why, and another try with it. */
export function KeychainBanner() {
  const info = useCall('app.info', {}).data;
  return info?.secretStore === 'memory' ? (
    <div className={frame.banner} data-severity="warning" role="status">
      <IconKeyOff size={16} aria-hidden />
      <span>
        <b>Secret keys are kept in memory until the console closes.</b>{' '}
        <KeychainFailed reason={info.secretStoreReason} />
      </span>
    </div>
  ) : null;
}

function KeychainFailed({ reason }: { reason: string | undefined }) {
  const call = useConsole();
  const { running: asking, run } = useAction(showFailure);
  const retry = () =>
    run(async () => {
      const { secretStore, secretStoreReason } = await call('app.retryKeychain', {});
      const kept = secretStore === 'keychain';
      notifications.show({
        color: kept ? 'teal' : 'yellow',
        title: kept ? 'The keychain answers' : 'The keychain still can’t be used',
        message: kept
          ? 'Secret keys are kept in it from now on, across restarts.'
          : (secretStoreReason ?? 'Secret keys stay in memory until the console closes.'),
      });
    });
  return (
    <>
      {reason}{' '}
      <Anchor
        component="button"
        type="button"
        inherit
        disabled={asking}
        title="Unlock the keyring first, with the system’s own program"
        onClick={() => void retry()}
      >
        {asking ? 'Asking the keychain …' : 'Try the keychain again'}
      </Anchor>
    </>
  );
}

/** Says where a secret key that is entered now will be, and for how long. */
export function SecretPlace() {
  const info = useCall('app.info', {}).data;
  if (!info) return <>Kept out of every file of the console.</>;
  if (info.secretStore === 'keychain') return <>Kept in this computer’s keychain, nowhere else.</>;
  return (
    <>Kept in memory until the console closes, then asked for again. {info.secretStoreReason}</>
  );
}

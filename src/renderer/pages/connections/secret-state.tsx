import { Anchor } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Link } from 'react-router';
import { connectionPath } from '../../kit/addresses.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';

/** Where a connection's secret lies; where only in memory, why, and another try with the keychain. */
export function SecretState({ connection }: { connection: Connection }) {
  const info = useCall('app.info', {}).data;
  const failed = !connection.demo && info?.secretStore === 'memory';
  if (!connection.hasCredential) {
    return (
      <>
        <StateBadge tone="bad">Missing</StateBadge>
        <div className="oc-caption">
          <Link to={connectionPath(connection.id)}>Enter it</Link>
        </div>
        {failed && <KeychainFailed reason={info.secretStoreReason} />}
      </>
    );
  }
  if (connection.credentialStore === 'keychain') {
    return <StateBadge tone="good">In the keychain</StateBadge>;
  }
  return (
    <>
      <StateBadge tone={connection.demo ? 'idle' : 'warning'}>In memory</StateBadge>
      <div className="oc-caption">until the console closes</div>
      {failed && <KeychainFailed reason={info.secretStoreReason} />}
    </>
  );
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
    <div className="oc-caption">
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
    </div>
  );
}

/** Says where a secret key that is entered now will lie, and for how long. */
export function SecretPlace() {
  const info = useCall('app.info', {}).data;
  if (!info) return <>Kept out of every file of the console.</>;
  if (info.secretStore === 'keychain') return <>Kept in this computer’s keychain, nowhere else.</>;
  return (
    <>Kept in memory until the console closes, then asked for again. {info.secretStoreReason}</>
  );
}

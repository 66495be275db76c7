import { useCall } from '../../kit/rpc/use-call.ts';

/** Says where a secret key that is entered now will lie, and for how long. */
export function SecretPlace() {
  const info = useCall('app.info', {}).data;
  if (!info) return <>Kept out of every file of the console.</>;
  if (info.secretStore === 'keychain') return <>Kept in this computer’s keychain, nowhere else.</>;
  return (
    <>Kept in memory until the console closes, then asked for again. {info.secretStoreReason}</>
  );
}

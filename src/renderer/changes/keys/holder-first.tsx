import { Modal } from '@mantine/core';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useOnceRead } from '../operation/use-once-read.ts';
import type { KeyHolder } from './key-dialogs.tsx';

interface Wanted {
  userId: string;
  /** Null: the user's own keys. */
  accountName: string | null;
  /** Of the dialog that says why they can't be read. */
  title: string;
}

/** The holder of keys as its user shows it now. */
function holderOf(user: CallOutput<'users.get'>, accountName: string | null): KeyHolder {
  const { userId, email } = user;
  const ids = (keys: readonly { accessKeyId: string }[]) => keys.map((key) => key.accessKeyId);
  if (accountName === null) return { userId, email, accessKeyIds: ids(user.keys) };
  const account = user.accounts.find(({ name }) => name === accountName);
  return { userId, email, accountName, accessKeyIds: ids(account?.keys ?? []) };
}

function HolderFirst(props: Wanted & { start(holder: KeyHolder): void; onClose(): void }) {
  const { userId, accountName, onClose } = props;
  const { id: connectionId } = useCluster();
  const { data, error, refetch } = useCall('users.get', { connectionId, userId });
  useOnceRead(data, onClose, (user) => props.start(holderOf(user, accountName)));
  if (!error) return null;
  return (
    <Modal opened onClose={onClose} title={props.title} size={520} returnFocus={false}>
      <ErrorPanel error={error} compact onRetry={() => void refetch()} />
    </Modal>
  );
}

/** Begins something with access keys, once it is read which ones are held now: lists may be hours old. */
export function openForHolder(wanted: Wanted, start: (holder: KeyHolder) => void): void {
  openDialog((close) => <HolderFirst {...wanted} start={start} onClose={close} />);
}

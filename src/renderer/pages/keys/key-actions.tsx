import { Modal } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { type KeyHolder, openRevoke, openRotate } from '../../changes/keys/key-dialogs.tsx';
import { openReveal } from '../../changes/keys/reveal-secret.tsx';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';

/** An access key of the fleet. */
export type KeyRow = RowOf<'keys.list'>;

type Step = 'rotate' | 'revoke';

const titles = { rotate: 'Rotate access key', revoke: 'Revoke access key' } as const;

/** The holder of a key as its user shows it now. */
function holderOf(user: CallOutput<'users.get'>, accountName: string | null): KeyHolder {
  const { userId, email } = user;
  const ids = (keys: readonly { accessKeyId: string }[]) => keys.map((key) => key.accessKeyId);
  if (accountName === null) return { userId, email, accessKeyIds: ids(user.keys) };
  const account = user.accounts.find(({ name }) => name === accountName);
  return { userId, email, accountName, accessKeyIds: ids(account?.keys ?? []) };
}

/** Reads which keys the owner holds now (the list may be hours old), then opens the dialog. */
function HolderFirst({ row, step, onClose }: { row: KeyRow; step: Step; onClose(): void }) {
  const { id: connectionId } = useCluster();
  const { data, error, refetch } = useCall('users.get', { connectionId, userId: row.ownerId });
  const done = useRef(false);
  useEffect(() => {
    if (!data || done.current) return;
    done.current = true;
    onClose();
    const holder = holderOf(data, row.accountName);
    if (step === 'rotate') openRotate(holder, row.accessKeyId);
    else openRevoke(holder, row.accessKeyId);
  });
  if (!error) return null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={titles[step]}
      size={520}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ErrorPanel error={error} compact onRetry={() => void refetch()} />
    </Modal>
  );
}

/** Rotates or revokes a key of the fleet, once it is known what its owner holds now. */
function openWithHolder(row: KeyRow, step: Step): void {
  openDialog((close) => <HolderFirst row={row} step={step} onClose={close} />);
}

export const keyActions: readonly ActionEntry<KeyRow>[] = [
  {
    id: 'keys.reveal',
    label: () => 'Reveal secret',
    writes: false,
    start: ({ ownerId, ownerEmail, accountName, accessKeyId }) =>
      openReveal(
        {
          userId: ownerId,
          email: ownerEmail ?? '',
          ...(accountName === null ? {} : { accountName }),
          accessKeyIds: [accessKeyId],
        },
        accessKeyId,
      ),
  },
  {
    id: 'keys.rotate',
    label: () => 'Rotate access key',
    writes: true,
    start: (row) => openWithHolder(row, 'rotate'),
  },
  {
    id: 'keys.revoke',
    label: () => 'Revoke access key',
    destructive: true,
    writes: true,
    start: (row) => openWithHolder(row, 'revoke'),
  },
];

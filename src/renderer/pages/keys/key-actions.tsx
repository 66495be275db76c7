import { openForHolder } from '../../changes/keys/holder-first.tsx';
import { openRevoke, openRotate } from '../../changes/keys/key-dialogs.tsx';
import { openReveal } from '../../changes/keys/reveal-secret.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';

export type KeyRow = RowOf<'keys.list'>;

/** Rotates or revokes a key, after reading its owner's current keys. */
function openWithHolder(row: KeyRow, step: 'rotate' | 'revoke'): void {
  const { ownerId: userId, accountName, accessKeyId } = row;
  const open = step === 'rotate' ? openRotate : openRevoke;
  openForHolder({ userId, accountName, title: `${titles[step]} access key` }, (holder) =>
    open(holder, accessKeyId),
  );
}

const titles = { rotate: 'Rotate', revoke: 'Revoke' } as const;

export const keyActions: readonly ActionEntry<KeyRow>[] = [
  {
    id: 'keys.reveal',
    label: () => 'Reveal secret',
    keywords: 'show secret',
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
    keywords: 'replace renew reset',
    writes: true,
    start: (row) => openWithHolder(row, 'rotate'),
  },
  {
    id: 'keys.revoke',
    label: () => 'Revoke access key',
    keywords: 'delete remove',
    destructive: true,
    writes: true,
    start: (row) => openWithHolder(row, 'revoke'),
  },
];

import type { ActionEntry } from '../../kit/detail/detail-entries.ts';
import { openReveal } from '../users/keys/reveal-secret.tsx';
import type { KeyRow } from './columns.tsx';
import { openWithHolder } from './open-with-holder.tsx';

/** What can be done with one key of the fleet. */
export const keyActions: readonly ActionEntry<KeyRow>[] = [
  {
    id: 'keys.reveal',
    order: 10,
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
    order: 20,
    label: () => 'Rotate access key',
    writes: true,
    start: (row) => openWithHolder(row, 'rotate'),
  },
  {
    id: 'keys.revoke',
    order: 30,
    label: () => 'Revoke access key',
    destructive: true,
    writes: true,
    start: (row) => openWithHolder(row, 'revoke'),
  },
];

import type { ActionEntry } from '../../kit/detail/sections.tsx';
import type { RowOf } from '../../lists/table/page-reader.ts';
import { openHandover } from '../keys/handover-dialog.tsx';
import { editLimitsOf, editQuotaOf } from '../limits/edit-when-read.tsx';
import { openCreateAccount } from './account-dialogs.tsx';
import { openUserOperation } from './user-operations.tsx';

/** What an action on one user knows of it: rows of the list and the detail alike have it. */
export type UserSubject = Pick<RowOf<'users.list'>, 'userId' | 'email' | 'state' | 'flags'>;

/** Actions on one user, in its detail and on its row. */
export const userActions: readonly ActionEntry<UserSubject>[] = [
  {
    id: 'users.disable',
    label: () => 'Disable user',
    writes: true,
    applies: ({ state }) => state !== 'disabled',
    start: ({ userId }) => openUserOperation('users.disable', userId),
  },
  {
    id: 'users.enable',
    label: () => 'Enable user',
    writes: true,
    applies: ({ state }) => state !== 'enabled',
    start: ({ userId }) => openUserOperation('users.enable', userId),
  },
  {
    id: 'quotas.set',
    label: () => 'Set quota',
    writes: true,
    shortcut: 'e',
    start: ({ userId }) => editQuotaOf({ user: userId }),
  },
  {
    id: 'limits.set',
    label: () => 'Set rate limits',
    writes: true,
    start: ({ userId }) => editLimitsOf({ user: userId }),
  },
  {
    id: 'accounts.create',
    label: () => 'Create account',
    writes: true,
    start: openCreateAccount,
  },
  {
    id: 'onboarding.handover',
    label: () => 'Handover sheet',
    writes: false,
    start: openHandover,
  },
  {
    id: 'users.remove',
    label: () => 'Remove user',
    writes: true,
    destructive: true,
    start: ({ userId }) => openUserOperation('users.remove', userId),
  },
];

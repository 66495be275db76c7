import { fireEvent, screen, within } from '@testing-library/react';
import { openRemoveBucket } from '#renderer/changes/buckets/remove-bucket.tsx';
import { openGenerate, openRevoke, openRotate } from '#renderer/changes/keys/key-dialogs.tsx';
import { openEditLimits } from '#renderer/changes/limits/edit-limits.tsx';
import { openEditQuota } from '#renderer/changes/limits/edit-quota.tsx';
import type { OperationName } from '#renderer/changes/operation/use-preview.ts';
import { openCreateAccount, openRemoveAccount } from '#renderer/changes/users/account-dialogs.tsx';
import { openCreateUser } from '#renderer/changes/users/create-user.tsx';
import { openUserOperation } from '#renderer/changes/users/user-operations.tsx';

/** The dialog of one operation as an operator opens it, and what has to be entered there. */
export interface OneDialog {
  operation: OperationName;
  /** The verb on its button. */
  title: string;
  destructive: boolean;
  open(): void;
  /** Enters what the operation needs. */
  enter?(dialog: HTMLElement): void;
}

const userId = '0000000000000005';
const email = 'user-000005@example.com';
const holder = { userId, email, accessKeyIds: ['KEY1', 'KEY2'] };
const limits = { opsDefault: 1, opsGet: 2, opsPut: 3, opsList: 4, opsDelete: 5, bandwidthOut: 6 };

function type(label: string, text: string): void {
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
}

function select(dialog: HTMLElement, name: string): void {
  fireEvent.click(within(dialog).getByRole('radio', { name }));
}

/** The dialogs of all management operations. */
export const everyDialog: readonly OneDialog[] = [
  {
    operation: 'users.create',
    title: 'Create user',
    destructive: false,
    open: openCreateUser,
    enter: () => type('E-mail', 'new@example.com'),
  },
  {
    operation: 'users.enable',
    title: 'Enable user',
    destructive: false,
    open: () => openUserOperation('users.enable', userId),
  },
  {
    operation: 'users.disable',
    title: 'Disable user',
    destructive: true,
    open: () => openUserOperation('users.disable', userId),
  },
  {
    operation: 'users.remove',
    title: 'Delete user',
    destructive: true,
    open: () => openUserOperation('users.remove', userId),
  },
  {
    operation: 'keys.generate',
    title: 'Generate access key',
    destructive: false,
    open: () => openGenerate({ ...holder, accountName: 'backup', accessKeyIds: ['KEY1'] }),
  },
  {
    operation: 'keys.revoke',
    title: 'Revoke access key',
    destructive: true,
    open: () => openRevoke(holder, 'KEY1'),
  },
  {
    operation: 'keys.rotate',
    title: 'Rotate access key',
    destructive: false,
    open: () => openRotate(holder, 'KEY1'),
    enter: (dialog) => select(dialog, 'KEY1'),
  },
  {
    operation: 'accounts.create',
    title: 'Create account',
    destructive: false,
    open: () => openCreateAccount({ userId, email }),
    enter: () => type('Name of the account', 'nightly'),
  },
  {
    operation: 'accounts.remove',
    title: 'Delete account',
    destructive: true,
    open: () => openRemoveAccount({ userId, email }, 'backup'),
  },
  {
    operation: 'buckets.remove',
    title: 'Delete bucket',
    destructive: true,
    open: () => openRemoveBucket('bucket-1'),
  },
  {
    operation: 'limits.set',
    title: 'Set rate limits',
    destructive: false,
    open: () => openEditLimits({ user: userId }, { set: true, limits }),
    enter: () => type('Get, operations/s', '250.5'),
  },
  {
    operation: 'limits.clear',
    title: 'Clear rate limits',
    destructive: false,
    open: () => openEditLimits({ bucket: 'bucket-1' }, { set: true, limits }),
    enter: (dialog) => select(dialog, 'Not set'),
  },
  {
    operation: 'quotas.set',
    title: 'Set quota',
    destructive: false,
    open: () => openEditQuota({ default: 'user' }, { set: false, sizeGb: null }),
    enter: () => type('Quota in GB', '750'),
  },
  {
    operation: 'quotas.clear',
    title: 'Clear quota',
    destructive: false,
    open: () => openEditQuota({ bucket: 'bucket-1' }, { set: true, sizeGb: 5 }),
    enter: (dialog) => select(dialog, 'Not set'),
  },
];

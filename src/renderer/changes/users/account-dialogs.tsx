import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { accountName } from '#shared/contract/targets.ts';
import { typed } from '../../kit/components/typed.ts';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { openForHolder } from '../keys/holder-first.tsx';
import { openGenerate } from '../keys/key-dialogs.tsx';
import { NewPair } from '../operation/new-pair.tsx';
import { OperationDialog } from '../operation/operation-dialog.tsx';

export interface AccountOwner {
  userId: string;
  email: string;
}

function CreateAccountDialog({ owner, onClose }: { owner: AccountOwner; onClose(): void }) {
  const [name, setName] = useState('');
  const parsed = accountName.safeParse(name);
  const wrong = name.trim() !== '' && !parsed.success;
  return (
    <OperationDialog
      operation="accounts.create"
      input={parsed.success ? { userId: owner.userId, accountName: parsed.data } : null}
      subject={{ kind: 'user', id: owner.userId, name: owner.email || owner.userId }}
      onClose={onClose}
      form={
        <TextInput
          label="Name of the account"
          description={`A further set of access keys inside ${owner.email || owner.userId}.`}
          {...typed(name, setName)}
          maxLength={128}
          error={
            wrong ? 'A name has 1 to 128 characters, none of them a control character.' : undefined
          }
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
      }
      renderValue={({ key, name: created }) => (
        <NewPair
          pair={key}
          holder={{ userId: owner.userId, accountName: created }}
          owner={`${created} of ${owner.email || owner.userId}`}
          onStored={onClose}
        />
      )}
    />
  );
}

export function openCreateAccount(owner: AccountOwner): void {
  openDialog((close) => <CreateAccountDialog owner={owner} onClose={close} />);
}

export function openRemoveAccount(owner: AccountOwner, name: string): void {
  openDialog((close) => (
    <OperationDialog
      operation="accounts.remove"
      input={{ userId: owner.userId, accountName: name }}
      subject={{
        kind: 'account',
        id: owner.userId,
        name: `${name} of ${owner.email || owner.userId}`,
      }}
      onClose={close}
    />
  ));
}

export type AccountRow = CallOutput<'sync.find'>['accounts'][number];

export const accountActions: readonly ActionEntry<AccountRow>[] = [
  {
    id: 'keys.generate',
    label: () => 'Generate key',
    keywords: 'access secret pair new',
    writes: true,
    start: ({ ownerId: userId, name: accountName }) =>
      openForHolder({ userId, accountName, title: 'Generate key' }, openGenerate),
  },
  {
    id: 'accounts.remove',
    label: () => 'Delete account',
    keywords: 'remove',
    writes: true,
    destructive: true,
    start: ({ ownerId, ownerEmail, name }) =>
      openRemoveAccount({ userId: ownerId, email: ownerEmail ?? '' }, name),
  },
];

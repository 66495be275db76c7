import { TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { emailAddress } from '#shared/contract/targets.ts';
import type { AppError } from '#shared/errors.ts';
import { NewPair } from '../../changes/operation/new-pair.tsx';
import classes from '../../changes/operation/operation.module.css';
import { OperationDialog } from '../../changes/operation/operation-dialog.tsx';
import { clusterPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { GuardedButton, useWriteHold } from '../../kit/components/guarded-button.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';

/** Asks for an e-mail, previews and creates the user, and shows its first key pair once. */
function CreateUserDialog({ onClose }: { onClose(): void }) {
  const [email, setEmail] = useState('');
  const [left, setLeft] = useState(false);
  const parsed = emailAddress.safeParse(email);
  const { id } = useCluster();
  const navigate = useNavigate();
  const openCreated = (userId: string) => {
    onClose();
    // the list shows it whatever was searched before, however long the list is
    const inSight = new URLSearchParams({ q: email.trim(), open: userId });
    navigate(`${clusterPath(id, 'users')}?${inSight}`);
  };
  return (
    <OperationDialog
      operation="users.create"
      input={parsed.success ? { email: parsed.data } : null}
      onClose={onClose}
      rowOf={({ userId }) => ({ kind: 'user', id: userId })}
      form={
        <TextInput
          label="E-mail"
          description="Names the user in requests; it can’t be changed later."
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          onBlur={() => setLeft(true)}
          error={
            left && email !== '' && !parsed.success
              ? 'An e-mail has the form name@domain.'
              : undefined
          }
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
      }
      renderValue={({ key, userId, email: created }) => (
        <NewPair
          pair={key}
          holder={{ userId }}
          owner={created}
          onStored={() => openCreated(userId)}
        />
      )}
      renderRefusal={(error) => <ExistingUser error={error} onLeave={onClose} />}
    />
  );
}

export function openCreateUser(): void {
  openDialog((close) => <CreateUserDialog onClose={close} />);
}

export function CreateUserButton() {
  return (
    <GuardedButton
      leftSection={<IconPlus size={14} />}
      reason={useWriteHold()}
      onClick={openCreateUser}
    >
      Create user
    </GuardedButton>
  );
}

/** Leads to the user that has the e-mail already. */
function ExistingUser({ error, onLeave }: { error: AppError; onLeave(): void }) {
  const { id } = useCluster();
  const { userId } = error.details ?? {};
  if (error.code !== 'ALREADY_EXISTS' || typeof userId !== 'string') return null;
  return (
    <div className={classes.noteActions}>
      <Link to={userPath(id, userId)} onClick={onLeave}>
        Open the user that is there
      </Link>
    </div>
  );
}

import { Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { emailAddress } from '#shared/contract/targets.ts';
import type { AppError } from '#shared/errors.ts';
import { clusterPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { GuardedButton, useWriteHold } from '../../kit/components/guarded-button.tsx';
import { NoteActions } from '../../kit/components/note.tsx';
import { typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useAction } from '../../kit/use-action.ts';
import { NewPair } from '../operation/new-pair.tsx';
import { OperationDialog } from '../operation/operation-dialog.tsx';

export interface NewUserOf {
  customerId: string;
  name: string;
  /** Entered at first. */
  email: string;
  services: readonly { value: string; label: string }[];
  /** The service it is most likely for; null: the customer as a whole. */
  serviceId: string | null;
}

/**
 * Asks for an e-mail, previews and creates the user, and shows its first key pair once. A user of a
 * customer is mapped to it as soon as it is there.
 */
function CreateUserDialog({ of, onClose }: { of: NewUserOf | null; onClose(): void }) {
  const [email, setEmail] = useState(of?.email ?? '');
  const [serviceId, setServiceId] = useState(of?.serviceId ?? null);
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
        <>
          <TextInput
            label="E-mail"
            description="Names the user in requests; it can’t be changed later."
            {...typed(email, setEmail)}
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
          {of && of.services.length > 0 && (
            <Select
              label="Service"
              description="Leave empty to map the user to the customer as a whole."
              clearable
              data={[...of.services]}
              value={serviceId}
              onChange={setServiceId}
            />
          )}
        </>
      }
      renderValue={({ key, userId, email: created }) => (
        <>
          {of && <MapCreated of={of} serviceId={serviceId} userId={userId} />}
          <NewPair
            pair={key}
            holder={{ userId }}
            owner={created}
            onStored={of ? onClose : () => openCreated(userId)}
          />
        </>
      )}
      renderRefusal={(error) => <ExistingUser error={error} onLeave={onClose} />}
    />
  );
}

/** Maps the new user to its customer, once, and says whether that was done. */
function MapCreated(props: { of: NewUserOf; serviceId: string | null; userId: string }) {
  const { of, serviceId, userId } = props;
  const { id: connectionId } = useCluster();
  const call = useConsole();
  const { error, run } = useAction();
  const [mapped, setMapped] = useState(false);
  const begun = useRef(false);
  const map = () =>
    run(async () => {
      const service = serviceId === null ? {} : { serviceId };
      await call('customers.map', { customerId: of.customerId, connectionId, userId, ...service });
      setMapped(true);
    });
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void map();
  });
  if (error) {
    const title = `The user exists, but is not mapped to ${of.name}`;
    return <ErrorPanel title={title} error={error} compact onRetry={() => void map()} />;
  }
  return <div role="status">{mapped ? `Mapped to ${of.name}.` : `Mapping to ${of.name}…`}</div>;
}

/** @param of the customer that it is for; null: nobody in particular */
export function openCreateUser(of: NewUserOf | null = null): void {
  openDialog((close) => <CreateUserDialog of={of} onClose={close} />);
}

export function CreateUserButton({ of = null }: { of?: NewUserOf | null }) {
  return (
    <GuardedButton
      {...(of ? { variant: 'default', size: 'compact-sm' } : {})}
      leftSection={<IconPlus size={14} />}
      reason={useWriteHold()}
      onClick={() => openCreateUser(of)}
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
    <NoteActions>
      <Link to={userPath(id, userId)} onClick={onLeave}>
        Open the user that is there
      </Link>
    </NoteActions>
  );
}

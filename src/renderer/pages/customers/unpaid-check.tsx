import { Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { plainRowMenu } from '../../changes/operation/row-actions.tsx';
import { userActions } from '../../changes/users/user-operations.tsx';
import { userPath } from '../../kit/addresses.ts';
import { ActingCluster } from '../../kit/components/acting-cluster.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { Bytes, NotCounted } from '../../kit/components/bytes.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { GuardedButton, useActionHold } from '../../kit/components/guarded-button.tsx';
import type { PlainColumn } from '../../kit/components/plain-table.tsx';
import { UserStateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { ticked, typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { showFailure } from '../../kit/use-action.ts';
import { Check, type Row, userKey, userLink } from './check.tsx';
import { MapCustomerDialog } from './map-dialogs.tsx';
import { type NewMapping, useMappedNote } from './mapped-note.tsx';
import { useClusterNames } from './shared/customer-parts.tsx';
import classes from './shared/customers.module.css';

type User = Row<'customers.unpaid'>;

const monthName = (month: string): string =>
  new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );

function Traffic({
  traffic,
  month,
}: {
  traffic: Row<'customers.unpaid'>['traffic'];
  month: string;
}) {
  if (traffic === null) return <span className="oc-faint">no statistics</span>;
  const source = `archived statistics of ${monthName(month)}`;
  return (
    <>
      <Bytes value={traffic.downloaded} source={source} /> out,{' '}
      <Bytes value={traffic.uploaded} source={source} /> in
    </>
  );
}

const nameOf = ({ email, userId }: User): string => email || userId;

const menu = plainRowMenu<User>({
  nameOf,
  reading: ({ connectionId, userId, email }) => ({
    path: userPath(connectionId, userId),
    copies: { 'E-mail': email, 'User id': userId },
    opens: { 'Open user': userPath(connectionId, userId) },
  }),
});

/** Asks why nobody is to pay for a user. */
function openNotBilled(user: User): void {
  openDialog((close) => <NotBilledDialog user={user} onClose={close} />);
}

function NotBilledDialog({ user, onClose }: { user: User; onClose(): void }) {
  const { connectionId, userId } = user;
  const call = useConsole();
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      verb="Mark as not billed"
      subject={nameOf(user)}
      disabled={reason.trim() === ''}
      onConfirm={() => call('customers.setNotBilled', { connectionId, userId, reason })}
      onClose={onClose}
    >
      <p className="oc-flush">
        The user is no longer listed as one that nobody pays for, only counted. Nothing changes on
        the cluster. Show users not billed to undo it.
      </p>
      <TextInput
        label="Reason"
        description="Such as a test, monitoring or your own backups"
        required
        data-autofocus
        maxLength={500}
        {...typed(reason, setReason)}
      />
    </ConfirmDialog>
  );
}

/** Disables a user on its cluster, which may be another than the one on screen. */
function DisableUser({ user }: { user: User }) {
  const hold = useActionHold();
  const disable = userActions.find(({ id }) => id === 'users.disable');
  if (!disable || user.state !== 'enabled') return null;
  return (
    <GuardedButton
      variant="default"
      size="compact-sm"
      label={`Disable ${nameOf(user)}`}
      reason={hold(disable)}
      onClick={() => disable.start({ ...user, flags: [] })}
    >
      Disable
    </GuardedButton>
  );
}

function UnpaidActions({ user, onMapped }: { user: User; onMapped(mapping: NewMapping): void }) {
  const call = useConsole();
  const [mapping, setMapping] = useState(false);
  const { connectionId, userId, notBilled } = user;
  const connection = useCall('connections.list', {}).data?.find(({ id }) => id === connectionId);
  const name = nameOf(user);
  const bill = () =>
    call('customers.setNotBilled', { connectionId, userId, reason: null }).catch(showFailure);
  return (
    <div className={classes.rowActions}>
      <SmallButton aria-label={`Map to customer… ${name}`} onClick={() => setMapping(true)}>
        Map to customer…
      </SmallButton>
      {notBilled ? (
        <SmallButton aria-label={`Bill again ${name}`} onClick={() => void bill()}>
          Bill again
        </SmallButton>
      ) : (
        <SmallButton aria-label={`Not billed… ${name}`} onClick={() => openNotBilled(user)}>
          Not billed…
        </SmallButton>
      )}
      {connection && !notBilled && (
        <ActingCluster connection={connection}>
          <DisableUser user={user} />
        </ActingCluster>
      )}
      {mapping && (
        <MapCustomerDialog user={user} onMapped={onMapped} onClose={() => setMapping(false)} />
      )}
    </div>
  );
}

/** Users that belong to no customer: whom to map, disable, or not to bill at all. */
export function Unpaid() {
  const clusterName = useClusterNames();
  const { note, setMapped } = useMappedNote();
  const [notBilled, setNotBilled] = useState(false);
  const why: PlainColumn<User> = [
    'Why not billed',
    ({ notBilled: mark }) =>
      mark && (
        <>
          {mark.reason}{' '}
          <span className="oc-dimmed">
            by {mark.by}, <Time value={mark.at} as="age" />
          </span>
        </>
      ),
  ];
  return (
    <Check
      note={note}
      call="customers.unpaid"
      input={{ notBilled }}
      title="Users nobody pays for"
      none={({ notBilled: marked }) => {
        if (notBilled) return 'No user is marked as not billed.';
        return marked > 0
          ? 'Every user belongs to a customer, or is marked as not billed.'
          : 'Every user belongs to a customer.';
      }}
      rowKey={userKey}
      menu={menu}
      columns={({ month }) => [
        ['User', userLink],
        ['State', ({ state }) => <UserStateBadge state={state} />],
        ['Cluster', ({ connectionId }) => clusterName(connectionId)],
        [
          'Size',
          ({ currentBytes: bytes }) =>
            bytes === null ? (
              <NotCounted />
            ) : (
              <Bytes value={bytes} source="sum over the bucket list" />
            ),
          'figure',
        ],
        [
          'Traffic last month',
          ({ traffic }) => <Traffic traffic={traffic} month={month} />,
          'figure',
        ],
        ...(notBilled ? [why] : []),
        ['Actions', (user) => <UnpaidActions user={user} onMapped={setMapped} />, 'buttons'],
      ]}
      facts={({ totalBytes, unread, notBilled: marked }) =>
        !unread && (
          <>
            {!notBilled && (
              <span className="oc-dimmed">
                storing <Bytes value={totalBytes} source="sum over the bucket lists last seen" />
              </span>
            )}
            {(marked > 0 || notBilled) && (
              <Switch
                size="xs"
                label={`Show users not billed (${formatCount(marked)})`}
                {...ticked(notBilled, setNotBilled)}
              />
            )}
          </>
        )
      }
    />
  );
}

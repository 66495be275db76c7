import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { Check, type Row, userKey, userLink } from './check.tsx';
import { UnmapDialog } from './map-dialogs.tsx';
import { type NewMapping, useMappedNote } from './mapped-note.tsx';
import { BillingState } from './shared/columns.tsx';
import { CustomerName } from './shared/customer-name.tsx';
import { useClusterNames } from './shared/customer-parts.tsx';
import classes from './shared/customers.module.css';

/** Users that belong to a customer by their e-mail and are not mapped. */
export function Suggestions() {
  const clusterName = useClusterNames();
  const { note, setMapped } = useMappedNote();
  return (
    <Check
      note={note}
      call="customers.suggestions"
      title="Users that belong to a customer by e-mail"
      none="No other user has the e-mail of a customer."
      rowKey={(row) => `${row.customerId}/${userKey(row)}`}
      columns={() => [
        ['Customer', (row) => <CustomerName {...row} />],
        ['User', userLink],
        ['Cluster', ({ connectionId }) => clusterName(connectionId)],
        [
          'Matched by',
          ({ matched, ambiguous }) => (
            <>
              {matched === 'client' ? 'Client’s e-mail' : 'Owner’s e-mail'}
              {ambiguous && <StateBadge tone="warning">Ambiguous</StateBadge>}
            </>
          ),
        ],
        ['Actions', (row) => <MapButton suggestion={row} onMapped={setMapped} />, 'buttons'],
      ]}
      facts={({ total }, isUnread) => total > 1 && !isUnread && <MapAllButton />}
    />
  );
}

/** Maps every suggestion that is clear, after a question. */
function MapAllButton() {
  const call = useConsole();
  const open = () =>
    openDialog((close) => (
      <ConfirmDialog
        verb="Map users"
        onClose={close}
        onConfirm={async () => {
          const { mapped, skipped } = await call('customers.mapSuggested', {});
          const rest = skipped === 0 ? '' : ` ${formatCounted(skipped, 'ambiguous one')} left.`;
          notifications.show({ message: `${formatCounted(mapped, 'user')} mapped.${rest}` });
        }}
      >
        <p className="oc-flush">
          Every user here is mapped to the customer that has its e-mail. Ambiguous ones are skipped:
          map them one by one. Nothing changes on a cluster or in the billing system, and each
          mapping can be removed on the customer’s page.
        </p>
      </ConfirmDialog>
    ));
  return <SmallButton onClick={open}>Map all</SmallButton>;
}

function MapButton(props: {
  suggestion: Row<'customers.suggestions'>;
  onMapped(mapping: NewMapping): void;
}) {
  const { suggestion, onMapped } = props;
  const call = useConsole();
  const { running: busy, run } = useAction(showFailure);
  const { customerId, connectionId, userId, serviceId, customerName, email } = suggestion;
  const service = serviceId === null ? {} : { serviceId };
  const map = () =>
    run(async () => {
      const mapping = { customerId, connectionId, userId, ...service };
      await call('customers.map', mapping);
      onMapped({ ...mapping, customerName, email });
    });
  return (
    <SmallButton
      loading={busy}
      aria-label={`Map ${email} to ${customerName}`}
      onClick={() => void map()}
    >
      Map
    </SmallButton>
  );
}

export function Shared() {
  const clusterName = useClusterNames();
  return (
    <Check
      call="customers.shared"
      title="Users of several customers"
      none="No user has more than one customer."
      rowKey={userKey}
      columns={() => [
        ['User', userLink],
        ['Cluster', ({ connectionId }) => clusterName(connectionId)],
        [
          'Customers',
          ({ customers, ...user }) =>
            customers.map((customer) => (
              <SharingCustomer key={customer.customerId} customer={customer} user={user} />
            )),
        ],
      ]}
      facts={({ total }) =>
        total > 0 && (
          <span className="oc-dimmed">
            Each of them would pay. No statement with such a user is final: unmap it from whoever
            does not pay for it.
          </span>
        )
      }
    />
  );
}

function SharingCustomer(props: {
  customer: Row<'customers.shared'>['customers'][number];
  user: { connectionId: string; userId: string; email: string };
}) {
  const { customer, user } = props;
  const [open, setOpen] = useState(false);
  const { customerId, name, gone, mappedAt, mappedBy } = customer;
  return (
    <div className={classes.sharing}>
      <CustomerName customerId={customerId} customerName={name} />
      {gone && <BillingState status="" gone />}
      <span className="oc-dimmed">
        mapped <Time value={mappedAt} as="age" /> by {mappedBy}
      </span>
      <span className="oc-space" />
      <SmallButton
        aria-label={`Unmap ${user.email || user.userId} from ${name}`}
        onClick={() => setOpen(true)}
      >
        Unmap
      </SmallButton>
      {open && (
        <UnmapDialog customer={{ customerId, name }} user={user} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}

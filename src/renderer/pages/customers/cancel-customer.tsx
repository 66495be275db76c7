import { Select } from '@mantine/core';
import { Fragment, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { offboardingPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted, userWords } from '../../kit/components/format.ts';
import { Note } from '../../kit/components/note.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { stepTitles } from './cancellation-step.tsx';
import { serviceWords } from './shared/columns.tsx';
import classes from './shared/customers.module.css';

type Subject = Pick<CallOutput<'customers.get'>, 'customerId' | 'name' | 'company'> & {
  /** Omitted where they are not known: the dialog says so where there are none. */
  users?: readonly { gone?: boolean | undefined }[];
};

/** Actions on one customer: rows of the list and the detail alike have them. */
export const customerActions: readonly ActionEntry<Subject>[] = [
  {
    id: 'offboarding.open',
    label: () => 'Cancel customer',
    keywords: 'cancellation offboard terminate end leave contract',
    // only the record of it: each step asks before it writes
    writes: false,
    destructive: true,
    applies: ({ users }) => users?.some(({ gone }) => !gone) ?? true,
    start: (customer) =>
      openDialog((close) => <CancelCustomerDialog customer={customer} onClose={close} />),
  },
];

/** The cancellations of a customer that are under way. */
function useOpenCancellations(customerId: string) {
  const rows = useCall('offboarding.list', { customerId, limit: 20 }).data?.rows;
  return rows?.filter(({ state }) => state === 'open');
}

/** Leads to the cancellations of a customer that are under way, with their next steps. */
export function OpenCancellations({ customerId }: { customerId: string }) {
  const cluster = useCluster();
  return useOpenCancellations(customerId)?.map(({ offboardingId, next }) => (
    <Note key={offboardingId} tone="information" title="Cancellation in progress">
      {next && `Next: ${stepTitles[next].name}. `}
      <Link to={offboardingPath(cluster.id, offboardingId)}>Open cancellation</Link>
    </Note>
  ));
}

const mostNamed = 5;

/** Names the cancellations of all customers that are under way, each with its next step. */
export function CancellationsInProgress() {
  const cluster = useCluster();
  const query = useCall('offboarding.list', { state: 'open', limit: mostNamed });
  const { rows = [], total = 0 } = query.data ?? {};
  if (total === 0) return null;
  return (
    <p className={classes.notice}>
      {formatCounted(total, 'cancellation')} in progress:{' '}
      {rows.map(({ offboardingId, customerName, next }, index) => (
        <Fragment key={offboardingId}>
          {index > 0 && ', '}
          <Link to={offboardingPath(cluster.id, offboardingId)}>{customerName}</Link>
          {next && ` (${stepTitles[next].name.toLowerCase()})`}
        </Fragment>
      ))}
      {total > rows.length && ` and ${formatCount(total - rows.length)} more`}.
    </p>
  );
}

const everything = 'everything';

/** `Affects 2 users: ada@example.com, bob@example.com.` */
function affectedWords(
  users: readonly { email: string | null; userId: string }[],
  isService: boolean,
): string {
  const names = users.slice(0, mostNamed).map(({ email, userId }) => userWords(email, userId));
  const more = users.length - names.length;
  const rest = more > 0 ? ` and ${formatCount(more)} more` : '';
  const others = isService ? ' Users of other services stay.' : '';
  return `Affects ${formatCounted(users.length, 'user')}: ${names.join(', ')}${rest}.${others}`;
}

/** Asks what ends, and begins the cancellation. Sends nothing: each of its steps asks on its own page. */
function CancelCustomerDialog({ customer, onClose }: { customer: Subject; onClose(): void }) {
  const { customerId, company, name } = customer;
  const cluster = useCluster();
  const call = useConsole();
  const navigate = useNavigate();
  const [ends, setEnds] = useState(everything);
  const query = useCall('customers.get', { customerId });
  const open = useOpenCancellations(customerId);
  const { users = [], serviceList = [] } = query.data ?? {};
  const left = users.filter(({ gone }) => !gone);
  const services = serviceList.filter(({ serviceId }) =>
    left.some((user) => user.serviceId === serviceId),
  );
  const ending = services.find(({ serviceId }) => serviceId === ends);
  const affected = ending ? left.filter(({ serviceId }) => serviceId === ends) : left;
  const under = open?.find(
    ({ serviceId }) => serviceId === null || ends === everything || serviceId === ends,
  );
  return (
    <ConfirmDialog
      verb="Begin cancellation"
      back="Back"
      subject={`of ${[company || name, ending && serviceWords(ending)].filter(Boolean).join(', ')}`}
      disabled={left.length === 0 || open === undefined || under !== undefined}
      onConfirm={async () => {
        const of = ends === everything ? { customerId } : { customerId, serviceId: ends };
        const { offboardingId } = await call('offboarding.open', of);
        navigate(offboardingPath(cluster.id, offboardingId));
      }}
      onClose={onClose}
    >
      <CallError call={query} compact />
      {services.length > 1 && (
        <Select
          label="What ends"
          allowDeselect={false}
          data={[
            { value: everything, label: 'All users of the customer' },
            ...services.map((service) => ({
              value: service.serviceId,
              label: serviceWords(service),
            })),
          ]}
          value={ends}
          onChange={(value) => setEnds(value ?? everything)}
        />
      )}
      {under && (
        <Note tone="warning" title="A cancellation is in progress">
          <Link to={offboardingPath(cluster.id, under.offboardingId)} onClick={onClose}>
            Open cancellation
          </Link>
        </Note>
      )}
      <p className="oc-flush">
        {query.data &&
          left.length === 0 &&
          'No user is mapped to this customer: nothing ends here. '}
        {affected.length > 0 && `${affectedWords(affected, ending !== undefined)} `}
        Steps:{' '}
        {Object.values(stepTitles)
          .map(({ name: step }) => step.toLowerCase())
          .join(', ')}
        . Nothing is sent yet: each step shows what it does and asks first, and days may pass in
        between.
      </p>
    </ConfirmDialog>
  );
}

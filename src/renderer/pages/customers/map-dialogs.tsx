import { Select } from '@mantine/core';
import { useState } from 'react';
import { AppError } from '#shared/errors.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { SearchSelect, useFound } from '../../kit/components/search-select.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { NewMapping } from './mapped-note.tsx';
import type { Customer } from './shared/columns.tsx';
import { HandoverFields, useHandover } from './shared/handover.tsx';
import { UserChoice, useUserChoice } from './shared/user-choice.tsx';

/** Maps a user that nobody pays for to a customer, or to one of its services. */
export function MapCustomerDialog(props: {
  user: { connectionId: string; userId: string; email: string };
  onMapped(mapping: NewMapping): void;
  onClose(): void;
}) {
  const { connectionId, userId, email } = props.user;
  const [search, setSearch] = useState('');
  const [customerId, setCustomerId] = useState<string | null>(null);
  const [serviceId, setServiceId] = useState<string | null>(null);
  const { found, instead } = useFound('customers.list', search.split(' (')[0] ?? '', (words) => ({
    search: words,
    limit: 20,
  }));
  const customer = useCall(
    'customers.get',
    { customerId: customerId ?? '0' },
    { enabled: customerId !== null },
  ).data;
  const services = customerId === null ? [] : (customer?.serviceList ?? []);
  const service = serviceId === null ? {} : { serviceId };
  const handover = useHandover(
    customerId === null ? null : { customerId, connectionId, userId, ...service },
  );
  const map = async () => {
    if (customerId === null) throw noCustomer();
    await handover.apply();
    // a handover corrects statements: that is not undone by unmapping
    if (handover.isHandover) return;
    const customerName = customer?.company || customer?.name || '';
    props.onMapped({ customerId, customerName, connectionId, userId, email, ...service });
  };
  return (
    <ConfirmDialog
      verb="Map user"
      subject={email || userId}
      disabled={customerId !== null && !handover.isReady}
      onClose={props.onClose}
      onConfirm={map}
    >
      <div className="oc-form">
        <SearchSelect
          {...{ instead, search }}
          label="Customer"
          description="By name, company, e-mail or client id."
          options={found?.rows.map((row) => ({
            value: row.customerId,
            // customers of one name are distinguished by their client ids
            label: `${row.company || row.name} (client ${row.externalId}, ${row.email})`,
          }))}
          value={customerId}
          onChange={(id) => {
            setCustomerId(id);
            setServiceId(null);
          }}
          onSearch={setSearch}
        />
        <Select
          label="Service"
          description={serviceWords}
          placeholder="None"
          clearable
          disabled={services.length === 0}
          data={customerId === null || !customer ? [] : serviceOptions(customer)}
          value={serviceId}
          onChange={setServiceId}
        />
        <HandoverFields handover={handover} customer={customer?.company || customer?.name || ''} />
      </div>
    </ConfirmDialog>
  );
}

/** Services that a user can be mapped to, with their state and the users that they have already. */
function serviceOptions({ serviceList, users }: Customer): { value: string; label: string }[] {
  return serviceList
    .filter(({ gone }) => !gone)
    .map(({ serviceId, productName, externalId, status }) => {
      const has = users
        .filter((user) => user.serviceId === serviceId && !user.gone)
        .map(({ email, userId }) => email || userId);
      const user = has.length === 0 ? 'no user yet' : `has ${has.join(', ')}`;
      return { value: serviceId, label: `${productName} #${externalId} (${status}, ${user})` };
    });
}

const serviceWords =
  'The user has the plan of this service. Without one it belongs to the customer as a whole, and has a plan only if it is assigned. Its usage is billed either way, from the first month without an issued statement on.';

function noCustomer(): AppError {
  return new AppError({
    code: 'INPUT_INVALID',
    message: 'No customer is selected.',
    hint: 'Select the customer that pays for this user.',
  });
}

/** Maps a user of any cluster to a customer, or to one of its services. */
export function MapUserDialog({ customer, onClose }: { customer: Customer; onClose(): void }) {
  const choice = useUserChoice(customer.email);
  const { connectionId, userId } = choice;
  const [serviceId, setServiceId] = useState<string | null>(null);
  const { customerId } = customer;
  const service = serviceId === null ? {} : { serviceId };
  const handover = useHandover(
    userId === null ? null : { customerId, connectionId, userId, ...service },
  );
  return (
    <ConfirmDialog
      verb="Map user"
      subject={`to ${customer.company || customer.name}`}
      disabled={!handover.isReady}
      onConfirm={handover.apply}
      onClose={onClose}
    >
      <UserChoice choice={choice} />
      <HandoverFields handover={handover} customer={customer.company || customer.name} />
      <Select
        label="Service"
        description={serviceWords}
        placeholder="None"
        clearable
        data={serviceOptions(customer)}
        value={serviceId}
        onChange={setServiceId}
      />
    </ConfirmDialog>
  );
}

/**
 * Takes a user from a customer, or from one of its services. Nothing is sent anywhere.
 * @param props.user without a service: from the customer as a whole
 */
export function UnmapDialog(props: {
  customer: { customerId: string; name: string };
  user: { connectionId: string; userId: string; email: string | null; serviceId?: string | null };
  onClose(): void;
}) {
  const { customer, user, onClose } = props;
  const call = useConsole();
  const { connectionId, userId, serviceId } = user;
  const service = serviceId == null ? {} : { serviceId };
  return (
    <ConfirmDialog
      verb="Unmap user"
      subject={user.email || userId}
      onClose={onClose}
      onConfirm={() =>
        call('customers.unmap', {
          ...{ customerId: customer.customerId, connectionId, userId },
          ...service,
        })
      }
    >
      <p className="oc-flush">
        The user no longer belongs to <b>{customer.name}</b>. Nothing changes on the cluster or in
        the billing system; who mapped it, and when, stays on record.
      </p>
      <p>
        Issued statements keep this user: where one billed it by mistake, take that back on the page
        of the statement. New statements leave it out, also for the time until now: issue those that
        should bill it first.
      </p>
    </ConfirmDialog>
  );
}

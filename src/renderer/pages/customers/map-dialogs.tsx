import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { AppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { NewMapping } from './mapped-note.tsx';
import type { Customer } from './shared/columns.tsx';
import { HandoverFields, useHandover } from './shared/handover.tsx';

/** Maps a user that nobody pays for to a customer, or to one of its services. */
export function MapCustomerDialog(props: {
  user: { connectionId: string; userId: string; email: string };
  onMapped(mapping: NewMapping): void;
  onClose(): void;
}) {
  const { connectionId, userId, email } = props.user;
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search, 150);
  const [customerId, setCustomerId] = useState<string | null>(null);
  const [serviceId, setServiceId] = useState<string | null>(null);
  const found = useCall(
    'customers.list',
    { search: wanted.split(' (')[0] ?? '', limit: 20 },
    { keepPrevious: true },
  );
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
        <Select
          label="Customer"
          description="By name, company, e-mail or client id."
          searchable
          data-autofocus
          data={(found.data?.rows ?? []).map((row) => ({
            value: row.customerId,
            label: `${row.company || row.name} (${row.email})`,
          }))}
          value={customerId}
          onChange={(id) => {
            setCustomerId(id);
            setServiceId(null);
          }}
          searchValue={search}
          onSearchChange={setSearch}
          filter={({ options }) => options}
          nothingFoundMessage="No results"
        />
        <Select
          label="Service"
          description={serviceWords}
          placeholder="None"
          clearable
          disabled={services.length === 0}
          data={services
            .filter(({ gone }) => !gone)
            .map((service) => ({
              value: service.serviceId,
              label: `${service.productName} #${service.externalId} (${service.status})`,
            }))}
          value={serviceId}
          onChange={setServiceId}
        />
        <HandoverFields handover={handover} customer={customer?.company || customer?.name || ''} />
      </div>
    </ConfirmDialog>
  );
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
  const services = customer.serviceList.filter(({ gone }) => !gone);
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
        data={services.map((service) => ({
          value: service.serviceId,
          label: `${service.productName} #${service.externalId} (${service.status})`,
        }))}
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
        Issued statements keep this user. New statements leave it out, also for the time until now:
        issue those that should bill it first.
      </p>
    </ConfirmDialog>
  );
}

/** A user of any cluster that is being selected, at first by a search. */
export function useUserChoice(firstSearch = '') {
  const cluster = useCluster();
  const [connectionId, setConnectionId] = useState(cluster.id);
  const [userId, setUserId] = useState<string | null>(null);
  const [search, setSearch] = useState(firstSearch);
  // Mantine empties the search of a field without a value: only what is typed may do so
  const typed = useRef(false);
  const chooseCluster = (id: string | null) => {
    setConnectionId(id ?? cluster.id);
    setUserId(null);
    typed.current = false;
    setSearch(firstSearch);
  };
  const onSearchChange = (text: string) => {
    if (text !== '' || typed.current) setSearch(text);
  };
  const onInput = () => {
    typed.current = true;
  };
  return { connectionId, chooseCluster, userId, setUserId, search, onSearchChange, onInput };
}

/** Fields that select a cluster and one of its users; system users are never offered. */
export function UserChoice({ choice }: { choice: ReturnType<typeof useUserChoice> }) {
  const { connectionId } = choice;
  const connections = useCall('connections.list', {}).data ?? [];
  // lists of some gateways have no flags: a key id begins with the id of its user
  const caller = connections.find(({ id }) => id === connectionId)?.accessKeyId.toLowerCase() ?? '';
  return (
    <>
      <Select
        label="Cluster"
        data={connections.map(({ id, name }) => ({ value: id, label: name }))}
        value={connectionId}
        onChange={choice.chooseCluster}
      />
      <UserSelect key={connectionId} choice={choice} caller={caller} />
    </>
  );
}

/** Select of a cluster's users. Earlier results stay during a search, but not across clusters. */
function UserSelect(props: { choice: ReturnType<typeof useUserChoice>; caller: string }) {
  const { choice, caller } = props;
  const { connectionId, userId, search } = choice;
  const [wanted] = useDebouncedValue(search, 150);
  // the label of a selected user is its e-mail and its id
  const words = wanted.split(' (')[0] ?? '';
  const users = useCall(
    'users.list',
    {
      connectionId,
      filter: { system: false },
      limit: 20,
      ...(words === '' ? {} : { search: words }),
    },
    { keepPrevious: true },
  ).data?.rows;
  const offered = (users ?? []).filter(
    (user) => !user.flags.includes('system') && !caller.startsWith(user.userId.toLowerCase()),
  );
  return (
    <Select
      label="User"
      description="By e-mail or user id."
      searchable
      data-autofocus
      data={offered.map((user) => ({
        value: user.userId,
        label: user.email ? `${user.email} (${user.userId})` : user.userId,
      }))}
      value={userId}
      onChange={choice.setUserId}
      searchValue={search}
      onSearchChange={choice.onSearchChange}
      onInput={choice.onInput}
      filter={({ options }) => options}
      nothingFoundMessage="No results"
    />
  );
}

import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { AppError } from '#shared/errors.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import classes from './customers.module.css';

/** Maps a user that nobody pays for to a customer, or to one of its services. */
export function MapCustomerDialog(props: {
  user: { connectionId: string; userId: string; email: string };
  onClose(): void;
}) {
  const { connectionId, userId, email } = props.user;
  const call = useConsole();
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search, 150);
  const [customerId, setCustomerId] = useState<string | null>(null);
  const [serviceId, setServiceId] = useState<string | null>(null);
  const found = useCall('customers.list', { search: wanted.split(' (')[0] ?? '', limit: 20 });
  const customer = useCall(
    'customers.get',
    { customerId: customerId ?? '0' },
    { enabled: customerId !== null },
  ).data;
  const services = customerId === null ? [] : (customer?.serviceList ?? []);
  const map = () => {
    if (customerId === null) return Promise.reject(noCustomer());
    const service = serviceId === null ? {} : { serviceId };
    return call('customers.map', { customerId, connectionId, userId, ...service });
  };
  return (
    <ConfirmDialog
      verb="Map user"
      subject={email || userId}
      onClose={props.onClose}
      onConfirm={map}
    >
      <div className={classes.form}>
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
          description="Leave empty to map the user to the customer as a whole."
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
      </div>
    </ConfirmDialog>
  );
}

function noCustomer(): AppError {
  return new AppError({
    code: 'INPUT_INVALID',
    message: 'No customer is selected.',
    hint: 'Select the customer that pays for this user.',
  });
}

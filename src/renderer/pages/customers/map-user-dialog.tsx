import { Button, Modal, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { Customer } from './columns.tsx';
import classes from './customers.module.css';

/** Maps a user of any cluster to a customer, or to one of its services. */
export function MapUserDialog({ customer, onClose }: { customer: Customer; onClose(): void }) {
  const cluster = useCluster();
  const call = useConsole();
  const connections = useCall('connections.list', {}).data ?? [];
  const [connectionId, setConnectionId] = useState(cluster.id);
  const [search, setSearch] = useState(customer.email);
  const [wanted] = useDebouncedValue(search, 150);
  const users = useCall('users.list', { connectionId, search: wanted, limit: 20 }).data?.rows ?? [];
  const [userId, setUserId] = useState<string | null>(null);
  const [serviceId, setServiceId] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const services = customer.serviceList.filter(({ gone }) => !gone);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (userId === null) return;
    try {
      const { customerId } = customer;
      const service = serviceId === null ? {} : { serviceId };
      await call('customers.map', { customerId, connectionId, userId, ...service });
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Map user to ${customer.company || customer.name}`}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={(event) => void submit(event)} className={classes.form}>
        <Select
          label="Cluster"
          data={connections.map(({ id, name }) => ({ value: id, label: name }))}
          value={connectionId}
          allowDeselect={false}
          onChange={(id) => {
            setConnectionId(id ?? cluster.id);
            setUserId(null);
          }}
        />
        <Select
          label="User"
          description="By e-mail or user id."
          searchable
          data-autofocus
          data={users.map((user) => ({
            value: user.userId,
            label: user.email ? `${user.email} (${user.userId})` : user.userId,
          }))}
          value={userId}
          onChange={setUserId}
          searchValue={search}
          onSearchChange={setSearch}
          filter={({ options }) => options}
          nothingFoundMessage="No results"
        />
        <Select
          label="Service"
          description="Leave empty to map the user to the customer as a whole."
          clearable
          data={services.map((service) => ({
            value: service.serviceId,
            label: `${service.productName} #${service.externalId} (${service.status})`,
          }))}
          value={serviceId}
          onChange={setServiceId}
        />
        {error && <ErrorPanel error={error} compact />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={userId === null}>
            Map user
          </Button>
        </div>
      </form>
    </Modal>
  );
}

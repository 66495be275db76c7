import { Button, Modal, Select } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import type { Customer } from './columns.tsx';
import classes from './customers.module.css';
import { UserChoice, useUserChoice } from './user-choice.tsx';

/** Maps a user of any cluster to a customer, or to one of its services. */
export function MapUserDialog({ customer, onClose }: { customer: Customer; onClose(): void }) {
  const call = useConsole();
  const choice = useUserChoice(customer.email);
  const { connectionId, userId } = choice;
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
        <UserChoice choice={choice} />
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

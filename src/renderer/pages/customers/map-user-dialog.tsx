import { Select } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import type { Customer } from './columns.tsx';
import { UserChoice, useUserChoice } from './user-choice.tsx';

/** Maps a user of any cluster to a customer, or to one of its services. */
export function MapUserDialog({ customer, onClose }: { customer: Customer; onClose(): void }) {
  const call = useConsole();
  const choice = useUserChoice(customer.email);
  const { connectionId, userId } = choice;
  const [serviceId, setServiceId] = useState<string | null>(null);
  const services = customer.serviceList.filter(({ gone }) => !gone);
  return (
    <ConfirmDialog
      verb="Map user"
      subject={`to ${customer.company || customer.name}`}
      disabled={userId === null}
      onConfirm={async () => {
        if (userId === null) return;
        const { customerId } = customer;
        const service = serviceId === null ? {} : { serviceId };
        await call('customers.map', { customerId, connectionId, userId, ...service });
      }}
      onClose={onClose}
    >
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
    </ConfirmDialog>
  );
}

import { Select } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import type { Customer } from '../columns.tsx';
import classes from '../customers.module.css';

const byProduct = 'by-product';

/** Gives a service a plan of its own, or that of its product again. Sends nothing to a cluster. */
export function AssignServiceDialog(props: {
  service: Customer['serviceList'][number];
  onClose(): void;
}) {
  const { service, onClose } = props;
  const { serviceId, productId, productName, externalId } = service;
  const call = useConsole();
  const plans = useCall('servicePlans.list', {}).data ?? [];
  const [selected, setSelected] = useState<string | null>(null);
  const ofProduct = plans.find(({ productIds }) => productIds.includes(productId))?.name;
  return (
    <ConfirmDialog
      verb="Assign plan"
      subject={`to ${productName} #${externalId}`}
      disabled={selected === null}
      onConfirm={() => {
        const id = selected === byProduct ? null : selected;
        return call('servicePlans.assign', { id, holder: { serviceId } });
      }}
      onClose={onClose}
    >
      <p className={classes.paragraph}>
        Applies to the users mapped to this service. Nothing is sent to a cluster: users that differ
        are listed under Plan drift.
      </p>
      <Select
        label="Service plan"
        data-autofocus
        data={[
          { value: byProduct, label: `Plan of its product (${ofProduct ?? 'none'})` },
          ...plans.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={selected}
        allowDeselect={false}
        onChange={setSelected}
      />
    </ConfirmDialog>
  );
}

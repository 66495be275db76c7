import { Button, Modal, Select } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
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
  const [chosen, setChosen] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const ofProduct = plans.find(({ productIds }) => productIds.includes(productId))?.name;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (chosen === null) return;
    try {
      const id = chosen === byProduct ? null : chosen;
      await call('servicePlans.assign', { id, holder: { serviceId } });
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Assign plan to ${productName} #${externalId}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <p className={classes.paragraph}>
          Applies to the users mapped to this service. Nothing is sent to a cluster: users that
          differ are listed under Plan drift.
        </p>
        <Select
          label="Service plan"
          data-autofocus
          data={[
            { value: byProduct, label: `Plan of its product (${ofProduct ?? 'none'})` },
            ...plans.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={chosen}
          allowDeselect={false}
          onChange={setChosen}
        />
        {error && <ErrorPanel error={error} compact />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={chosen === null}>
            Assign plan
          </Button>
        </div>
      </form>
    </Modal>
  );
}

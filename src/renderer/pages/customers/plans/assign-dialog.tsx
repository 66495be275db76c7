import { Button, Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import classes from '../customers.module.css';
import { UserChoice, useUserChoice } from '../user-choice.tsx';
import type { Plan } from './plan-values.ts';

/** Gives a user of any cluster a plan. Nothing is sent: where it differs, Plan drift shows it. */
export function AssignDialog({ plan, onClose }: { plan: Plan; onClose(): void }) {
  const call = useConsole();
  const choice = useUserChoice();
  const { connectionId, userId } = choice;
  const [error, setError] = useState<AppError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (userId === null) return;
    try {
      await call('servicePlans.assign', { id: plan.id, holder: { connectionId, userId } });
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Assign ${plan.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <UserChoice choice={choice} />
        {error && <ErrorPanel error={error} compact />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={userId === null}>
            Assign plan
          </Button>
        </div>
      </form>
    </Modal>
  );
}

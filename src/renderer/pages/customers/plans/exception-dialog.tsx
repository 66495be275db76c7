import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import classes from '../customers.module.css';

const day = 86_400_000;

/** Lets a user differ from its plan until a day. */
export function ExceptionDialog(props: {
  user: { connectionId: string; userId: string; email: string };
  onClose(): void;
}) {
  const { user, onClose } = props;
  const { connectionId, userId, email } = user;
  const call = useConsole();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(() =>
    new Date(Date.now() + 14 * day).toISOString().slice(0, 10),
  );
  const [error, setError] = useState<AppError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const end = new Date(`${until}T00:00:00Z`).toISOString();
      await call('servicePlans.except', { connectionId, userId, reason, until: end });
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Allow exception for ${email || userId}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <p className={classes.paragraph}>
          The user is left out of Plan drift until the end. Then it is listed again, with the bulk
          run that gives it what its plan says. Nothing changes on the cluster now.
        </p>
        <TextInput
          label="Reason"
          required
          data-autofocus
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          label="Ends on"
          description="Midnight UTC"
          type="date"
          required
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        {error && <ErrorPanel error={error} compact />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={reason.trim() === '' || until === ''}>
            Allow exception
          </Button>
        </div>
      </form>
    </Modal>
  );
}

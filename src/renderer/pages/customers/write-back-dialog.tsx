import { Button, Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import type { Customer } from './columns.tsx';
import classes from './customers.module.css';
import { WriteBackFields, type WriteBackValue } from './onboarding/write-back-fields.tsx';

type Result = CallOutput<'onboarding.writeBack'>;

const words: Record<NonNullable<Result['field']>, string> = {
  written: 'written',
  unchanged: 'already there, not written again',
  unknown: 'sent, but not confirmed: look in WHMCS',
  failed: 'not written',
};

/** Writes a mapped user's id, and a note where asked, to the billing system; says what came of each. */
export function WriteBackDialog(props: {
  customer: Customer;
  user: Customer['users'][number];
  onClose(): void;
}) {
  const { customer, user, onClose } = props;
  const { connectionId, userId, serviceId } = user;
  const call = useConsole();
  const [value, setValue] = useState<WriteBackValue>({});
  const [sending, setSending] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const isNothing = value.place === undefined && value.note !== true;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSending(true);
    setError(null);
    setResult(null);
    try {
      const { customerId } = customer;
      const of = { customerId, connectionId, userId, ...(serviceId === null ? {} : { serviceId }) };
      setResult(await call('onboarding.writeBack', { ...value, ...of }));
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setSending(false);
    }
  };
  return (
    <Modal
      opened
      size={560}
      onClose={onClose}
      title={`Write ${user.email || userId} back to WHMCS`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        {serviceId === null && (
          <p className={classes.paragraph}>
            The user is mapped to the customer, not to a service: only a note can be written.
          </p>
        )}
        <WriteBackFields value={value} onChange={setValue} />
        {error && <ErrorPanel error={error} compact />}
        {result && (
          <div role="status">
            {result.field && <div>User id: {words[result.field]}.</div>}
            {result.note && <div>Note: {words[result.note]}.</div>}
            {result.problems.map((problem) => (
              <div key={problem}>{problem}</div>
            ))}
          </div>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {result ? 'Close' : 'Cancel'}
          </Button>
          <Button type="submit" disabled={isNothing} loading={sending}>
            Write to WHMCS
          </Button>
        </div>
      </form>
    </Modal>
  );
}

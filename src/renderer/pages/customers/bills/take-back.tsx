import { TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { TinyButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { formatMoney, signedMoney } from '../../../kit/components/format.ts';
import { typed } from '../../../kit/components/typed.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import classes from '../shared/customers.module.css';

type Statement = CallOutput<'statements.get'>['statement'];
type User = Statement['users'][number];

/** Users that the statement bills and its customer no longer has: what was a mistake is taken back. */
export function TakeBacks({
  statementId,
  statement,
}: {
  statementId: string;
  statement: Statement;
}) {
  const customerId = statement.customer?.customerId ?? '0';
  const { data } = useCall('customers.get', { customerId }, { enabled: customerId !== '0' });
  if (!data) return null;
  const has = (user: User): boolean =>
    data.users.some((one) => one.connectionId === user.connectionId && one.userId === user.userId);
  const lost = statement.users.filter((user) => user.connectionId !== undefined && !has(user));
  if (lost.length === 0) return null;
  return (
    <ul
      className={`${classes.reasons} ${classes.below}`}
      aria-label="Users that the customer no longer has"
    >
      {lost.map((user) => (
        <LostUser
          key={`${user.connectionId} ${user.userId}`}
          {...{ statementId, statement, user }}
        />
      ))}
    </ul>
  );
}

/** A user that another customer has is handed over instead: nothing of it is taken back here. */
function LostUser(props: { statementId: string; statement: Statement; user: User }) {
  const { statementId, statement, user } = props;
  const { connectionId = '', userId, email, amount } = user;
  const { currency, minorDigits } = statement;
  const { data: owners } = useCall('customers.ofUser', { connectionId, userId });
  return (
    <li>
      {email || userId} no longer belongs to this customer. The statement still bills{' '}
      {formatMoney(amount, currency, minorDigits)} for it.{' '}
      {owners?.length === 0 && (
        <>
          If that was a mistake, take it back.{' '}
          <TinyButton
            aria-label={`Take back ${email || userId}`}
            onClick={() =>
              openDialog((close) => <TakeBackDialog {...{ statementId, user }} onClose={close} />)
            }
          >
            Take back…
          </TinyButton>
        </>
      )}
      {owners && owners.length > 0 && (
        <span>
          It belongs to {owners.map(({ name }) => name).join(', ')} now. If that was so in this
          period already, map it there again, with the hour from which on.
        </span>
      )}
    </li>
  );
}

function TakeBackDialog(props: { statementId: string; user: User; onClose(): void }) {
  const { statementId, user, onClose } = props;
  const { connectionId = '', userId, email } = user;
  const call = useConsole();
  const [reason, setReason] = useState('');
  const asked = { statementId, connectionId, userId };
  const preview = useCall('statements.previewTakeBack', asked);
  const takeBack = async () => {
    const expected = preview.data?.digest;
    const { number } = await call('statements.takeBack', { ...asked, reason, expected });
    notifications.show({ message: `Issued as ${number}.` });
  };
  return (
    <ConfirmDialog
      verb="Issue correction"
      title={`Take back what was billed for ${email || userId}`}
      width={560}
      disabled={!preview.data || reason.trim().length < 3}
      onConfirm={takeBack}
      onClose={onClose}
    >
      <div role="status">
        {preview.data ? (
          <Foretold preview={preview.data} />
        ) : (
          !preview.error && <p className="oc-dimmed">Calculating the correction…</p>
        )}
      </div>
      <CallError call={preview} compact />
      {preview.data && (
        <TextInput
          label="Reason"
          description="Recorded in the correction and the history, with your name."
          required
          maxLength={500}
          {...typed(reason, setReason)}
        />
      )}
    </ConfirmDialog>
  );
}

function Foretold({ preview }: { preview: CallOutput<'statements.previewTakeBack'> }) {
  const { issued, total, difference, words } = preview;
  const { currency, minorDigits, number } = issued;
  return (
    <>
      <p className="oc-flush">
        <b>
          {formatMoney(issued.total, currency, minorDigits)} becomes{' '}
          {formatMoney(total, currency, minorDigits)}:{' '}
          {signedMoney(difference, currency, minorDigits)}
        </b>
      </p>
      <p>{words}</p>
      <p>
        The correction takes the place of {number}; both stay in the register. Nobody else is billed
        for this user by it: if it belongs to another customer, map it to that customer instead, and
        say from when on. If {number} is invoiced, credit the difference in the billing system:
        WHMCS has no call that does.
      </p>
    </>
  );
}

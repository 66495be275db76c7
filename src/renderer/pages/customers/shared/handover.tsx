import { TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';

type Target = Omit<CallInput<'customers.handOver'>, 'since'>;
type Preview = CallOutput<'customers.previewHandover'>;
type Statement = NonNullable<CallInput<'customers.previewHandover'>['statement']>;

/** The beginning of the month (UTC), as a field of date and time has it. */
export function monthBegins(now: Date): string {
  return `${now.toISOString().slice(0, 7)}-01T00:00`;
}

function isoOf(since: string): string | null {
  // ":00Z" alone is a date of the year 2000 to the engine
  const time = since === '' ? Number.NaN : Date.parse(`${since}:00Z`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The recorded hour since which a customer has a user; empty if none is needed. */
function recordedSince({ own, before }: Preview): string {
  if (own?.since) return own.since.slice(0, 16);
  const isElsewhere = before.some(({ until }) => until === null);
  return own && !isElsewhere ? '' : monthBegins(new Date());
}

/**
 * Maps a user, or hands it over where another customer has or had it: then with the hour, and what that
 * would change.
 * @param target null while it is not selected
 * @param first the hour to begin with; omitted: the one on record, else the beginning of the month
 * @param statement one that is not issued yet, which the preview says too
 */
export function useHandover(target: Target | null, first?: string, statement?: Statement) {
  const call = useConsole();
  const whose = [target?.customerId, target?.connectionId, target?.userId].join(' ');
  const [typed, setTyped] = useState<{ whose: string; since: string } | null>(null);
  const asked = (at: string | null) => ({
    ...(target ?? { customerId: '0', connectionId: '', userId: '' }),
    since: at ?? '',
    ...(statement ? { statement } : {}),
  });
  const history = useCall(
    'customers.previewHandover',
    asked(isoOf(first ?? monthBegins(new Date()))),
    { enabled: target !== null },
  );
  const begins = first ?? (history.data ? recordedSince(history.data) : '');
  const since = typed?.whose === whose ? typed.since : begins;
  const setSince = (hour: string) => setTyped({ whose, since: hour });
  const at = isoOf(since);
  const preview = useCall('customers.previewHandover', asked(at), {
    enabled: target !== null && at !== null,
  });
  const before = target === null ? [] : (history.data?.before ?? []);
  const isHandover = before.length > 0;
  // what is on record stays where no other hour is said
  const isOptional = isHandover && begins === '';
  const apply = async () => {
    if (target === null) return;
    if (!isHandover || at === null) {
      await call('customers.map', target);
      return;
    }
    const { corrections } = await call('customers.handOver', { ...target, since: at });
    if (corrections.length === 0) return;
    const numbers = corrections.map(({ number }) => number).join(', ');
    notifications.show({
      message: `${formatCounted(corrections.length, 'correction')} issued: ${numbers}.`,
    });
  };
  const isSeen = at === null ? isOptional && since === '' : preview.isSuccess;
  const isReady = target !== null && history.isSuccess && (!isHandover || isSeen);
  return { before, isHandover, isOptional, since, setSince, history, preview, isReady, apply };
}

/** The hour of a handover and its effect; nothing if no other customer has or had the user. */
export function HandoverFields(props: {
  handover: ReturnType<typeof useHandover>;
  customer: string;
}) {
  const { handover, customer } = props;
  const { before, isHandover, isOptional, since, setSince, history, preview } = handover;
  const at = isoOf(since);
  if (!isHandover) return <CallError call={history} compact />;
  return (
    <>
      <TextInput
        type="datetime-local"
        step={3600}
        label={`Belongs to ${customer} since (UTC)`}
        description={`Bills count whole hours, UTC. Each hour is billed to one customer.${
          isOptional ? ' Leave empty to leave it as it is.' : ''
        }`}
        required={!isOptional}
        value={since}
        onChange={(event) => setSince(event.currentTarget.value)}
      />
      <ul className="oc-flush" aria-label="What the handover changes">
        {before.map(({ customerId, name, until }) => (
          <li key={customerId}>
            {until === null ? (
              `${name} has the user now: it is unmapped there`
            ) : (
              <>
                {name} had the user until <Time value={until} />
              </>
            )}
          </li>
        ))}
        {at !== null && preview.data && <Changes preview={preview.data} />}
        {at !== null && preview.isPending && <li className="oc-dimmed">Calculating…</li>}
      </ul>
      <CallError call={history.error ? history : preview} compact />
    </>
  );
}

function Changes({ preview: { corrections, statement } }: { preview: Preview }) {
  const of = (amount: number | string, { currency, minorDigits }: Money) =>
    formatMoney(amount, currency, minorDigits);
  return (
    <>
      {corrections.map((one) => (
        <li key={one.statementId}>
          {one.number} of {one.customerName} is corrected: {of(one.before, one)} becomes{' '}
          {of(one.after, one)}. {one.words} An invoice of it is corrected in the billing system by
          hand.
        </li>
      ))}
      {corrections.length === 0 && <li>No issued statement changes</li>}
      {statement?.total != null && (
        <li>
          This statement comes to {of(statement.total, statement)},{' '}
          {of(statement.amount, statement)} of it for this user
        </li>
      )}
    </>
  );
}

type Money = Pick<Preview['corrections'][number], 'currency' | 'minorDigits'>;

/**
 * Bills a user that is held back to the customer of a statement: it has the user for all of its period,
 * or from another hour on; where another has it now, until then.
 */
export function BillHereDialog(props: {
  user: { connectionId: string; userId: string; name: string };
  statement: Statement;
  onClose(): void;
}) {
  const { user, statement, onClose } = props;
  const { connectionId, userId } = user;
  const having = useCall('customers.ofUser', { connectionId, userId });
  const asked = useCall('customers.get', { customerId: statement.customerId });
  const here = asked.data;
  if (having.isError || asked.isError) {
    return (
      <ConfirmDialog
        verb="Bill to this customer"
        disabled
        onConfirm={() => Promise.resolve()}
        onClose={onClose}
      >
        <CallError call={having.isError ? having : asked} />
      </ConfirmDialog>
    );
  }
  if (!having.data || !here) return null;
  const [only, second] = having.data;
  const isElsewhere = only && !second && only.customerId !== statement.customerId;
  return (
    <BillHere
      {...{ user, statement, onClose }}
      holder={isElsewhere ? only : { customerId: here.customerId, name: here.company || here.name }}
      first={new Date(isElsewhere ? statement.to : statement.from).toISOString().slice(0, 16)}
    />
  );
}

function BillHere(props: {
  user: { connectionId: string; userId: string; name: string };
  statement: Statement;
  holder: { customerId: string; name: string };
  first: string;
  onClose(): void;
}) {
  const { user, statement, holder, onClose } = props;
  const { connectionId, userId } = user;
  const { customerId } = holder;
  const target = { customerId, connectionId, userId };
  const handover = useHandover(target, props.first, statement);
  return (
    <ConfirmDialog
      verb="Bill to this customer"
      title={`Bill ${user.name} to this customer`}
      width={560}
      disabled={!handover.isReady || !handover.preview.data}
      onConfirm={handover.apply}
      onClose={onClose}
    >
      <HandoverFields handover={handover} customer={holder.name} />
      {customerId !== statement.customerId && (
        <p className="oc-flush oc-dimmed">Until then the user is billed to this customer.</p>
      )}
      {handover.isReady && !handover.isHandover && (
        <p className="oc-flush">Nobody else has or had this user: it is mapped as it is.</p>
      )}
    </ConfirmDialog>
  );
}

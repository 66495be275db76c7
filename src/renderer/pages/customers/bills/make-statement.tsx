import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import classes from '../customers.module.css';
import type { Month } from './months.ts';
import { AcceptedLines, type Statement, StatementBody } from './statement-body.tsx';

/** Makes the statement of one customer for a month, shows it, and issues it. */
export function MakeStatement(props: {
  month: Month;
  /** Omitted: a customer is selected. */
  customer?: { customerId: string; name: string };
  onIssued(statementId: string): void;
  onClose(): void;
}) {
  const { month, customer } = props;
  const cluster = useCluster();
  const [customerId, setCustomerId] = useState<string | null>(customer?.customerId ?? null);
  const [tariffId, setTariffId] = useState<string | null>(null);
  const tariffs = useCall('tariffs.list', { connectionId: cluster.id }).data ?? [];
  const input = {
    customerId: customerId ?? '0',
    from: month.from,
    to: month.to,
    ...(tariffId === null ? {} : { tariffId }),
  };
  const query = useCall('statements.make', input, { enabled: customerId !== null });
  return (
    <Modal
      opened
      size={760}
      onClose={props.onClose}
      title={`Statement for ${month.label}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.form}>
        <div className={classes.two}>
          {customer ? (
            <strong>{customer.name}</strong>
          ) : (
            <CustomerSelect value={customerId} onChange={setCustomerId} />
          )}
          <Select
            label="Tariff, if neither customer nor plan has one"
            clearable
            data={tariffs.map((tariff) => ({ value: tariff.tariffId, label: tariff.name }))}
            value={tariffId}
            onChange={setTariffId}
          />
        </div>
        {query.error && <ErrorPanel error={query.error} compact />}
        {query.isFetching && !query.data && <p className="oc-dimmed">Calculating…</p>}
        {query.data && customerId !== null && !query.error && (
          <Made {...props} statement={query.data} input={input} />
        )}
      </div>
    </Modal>
  );
}

function CustomerSelect(props: { value: string | null; onChange(id: string | null): void }) {
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search, 150);
  const asked = { limit: 20, filter: { users: 'some' as const } };
  const query = useCall('customers.list', {
    ...asked,
    ...(wanted === '' ? {} : { search: wanted }),
  });
  const options = (query.data?.rows ?? []).map(({ customerId, company, name, externalId }) => ({
    value: customerId,
    label: `${company || name} #${externalId}`,
  }));
  return (
    <Select
      label="Customer"
      description="With mapped users."
      searchable
      data-autofocus
      data={options}
      value={props.value}
      onChange={props.onChange}
      searchValue={search}
      onSearchChange={(text) => setSearch(text.replace(/ #\S+$/, ''))}
      filter={({ options: all }) => all}
      nothingFoundMessage="No results"
    />
  );
}

/** Lets the lines that were held back count, with a reason. */
function AcceptHeld({ input, count }: { input: MadeFor; count: number }) {
  const call = useConsole();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const accept = async () => {
    setBusy(true);
    try {
      await call('statements.acceptHeld', { ...input, reason });
    } catch (thrown) {
      setError(toAppError(thrown));
      setBusy(false);
    }
  };
  return (
    <form
      aria-label="Lines held back"
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void accept();
      }}
    >
      <TextInput
        label="Reason to let them count"
        description="Stands in the statement and in the journal, with your name."
        placeholder="Migration of 40 TB, confirmed by the customer"
        required
        minLength={3}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {error && <ErrorPanel error={error} compact />}
      <div>
        <Button type="submit" variant="default" loading={busy} disabled={reason.trim().length < 3}>
          Accept {formatCounted(count, 'line')} held back
        </Button>
      </div>
    </form>
  );
}

interface MadeFor {
  customerId: string;
  from: string;
  to: string;
  tariffId?: string;
}

function Made(props: {
  statement: Statement;
  input: MadeFor;
  onIssued(statementId: string): void;
  onClose(): void;
}) {
  const { statement, input } = props;
  const call = useConsole();
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const { state, total, currency, minorDigits, reasons, unmapped = [], held = [] } = statement;
  const open = held.filter(({ accepted }) => !accepted);
  const issue = async () => {
    setBusy(true);
    try {
      const issued = await call('statements.issue', { ...input, requireFinal: state === 'final' });
      notifications.show({ message: `Issued as ${issued.number}.` });
      props.onIssued(issued.statementId);
      props.onClose();
    } catch (thrown) {
      setError(toAppError(thrown));
      setBusy(false);
    }
  };
  return (
    <>
      <p className={classes.total}>
        <strong className="oc-number">
          {total === null ? 'No data' : formatMoney(total, currency, minorDigits)}
        </strong>{' '}
        <StateBadge tone={state === 'final' ? 'good' : 'warning'}>
          {state === 'final' ? 'Final' : state === 'draft' ? 'Draft, not final' : 'No data'}
        </StateBadge>
      </p>
      {reasons.length > 0 && (
        <ul className={classes.reasons} aria-label="Why it is not final">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {unmapped.map((words) => (
        <p key={words} className="oc-caption">
          Not in it: {words}
        </p>
      ))}
      {open.length > 0 && <AcceptHeld input={input} count={open.length} />}
      <AcceptedLines held={held} />
      {total !== null && <StatementBody statement={statement} />}
      {error && <ErrorPanel error={error} compact />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button
          disabled={total === null || open.length > 0}
          loading={busy}
          onClick={() => void issue()}
        >
          {state === 'final' ? 'Issue statement' : 'Issue as draft'}
        </Button>
      </div>
    </>
  );
}

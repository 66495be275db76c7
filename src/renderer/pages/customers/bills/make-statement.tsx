import { Button, Modal, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { type IssuedRow, Period } from '../../../changes/statements/issued-statement.tsx';
import { customerPartPath, withParameters } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SecondaryButton, SmallButton } from '../../../kit/components/buttons.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { Note } from '../../../kit/components/note.tsx';
import { SearchSelect, useFound } from '../../../kit/components/search-select.tsx';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { useOfferOnScreen } from '../../../kit/stores/on-screen.ts';
import { useAction } from '../../../kit/use-action.ts';
import classes from '../shared/customers.module.css';
import { BillHereDialog } from '../shared/handover.tsx';
import { StatementElsewhere } from './charged-elsewhere.tsx';
import { Accepted, HeldForm, type HeldLine, type MadeFor } from './held-lines.tsx';
import type { Month } from './months.ts';
import { type Statement, StatementBody } from './statement-body.tsx';

/** In the address while the customer is not selected yet. */
const unselected = 'new';

/**
 * The customer whose statement is made; null while none is. It is kept in the address, so that what
 * the lines of a statement lead to leads back to it.
 */
export function useMaking() {
  const [parameters, setParameters] = useSearchParams();
  const making = parameters.get('make');
  const setMaking = (customerId: string | null) =>
    setParameters((before) => withParameters(before, { make: customerId }), { replace: true });
  return { making, start: (customerId = unselected) => setMaking(customerId), setMaking };
}

/** Makes the statement of one customer for a month, shows it, and issues it. */
export function MakeStatement(props: {
  month: Pick<Month, 'from' | 'to' | 'label'>;
  /** As {@link useMaking} has it. */
  making: string;
  /** Omitted: the customer is selected. */
  name?: string;
  onSelect?(customerId: string | null): void;
  onIssued(statementId: string): void;
  onClose(): void;
}) {
  const { month, name, making, onSelect } = props;
  const cluster = useCluster();
  const customerId = making === unselected ? null : making;
  const [tariffId, setTariffId] = useState<string | null>(null);
  const tariffs = useCall('tariffs.list', { connectionId: cluster.id }).data ?? [];
  const input = {
    customerId: customerId ?? '0',
    from: month.from,
    to: month.to,
    ...(tariffId === null ? {} : { tariffId }),
  };
  const query = useCall('statements.make', input, { enabled: customerId !== null });
  // a customer that has a tariff, or a plan with one, is billed by that
  const asksTariff = tariffId !== null || query.error?.code === 'INPUT_INVALID';
  return (
    <Modal opened size={760} onClose={props.onClose} title={`Statement for ${month.label}`}>
      <div className="oc-form">
        {onSelect ? (
          <CustomerSelect value={customerId} onChange={onSelect} />
        ) : (
          <strong>{name}</strong>
        )}
        {asksTariff && (
          <Select
            label="Tariff"
            description="For this statement alone."
            clearable
            data={tariffs.map((tariff) => ({ value: tariff.tariffId, label: tariff.name }))}
            value={tariffId}
            onChange={setTariffId}
          />
        )}
        {query.error && <ErrorPanel error={query.error} compact />}
        {query.isFetching && !query.data && <p className="oc-dimmed">Calculating…</p>}
        {query.data && customerId !== null && !query.error && (
          <Made {...props} statement={query.data} input={input} isCalculating={query.isFetching} />
        )}
      </div>
    </Modal>
  );
}

const asOption = (of: {
  customerId: string;
  company: string;
  name: string;
  externalId: string;
}) => ({
  value: of.customerId,
  label: `${of.company || of.name} #${of.externalId}`,
});

function CustomerSelect(props: { value: string | null; onChange(id: string | null): void }) {
  const { value, onChange } = props;
  const [search, setSearch] = useState('');
  const [searchedFor, setSearchedFor] = useState(value);
  // the address may name another customer while this is open
  if (searchedFor !== value) {
    setSearchedFor(value);
    setSearch('');
  }
  const typed = search.replace(/ #\S+$/, '');
  const { found, instead } = useFound('customers.list', typed, (words) => ({
    limit: 20,
    ...(words === '' ? {} : { search: words }),
  }));
  const { data: selected } = useCall(
    'customers.get',
    { customerId: value ?? '0' },
    { enabled: value !== null },
  );
  const own = value !== null && selected ? asOption(selected) : null;
  const others = found?.rows.map(asOption).filter((option) => option.value !== own?.value);
  // shown as soon as it is read, whether or not others are found; offered unless another is searched for
  const isOwn = own !== null && (search === '' || search === own.label);
  const options = isOwn ? [own, ...(others ?? [])] : found?.rows.map(asOption);
  return (
    <SearchSelect
      {...{ options, instead, value, onChange, search }}
      label="Customer"
      description="Also one whose users were deleted since."
      onSearch={setSearch}
    />
  );
}

/** The call that bills a held-back user to the customer. */
function toUser({ connectionId, userId, words }: HeldLine, statement: MadeFor) {
  const [name = userId] = words.split(' ');
  return {
    label: `Bill ${name} to this customer…`,
    start: () =>
      openDialog((close) => (
        <BillHereDialog
          user={{ connectionId, userId, name }}
          statement={statement}
          onClose={close}
        />
      )),
  };
}

/**
 * The statement that the customer got for the period, or for a part that ends in it, as last corrected;
 * undefined while it is looked up.
 */
function useIssuedBefore({ customerId, from, to }: MadeFor) {
  const within = { from, to };
  const { data } = useCall('statements.issued', { customerId, within, compare: false, limit: 100 });
  return data && (data.rows.find(({ correctedBy }) => correctedBy === null) ?? null);
}

/** That the period is billed already, and what has become of it since. */
function IssuedBefore({ issued, now }: { issued: IssuedRow; now: Statement }) {
  const { number, total, currency, minorDigits, issuedAt } = issued;
  const isSame = now.total !== null && String(now.total) === String(total);
  if (issued.from !== now.from || issued.to !== now.to) {
    return (
      <Note tone="warning">
        {number} of {formatMoney(total, currency, minorDigits)} bills{' '}
        <Period from={issued.from} to={issued.to} /> already. No hour is billed twice: what has
        changed in that time is issued as a correction of it.
      </Note>
    );
  }
  return (
    <Note tone={isSame ? 'information' : 'warning'}>
      Issued already, as {number} of {formatMoney(total, currency, minorDigits)}{' '}
      <Time value={issuedAt} as="age" />. That statement stays as it is, and no second one is issued
      for the period.{' '}
      {!isSame &&
        'What follows is what a statement would be by now. Late data, sizes and prices are issued as a correction of it; what it billed for a user that was taken from the customer since is taken back on its page.'}
    </Note>
  );
}

function Made(props: {
  statement: Statement;
  input: MadeFor;
  isCalculating: boolean;
  onIssued(statementId: string): void;
  onClose(): void;
}) {
  const { statement, input } = props;
  const call = useConsole();
  const { running: busy, error, run } = useAction();
  const { state, total, currency, minorDigits, reasons, unmapped = [], held = [] } = statement;
  const open = held.filter(({ accepted }) => !accepted);
  const before = useIssuedBefore(input);
  const cluster = useCluster();
  const users = open.filter(({ item }) => item === 'user').map((line) => toUser(line, input));
  useOfferOnScreen(() =>
    users.map(({ label, start }) => ({ id: label, label, start, reason: null })),
  );
  const issue = () =>
    run(async () => {
      const issued = await call('statements.issue', { ...input, requireFinal: state === 'final' });
      notifications.show({ message: `Issued as ${issued.number}.` });
      props.onIssued(issued.statementId);
      props.onClose();
    });
  return (
    <>
      {before && <IssuedBefore issued={before} now={statement} />}
      {before === null && <StatementElsewhere statement={statement} />}
      <p className="oc-caption oc-flush">
        <Period from={statement.from} to={statement.to} />. Bills count whole hours, UTC.
      </p>
      <p className="oc-caption oc-flush">
        {statement.tariffName}, version {statement.tariffVersion}. {statement.tariffReason}
      </p>
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
      {users.length > 0 && (
        <div className={classes.tools}>
          {users.map(({ label, start }) => (
            <SmallButton key={label} onClick={start}>
              {label}
            </SmallButton>
          ))}
        </div>
      )}
      {open.length > 0 && (
        <HeldForm
          decision="accept"
          input={input}
          verb={`Accept ${formatCounted(open.length, 'line')} held back`}
          count={open.length}
          isCalculating={props.isCalculating}
        />
      )}
      <Accepted held={held} input={input} />
      {total !== null && <StatementBody statement={statement} />}
      {error && <ErrorPanel error={error} compact />}
      <div className="oc-buttons">
        <SecondaryButton onClick={props.onClose}>Cancel</SecondaryButton>
        {before ? (
          <Button
            component={Link}
            to={`${customerPartPath(cluster.id, 'statements')}?open=${before.statementId}`}
          >
            Open {before.number}
          </Button>
        ) : (
          <Button
            disabled={total === null || open.length > 0 || before === undefined}
            loading={busy}
            onClick={() => void issue()}
          >
            {state === 'final' ? 'Issue statement' : 'Issue as draft'}
          </Button>
        )}
      </div>
    </>
  );
}

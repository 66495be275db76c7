import { useState } from 'react';
import { Link } from 'react-router';
import { amountDecimal } from '#shared/billing/money.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { nounOf } from '#shared/counted.ts';
import { toCsv } from '#shared/csv.ts';
import { fromWireInteger } from '#shared/units.ts';
import { clusterPath } from '../../../kit/addresses.ts';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { Note, NoteActions } from '../../../kit/components/note.tsx';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { ShowMore } from '../../../kit/components/show-more.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { downloadFile } from '../../../lists/table/export-csv.ts';
import { CustomerName } from '../shared/customer-name.tsx';
import type { Statement } from './statement-body.tsx';

type Elsewhere = CallOutput<'statements.chargedElsewhere'>;
type Twice = Elsewhere['twice'];

const firstShown = 8;
const nextShown = 100;

/** What the customer of a statement would pay for twice, once it is issued. */
export function StatementElsewhere({ statement }: { statement: Statement }) {
  const { customer, currency, minorDigits, users, fees = [], from, to } = statement;
  const base = fees.filter(({ kind }) => kind === 'base');
  const input = {
    ...{ customerId: customer?.customerId ?? '', customerName: customer?.name ?? '' },
    ...{ currency, minorDigits, from, to },
    baseFee: String(base.reduce((sum, { amount }) => sum + fromWireInteger(amount), 0n)),
    users: users.flatMap(({ connectionId, userId }) =>
      connectionId === undefined ? [] : [{ connectionId, userId }],
    ),
  };
  const { data } = useCall('statements.chargedElsewhere', input, {
    enabled: customer !== undefined,
  });
  return data ? <ChargedElsewhere elsewhere={data} /> : null;
}

/** What customers would pay for twice, once their statements are issued. */
export function ChargedElsewhere(props: { elsewhere: Elsewhere; onLeave?(): void }) {
  const { elsewhere, ...leaving } = props;
  return (
    <>
      <BilledByUser byUser={elsewhere.byUser} {...leaving} />
      <ChargedTwice twice={elsewhere.twice} {...leaving} />
    </>
  );
}

/** Customers whose users statements by user bill for the same time. */
function BilledByUser(props: { byUser: Elsewhere['byUser']; onLeave?(): void }) {
  const { byUser, onLeave } = props;
  const rows = byUser.flatMap(({ customers, ...statement }) =>
    customers.map((customer) => ({ ...statement, ...customer })),
  );
  const [limit, setLimit] = useState(firstShown);
  if (rows.length === 0) return null;
  const count = new Set(rows.map(({ customerId }) => customerId)).size;
  const whose = formatCounted(count, 'customer');
  return (
    <Note
      tone="warning"
      role="status"
      title={`${whose} ${nounOf(count, 'has', 'have')} users that a statement by user bills already`}
    >
      <p className="oc-flush">
        {formatCounted(byUser.length, 'statement')} issued under Usage, Statements{' '}
        {nounOf(byUser.length, 'charges', 'charge')} the same users for a time in this period. Use
        one of the two: what is issued stays, so do not invoice both.
      </p>
      <PlainTable
        label="Billed by user already"
        rows={rows.slice(0, limit)}
        rowKey={({ statementId, customerId }) => `${statementId} ${customerId}`}
        columns={[
          ['Customer', (row) => <CustomerName {...row} onLeave={onLeave} />],
          [
            'Statement by user',
            ({ connectionId, statementId, number }) => (
              <Link
                to={`${clusterPath(connectionId, 'usage/issued')}?open=${statementId}`}
                onClick={onLeave}
              >
                {number}
              </Link>
            ),
          ],
        ]}
      />
      <ShowMore
        {...{ shown: Math.min(limit, rows.length), total: rows.length, step: nextShown }}
        onLimit={setLimit}
        rest="The others are not shown here."
      />
    </Note>
  );
}

/**
 * Customers with a base fee here and a recurring amount in the billing system: they pay both.
 * @param props.isIssued whether these statements are issued already, and keep their base fee
 */
export function ChargedTwice(props: { twice: Twice; isIssued?: boolean; onLeave?(): void }) {
  const { isIssued = false, onLeave } = props;
  const { sums, customers } = props.twice;
  const [limit, setLimit] = useState(firstShown);
  if (customers.length === 0) return null;
  const count = sums.reduce((sum, one) => sum + one.customers, 0);
  const fees = sums.map((one) => formatMoney(one.total, one.currency, one.minorDigits));
  return (
    <Note
      tone="warning"
      title={`${formatCounted(count, 'customer')} ${nounOf(count, 'pays', 'pay')} a base fee and the recurring amount of a service`}
    >
      <p className="oc-flush">
        Base fees of {fees.join(' and ')} are charged here, and WHMCS keeps invoicing the recurring
        amounts. If that is not intended, set the recurring amount to 0 in WHMCS, or take the base
        fee out of the tariff
        {isIssued
          ? ' for the statements to come: those issued keep theirs until they are corrected.'
          : ' before you issue: an issued statement keeps its base fee.'}
      </p>
      <PlainTable
        label="Base fees and recurring amounts"
        rows={customers.slice(0, limit)}
        rowKey={({ customerId }) => customerId}
        columns={[
          ['Customer', (row) => <CustomerName {...row} onLeave={onLeave} />],
          [
            'Base fee',
            ({ baseFee, currency, minorDigits }) => formatMoney(baseFee, currency, minorDigits),
            'figure',
          ],
          [
            'Recurring amount in WHMCS',
            ({ services, currency }) =>
              services.map(({ externalId, productName, recurringAmount }) => (
                <div key={externalId}>
                  {recurringAmount} {currency}, {productName} #{externalId}
                </div>
              )),
          ],
        ]}
      />
      <ShowMore
        {...{ shown: Math.min(limit, customers.length), total: customers.length, step: nextShown }}
        onLimit={setLimit}
        rest="The list holds all of them."
      />
      {customers.length > firstShown && (
        <NoteActions>
          <SmallButton onClick={() => saveList(customers)}>Save list (CSV)</SmallButton>
        </NoteActions>
      )}
    </Note>
  );
}

/** Saves every service of these customers, one a line. */
function saveList(customers: Twice['customers']): void {
  const rows = customers.flatMap(({ customerName, baseFee, currency, minorDigits, services }) =>
    services.map(({ externalId, productName, recurringAmount }) => [
      ...[customerName, amountDecimal(fromWireInteger(baseFee), minorDigits), currency],
      ...[externalId, productName, recurringAmount],
    ]),
  );
  const columns = ['customer', 'base_fee', 'currency', 'service', 'product', 'recurring_amount'];
  const name = 'base-fees-and-recurring-amounts.csv';
  downloadFile(name, toCsv({ columns, rows }), 'text/csv;charset=utf-8');
}

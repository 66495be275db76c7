import { Select } from '@mantine/core';
import { IconFileInvoice } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { whmcsPages } from '#shared/whmcs-links.ts';
import { customerPartPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { CallError, ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { Note } from '../../../kit/components/note.tsx';
import { type PlainColumn, PlainTable } from '../../../kit/components/plain-table.tsx';
import { ShowMore } from '../../../kit/components/show-more.tsx';
import { StateBadge, type StateTone } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { billingRefusal } from '../shared/billing-button.tsx';
import { CustomerName } from '../shared/customer-name.tsx';
import { CustomerPartPage } from '../shared/customer-parts.tsx';
import classes from '../shared/customers.module.css';
import { WhmcsLink } from '../shared/whmcs-link.tsx';
import { DraftButton } from './draft-dialog.tsx';
import { DraftRun } from './draft-run.tsx';
import { useWaiting } from './issue-month.tsx';
import type { Month } from './months.ts';
import {
  MonthSelect,
  NothingListed,
  type RegisterFilter,
  RegisterTools,
  useRegister,
  useRegisterFilter,
} from './register-filter.tsx';

type Invoice = CallOutput<'invoices.list'>['rows'][number];
type Outstanding = CallOutput<'invoices.outstanding'>;

const pageSize = 200;

const states: Record<Invoice['state'], [StateTone, string]> = {
  sending: ['information', 'In progress'],
  drafted: ['good', 'Drafted'],
  differs: ['bad', 'Differs'],
  failed: ['bad', 'Failed'],
};

/** Draft invoices: the statement of each, and its state. */
export function InvoicesPage() {
  const [limit, setLimit] = useState(pageSize);
  const of = useRegisterFilter();
  const query = useRegister('invoices.list', { limit, ...of.filter });
  const invoices = query.data;
  const drafting = useDrafting();
  return (
    <CustomerPartPage title="Invoices" count={invoices?.total}>
      <div className={classes.main}>
        <DraftTools drafting={drafting} of={of} />
        <DraftRun />
        <RegisterTools of={of} placeholder="Search numbers and customers" />
        <CallError call={query} />
        {invoices?.total === 0 && !drafting && <NoInvoice of={of} />}
        {invoices && invoices.total > 0 && <InvoicesTable rows={invoices.rows} />}
        {invoices && (
          <ShowMore
            {...{ shown: invoices.rows.length, total: invoices.total, step: pageSize }}
            rest="Search, or select a month, to list the others."
            onLimit={setLimit}
          />
        )}
      </div>
    </CustomerPartPage>
  );
}

function NoInvoice({ of }: { of: RegisterFilter }) {
  return (
    <NothingListed
      {...{ of, what: 'invoice', icon: IconFileInvoice, none: 'No draft invoice' }}
      noneOf={(month) => `No draft invoice of ${month}`}
    >
      Drafts are made of issued statements, one each, and compared with them. You publish them in
      the billing system.
    </NothingListed>
  );
}

/** Whether drafts are being made now. */
function useDrafting(): boolean {
  const tasks = useCall('tasks.list', {}).data ?? [];
  return tasks.some(({ kind, endedAt }) => kind === 'invoices.draft' && endedAt === null);
}

/** Selects a month and a billing system, and drafts what is issued for it. */
function DraftTools({ drafting, of }: { drafting: boolean; of: RegisterFilter }) {
  const { month } = of;
  const billing = useCall('billing.list', {}).data ?? [];
  const able = billing.filter(({ capabilities }) => capabilities.includes('drafts'));
  const [selected, setBillingId] = useState<string | null>(null);
  const billingId = selected ?? able[0]?.id;
  if (billing.length > 0 && able.length === 0) {
    return <p className="oc-dimmed">{billingRefusal(billing, 'drafts')}</p>;
  }
  return (
    <div className={classes.tools}>
      <MonthSelect of={of} />
      {able.length > 1 && (
        <Select
          aria-label="Billing system"
          w={200}
          data={able.map(({ id, name }) => ({ value: id, label: name }))}
          value={billingId ?? null}
          onChange={setBillingId}
        />
      )}
      {month && billingId && <DraftMonth {...{ month, billingId, drafting }} />}
    </div>
  );
}

function DraftMonth(props: { month: Month; billingId: string; drafting: boolean }) {
  const { month, billingId, drafting } = props;
  const cluster = useCluster();
  const { from, to } = month;
  const query = useCall('invoices.outstanding', { billingId, from, to });
  const waiting = useWaiting(month)?.length ?? 0;
  if (query.error) return <ErrorPanel error={query.error} compact />;
  if (!query.data) return <span className="oc-dimmed">Loading…</span>;
  const { issued, byItems, statementIds, toCredit } = query.data;
  const done = issued - byItems - statementIds.length - toCredit.length;
  if (issued === 0) {
    return (
      <p className="oc-flush">
        No statement of {month.label} is issued.{' '}
        <Link to={`${customerPartPath(cluster.id, 'statements')}?month=${month.value}`}>
          Issue statements
        </Link>
      </p>
    );
  }
  return (
    <>
      {statementIds.length > 0 && (
        <DraftButton
          billingId={billingId}
          statementIds={drafting ? [] : statementIds}
          label={`Draft ${formatCounted(statementIds.length, 'invoice')}`}
        />
      )}
      <span className="oc-dimmed">
        {drafting && 'Drafting… '}
        {formatCounted(issued, 'statement')} issued for {month.label}:{' '}
        {formatCount(statementIds.length)} to draft, {formatCount(done)} with a draft or nothing to
        bill{byItems > 0 && `, ${formatCount(byItems)} sent as billable items`}
        {toCredit.length > 0 && `, ${formatCount(toCredit.length)} to credit by hand`}.
      </span>
      {waiting > 0 && (
        <Link to={`${customerPartPath(cluster.id, 'statements')}?month=${month.value}`}>
          {formatCounted(waiting, 'customer')} without a statement
        </Link>
      )}
      {toCredit.length > 0 && <CreditsByHand credits={toCredit} />}
    </>
  );
}

/** Corrections below their invoices: WHMCS has no call for credit notes. */
function CreditsByHand({ credits }: { credits: Outstanding['toCredit'] }) {
  const cluster = useCluster();
  return (
    <Note
      tone="warning"
      title={`Credit ${formatCounted(credits.length, 'correction')} in WHMCS by hand`}
    >
      <p className="oc-flush">
        These corrections come to less than what was invoiced. WHMCS has no call that makes a credit
        note. Where the invoice is still a draft, you can delete it there and draft the correction.
      </p>
      <ul className="oc-flush">
        {credits.map(({ statementId, number, amount, currency, minorDigits }) => (
          <li key={statementId}>
            <Link to={`${customerPartPath(cluster.id, 'statements')}?open=${statementId}`}>
              {number}
            </Link>
            : credit {formatMoney(amount, currency, minorDigits)}
          </li>
        ))}
      </ul>
    </Note>
  );
}

/** @param props.compact there is little room: only what is not said by the customer's page it is on */
export function InvoicesTable(props: { rows: readonly Invoice[]; compact?: boolean }) {
  const cluster = useCluster();
  const customer: PlainColumn<Invoice> = [
    'Customer',
    ({ customerId, customerName }) => <CustomerName {...{ customerId, customerName }} />,
  ];
  const made: PlainColumn<Invoice>[] = [
    ['Reference', ({ reference }) => reference, 'code'],
    [
      'Made',
      ({ createdAt, createdBy }) => (
        <>
          <Time value={createdAt} as="age" /> by {createdBy}
        </>
      ),
    ],
  ];
  return (
    <PlainTable
      label="Draft invoices"
      stacks
      rows={props.rows}
      rowKey={({ billingId, statementId }) => `${billingId}/${statementId}`}
      columns={[
        [
          'Invoice',
          ({ billingId, invoiceId, reference }) =>
            invoiceId === null ? (
              '—'
            ) : (
              <WhmcsLink
                billingId={billingId}
                page={(area) => whmcsPages.invoice(area, invoiceId)}
                label={`Invoice ${invoiceId} in WHMCS`}
              >
                <span className="oc-number" title={reference}>
                  #{invoiceId}
                </span>
              </WhmcsLink>
            ),
        ],
        ...(props.compact ? [] : [customer]),
        [
          'Statement',
          ({ statementId, number }) => (
            <Link
              className="oc-number"
              to={`${customerPartPath(cluster.id, 'statements')}?open=${statementId}`}
            >
              {number}
            </Link>
          ),
        ],
        [
          'Subtotal',
          ({ subtotal, currency, minorDigits }) => formatMoney(subtotal, currency, minorDigits),
          'figure',
        ],
        [
          'State',
          ({ state, problem }) => (
            <>
              <StateBadge tone={states[state][0]}>{states[state][1]}</StateBadge>
              {problem !== null && <div className="oc-caption">{problem}</div>}
            </>
          ),
        ],
        ...(props.compact ? [] : made),
      ]}
    />
  );
}

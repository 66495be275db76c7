import { Button, Select } from '@mantine/core';
import { IconFileInvoice } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { customerPartPath, customerPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { StateBadge, type StateTone } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { CustomerPartPage } from '../customer-parts.tsx';
import classes from '../customers.module.css';
import { lastMonths, type Month } from './months.ts';
import { DraftButton } from './statement-detail.tsx';

type Invoice = CallOutput<'invoices.list'>['rows'][number];

const pageSize = 200;

const states: Record<Invoice['state'], [StateTone, string]> = {
  sending: ['information', 'In progress'],
  drafted: ['good', 'Drafted'],
  differs: ['bad', 'Differs'],
  failed: ['bad', 'Failed'],
};

/** Draft invoices: what was made of which statement, and how it stands. */
export function InvoicesPage() {
  const [limit, setLimit] = useState(pageSize);
  const query = useCall('invoices.list', { limit }, { keepPrevious: true });
  const invoices = query.data;
  return (
    <CustomerPartPage title="Invoices" count={invoices?.total}>
      <div className={classes.main}>
        <DraftTools />
        {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
        {invoices?.total === 0 && (
          <EmptyState icon={IconFileInvoice} title="No draft invoice yet">
            Drafts are made of issued statements, one each, and compared with them. A human
            publishes them in the billing system.
          </EmptyState>
        )}
        {invoices && invoices.total > 0 && <InvoicesTable rows={invoices.rows} />}
        {invoices && invoices.total > invoices.rows.length && (
          <Button variant="default" size="compact-sm" onClick={() => setLimit(limit + pageSize)}>
            Show more
          </Button>
        )}
      </div>
    </CustomerPartPage>
  );
}

/** Selects a month and a billing system, and drafts what is issued for it. */
function DraftTools() {
  const months = lastMonths(new Date());
  const [parameters] = useSearchParams();
  const asked = months.find(({ value }) => value === parameters.get('month'));
  const billing = useCall('billing.list', {}).data ?? [];
  const able = billing.filter(({ capabilities }) => capabilities.includes('drafts'));
  const [monthValue, setMonth] = useState((asked ?? months[0])?.value ?? null);
  const [selected, setBillingId] = useState<string | null>(null);
  const month = months.find(({ value }) => value === monthValue);
  const billingId = selected ?? able[0]?.id;
  if (billing.length > 0 && able.length === 0) {
    return (
      <p className="oc-dimmed">
        None of your billing systems takes invoices from the console. Export the statements instead.
      </p>
    );
  }
  return (
    <div className={classes.tools}>
      <Select
        aria-label="Month"
        w={180}
        allowDeselect={false}
        data={months.map(({ value, label }) => ({ value, label }))}
        value={monthValue}
        onChange={setMonth}
      />
      {able.length > 1 && (
        <Select
          aria-label="Billing system"
          w={200}
          allowDeselect={false}
          data={able.map(({ id, name }) => ({ value: id, label: name }))}
          value={billingId ?? null}
          onChange={setBillingId}
        />
      )}
      {month && billingId && <DraftMonth month={month} billingId={billingId} />}
    </div>
  );
}

function DraftMonth({ month, billingId }: { month: Month; billingId: string }) {
  const cluster = useCluster();
  const { from, to } = month;
  const query = useCall('invoices.outstanding', { billingId, from, to });
  if (query.error) return <ErrorPanel error={query.error} compact />;
  if (!query.data) return <span className="oc-dimmed">Loading…</span>;
  const { issued, statementIds } = query.data;
  if (issued === 0) {
    return (
      <span>
        No statement of {month.label} is issued.{' '}
        <Link to={`${customerPartPath(cluster.id, 'statements')}?month=${month.value}`}>
          Issue statements
        </Link>
      </span>
    );
  }
  return (
    <>
      {statementIds.length > 0 && (
        <DraftButton
          billingId={billingId}
          statementIds={statementIds}
          label={`Draft ${formatCounted(statementIds.length, 'invoice')}`}
        />
      )}
      <span className="oc-dimmed">
        {formatCounted(issued, 'statement')} issued for {month.label}
        {statementIds.length === 0
          ? ': each has a draft or nothing to bill.'
          : `, ${formatCount(issued - statementIds.length)} with a draft or nothing to bill.`}
      </span>
    </>
  );
}

/** Draft invoices as a table. */
export function InvoicesTable({ rows }: { rows: readonly Invoice[] }) {
  const cluster = useCluster();
  return (
    <table className={classes.table} aria-label="Draft invoices">
      <thead>
        <tr>
          <th>Invoice</th>
          <th>Customer</th>
          <th>Statement</th>
          <th className={classes.right}>Subtotal</th>
          <th>State</th>
          <th>Reference</th>
          <th>Made</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const [tone, word] = states[row.state];
          const statement = `${customerPartPath(cluster.id, 'statements')}?open=${row.statementId}`;
          return (
            <tr key={`${row.billingId}/${row.statementId}`}>
              <td className="oc-number">{row.invoiceId === null ? '—' : `#${row.invoiceId}`}</td>
              <td>
                <Link to={customerPath(cluster.id, row.customerId)}>{row.customerName}</Link>
              </td>
              <td>
                <Link to={statement}>{row.number}</Link>
              </td>
              <td className={classes.right}>
                {formatMoney(row.subtotal, row.currency, row.minorDigits)}
              </td>
              <td>
                <StateBadge tone={tone}>{word}</StateBadge>
                {row.problem !== null && <div className="oc-caption">{row.problem}</div>}
              </td>
              <td className="oc-mono">{row.reference}</td>
              <td>
                <Time value={row.createdAt} as="age" /> by {row.createdBy}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

import { Button, SegmentedControl, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { FileDrop, OpenFileButton } from '../../../changes/bulk/open-file.tsx';
import { customersPath, onboardingRunPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel, type ShownError } from '../../../kit/components/error-panel.tsx';
import { formatCount } from '../../../kit/components/format.ts';
import { Note } from '../../../kit/components/note.tsx';
import { BackLink, PageBar } from '../../../kit/components/page-bar.tsx';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { typed } from '../../../kit/components/typed.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useAction } from '../../../kit/use-action.ts';
import { BillingTrouble, useUnread } from '../shared/billing-freshness.tsx';
import classes from '../shared/customers.module.css';
import { RunState, rowsLeft } from './run-state.tsx';

type Source = CallInput<'onboarding.prepare'>['source'];
type Billing = CallOutput<'billing.list'>[number];

const sources = ['services', 'orders', 'csv'] as const;
type From = (typeof sources)[number];

const labels: Record<From, string> = {
  services: 'Services without a user',
  orders: 'Pending orders',
  csv: 'From a table (CSV)',
};

/** Starts an onboarding run: customers, cluster, plan; and lists earlier runs. */
export function NewOnboardingPage() {
  const cluster = useCluster();
  const billing = useCall('billing.list', {}).data;
  return (
    <>
      <PageBar
        title="Onboard customers"
        before={<BackLink to={customersPath(cluster.id)}>All customers</BackLink>}
      />
      <BillingTrouble />
      <div className="oc-scroll">
        <div className={classes.checks}>
          {billing && <SourceForm billing={billing} />}
          <EarlierRuns />
        </div>
      </div>
    </>
  );
}

function SourceForm({ billing }: { billing: readonly Billing[] }) {
  const [parameters] = useSearchParams();
  const serviceId = parameters.get('service');
  const withOrders = billing.filter(({ capabilities }) => capabilities.includes('orders'));
  const cluster = useCluster();
  const [from, setFrom] = useState<From>('services');
  const [text, setText] = useState('');
  const [connectionId, setConnectionId] = useState(cluster.id);
  const [planId, setPlanId] = useState<string | null>(null);
  const [billingId, setBillingId] = useState(withOrders[0]?.id ?? null);
  const connections = useCall('connections.list', {}).data ?? [];
  const plans = useCall('servicePlans.list', {}).data ?? [];
  const counts = useCall('onboarding.counts', {}).data;
  const unread = useUnread();
  const { running, error, prepare } = usePrepareOnboarding();
  const source = sourceOf(from, { text, billingId, serviceId });
  const submit = () =>
    source && prepare({ source, connectionId, ...(planId === null ? {} : { planId }) });
  return (
    <form
      className={classes.onboardingForm}
      aria-label="Whom to onboard"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <SegmentedControl
        aria-label="Whom to onboard"
        value={from}
        onChange={(value) => setFrom(value as From)}
        data={sources.map((value) => ({
          value,
          label: tabLabel(value, unread === null ? counts : undefined),
          disabled: value === 'orders' && withOrders.length === 0,
        }))}
      />
      <p className="oc-dimmed">{sourceWords(from, serviceId, withOrders.length > 0)}</p>
      {from === 'orders' && withOrders.length > 1 && (
        <Select
          label="Billing system"
          data={withOrders.map(({ id, name }) => ({ value: id, label: name }))}
          value={billingId}
          onChange={setBillingId}
        />
      )}
      {from === 'csv' && <TableText text={text} onChange={setText} />}
      <div className={classes.fieldRow}>
        <Select
          label="Cluster for new users"
          description={
            from === 'csv'
              ? 'Where neither the CSV table nor the plan names one.'
              : 'Where the plan names none.'
          }
          data={connections.map(({ id, name }) => ({ value: id, label: name }))}
          value={connectionId}
          onChange={(id) => setConnectionId(id ?? cluster.id)}
        />
        <Select
          label="Service plan"
          description={
            from === 'csv'
              ? 'Where neither the CSV table nor the product has one.'
              : 'Where the product has none.'
          }
          placeholder={plans.length === 0 ? 'No plans yet' : 'None'}
          clearable
          data={plans.map(({ id, name }) => ({ value: id, label: name }))}
          value={planId}
          onChange={setPlanId}
        />
      </div>
      {error && <Refusal error={error} unread={unread} />}
      <div className={classes.fieldRow}>
        <Button type="submit" loading={running} disabled={source === null}>
          Preview
        </Button>
        {running && (
          <span role="status" className="oc-dimmed">
            Looking up whether the e-mails are free…
          </span>
        )}
      </div>
    </form>
  );
}

/** That there is nobody to onboard is an answer, not a failure. */
function Refusal({ error, unread }: { error: ShownError; unread: string | null }) {
  if (error.details?.nobody !== true) return <ErrorPanel error={error} compact />;
  return unread === null ? (
    <Note role="status" title={error.message}>
      {error.hint}
    </Note>
  ) : (
    <Note role="status" title="Customers to onboard are not known yet">
      {unread}
    </Note>
  );
}

/** Names a source, with how many services it has by what was last read. */
function tabLabel(from: From, counts: CallOutput<'onboarding.counts'> | undefined): string {
  if (from === 'csv' || !counts) return labels[from];
  if (from === 'services') return `${labels.services} (${formatCount(counts.services)})`;
  // the first source contains the second
  return `${labels.orders} (${formatCount(counts.pending)} of these)`;
}

function sourceOf(
  from: From,
  of: { text: string; billingId: string | null; serviceId: string | null },
): Source | null {
  if (from === 'csv') return of.text.trim() === '' ? null : { from, text: of.text };
  if (from === 'orders') return of.billingId === null ? null : { from, billingId: of.billingId };
  return of.serviceId === null ? { from } : { from, serviceIds: [of.serviceId] };
}

function sourceWords(from: From, serviceId: string | null, hasOrders: boolean): string {
  if (from === 'csv') {
    return 'One new user a line. Columns: email, client id, service id, plan, cluster, account, quota gb, and rate limits as in bulk changes.';
  }
  if (from === 'orders') {
    return 'Services of orders that are pending in WHMCS. Accepting the order stays with WHMCS.';
  }
  const orders = hasOrders ? '' : ' Pending orders need WHMCS.';
  return serviceId === null
    ? `Every active or pending service without an S3 user, those of pending orders too.${orders}`
    : 'The one service that was selected.';
}

function TableText({ text, onChange }: { text: string; onChange(text: string): void }) {
  return (
    <FileDrop onOpen={(file) => onChange(file.text)}>
      <Textarea
        label="Table"
        placeholder={'email,client id,service id,plan\nuser@example.com,17,20012,Silver'}
        autosize
        minRows={6}
        maxRows={16}
        spellCheck={false}
        classNames={{ input: 'oc-mono' }}
        {...typed(text, onChange)}
      />
      <div className={classes.more}>
        <OpenFileButton
          label="Open a CSV file"
          accept=".csv,.tsv,.txt,text/csv"
          onOpen={(file) => onChange(file.text)}
        />
      </div>
    </FileDrop>
  );
}

function usePrepareOnboarding() {
  const call = useConsole();
  const cluster = useCluster();
  const navigate = useNavigate();
  const { running, error, run } = useAction();
  const prepare = (input: CallInput<'onboarding.prepare'>) =>
    run(async () => {
      const { onboardingId } = await call('onboarding.prepare', input);
      navigate(onboardingRunPath(cluster.id, onboardingId));
    });
  return { running, error, prepare };
}

function EarlierRuns() {
  const cluster = useCluster();
  const { data, error, refetch } = useCall('onboarding.list', { limit: 50 });
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (!data || data.total === 0) return null;
  return (
    <section className={classes.check} aria-label="Earlier runs">
      <div className={classes.checkHead}>
        <h2 className="oc-heading">Earlier runs</h2>
        <span className="oc-dimmed oc-number">{formatCount(data.total)}</span>
      </div>
      <PlainTable
        rows={data.rows}
        rowKey={({ onboardingId }) => onboardingId}
        columns={[
          [
            'Run',
            ({ onboardingId, title }) => (
              <Link to={onboardingRunPath(cluster.id, onboardingId)}>{title}</Link>
            ),
          ],
          ['State', (run) => <RunState run={run} />],
          ['Previewed', ({ createdAt }) => <Time value={createdAt} />],
          ['By', ({ createdBy }) => createdBy],
          ['Rows', ({ total }) => formatCount(total), 'figure'],
          ['Done', ({ counts }) => formatCount(counts.done), 'figure'],
          ['To do', (run) => formatCount(rowsLeft(run)), 'figure'],
        ]}
      />
    </section>
  );
}

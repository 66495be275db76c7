import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { PlainTable } from '../../kit/components/plain-table.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { BillingButton } from './shared/billing-button.tsx';
import { type Customer, usersThere } from './shared/columns.tsx';
import { useSending } from './shared/use-sending.tsx';

type Row = CallOutput<'invoices.usage'>['rows'][number];

/** Writes the usage of a customer's services to the billing system. */
export function SendUsageButton({ customer }: { customer: Customer }) {
  const [open, setOpen] = useState(false);
  const hasUsers = customer.users.some(({ serviceId }) => serviceId !== null);
  if (!hasUsers) return null;
  return (
    <>
      <BillingButton
        billingId={customer.billingId}
        sends="usage"
        refusal={
          usersThere(customer.users).length > 0 ? null : 'Its users were deleted: nothing to send.'
        }
        label="Send usage figures"
        onClick={() => setOpen(true)}
      />
      {open && <SendUsageDialog customer={customer} onClose={() => setOpen(false)} />}
    </>
  );
}

const figure = (value: number | string | null | undefined): string =>
  value == null ? 'not known' : `${formatCount(BigInt(value))} MB`;

const differs = ({ found, wanted }: Row): boolean =>
  wanted !== null &&
  (found === null ||
    String(found.diskMb) !== String(wanted.diskMb) ||
    (wanted.bandwidthMb !== null && String(found.bandwidthMb) !== String(wanted.bandwidthMb)));

function SendUsageDialog({ customer, onClose }: { customer: Customer; onClose(): void }) {
  const { customerId, billingId, company, name } = customer;
  const call = useConsole();
  const preview = useCall('invoices.usage', { customerId });
  const sending = useSending(billingId);
  const changed = (preview.data?.rows ?? []).filter(differs);
  const send = async () => {
    await call('invoices.sendUsage', { billingId, customerIds: [customerId], ...sending.input });
    notifications.show({ message: 'Sending. Tasks shows how far it is.' });
  };
  return (
    <ConfirmDialog
      verb={`Send figures of ${formatCounted(changed.length, 'service')}`}
      title={`Send usage figures of ${company || name}`}
      width={720}
      disabled={changed.length === 0 || sending.locked}
      onConfirm={send}
      onClose={onClose}
    >
      <p className="oc-flush">
        What the users of each service store, and their traffic of{' '}
        {preview.data?.month ?? 'this month'} in and out, is written to the disk and bandwidth usage
        of the service in WHMCS, and read back. A MB is 1,048,576 bytes.
      </p>
      {preview.error && <ErrorPanel error={preview.error} compact />}
      {!preview.data && !preview.error && <p className="oc-dimmed">Loading…</p>}
      {preview.data && <UsageTable rows={preview.data.rows} />}
      {sending.fields}
    </ConfirmDialog>
  );
}

function UsageTable({ rows }: { rows: readonly Row[] }) {
  return (
    <PlainTable
      label="Usage figures"
      rows={rows}
      rowKey={({ serviceId }) => serviceId}
      columns={[
        [
          'Service',
          ({ productName, externalId, refusal }) => (
            <>
              {productName} <span className="oc-dimmed">#{externalId}</span>
              {refusal !== null && <div className="oc-caption">{refusal}</div>}
            </>
          ),
        ],
        ['Disk in WHMCS', ({ found }) => figure(found?.diskMb), 'figure'],
        ['Disk now', ({ wanted }) => (wanted ? figure(wanted.diskMb) : 'not sent'), 'figure'],
        ['Traffic in WHMCS', ({ found }) => figure(found?.bandwidthMb), 'figure'],
        [
          'Traffic now',
          ({ wanted }) => (wanted ? figure(wanted.bandwidthMb) : 'not sent'),
          'figure',
        ],
      ]}
    />
  );
}

import { Checkbox, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { Note } from '../../../kit/components/note.tsx';
import { optionsOf } from '../../../kit/components/options.ts';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { StateBadge, type StateTone } from '../../../kit/components/state-badge.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { BillingButton } from '../shared/billing-button.tsx';
import { useSending } from '../shared/use-sending.tsx';

type Item = CallOutput<'invoices.items'>['rows'][number];
type When = NonNullable<CallInput<'invoices.addItems'>['when']>;

const states: Record<Item['state'], [StateTone, string]> = {
  new: ['information', 'Not sent'],
  sending: ['warning', 'Sent, answer lost'],
  unknown: ['warning', 'Sent, answer lost'],
  sent: ['good', 'Sent'],
  failed: ['bad', 'Failed'],
};

const whens: { value: When; label: string }[] = optionsOf({
  noinvoice: 'Not by themselves: you invoice them in WHMCS',
  nextcron: 'At the next run of the WHMCS cron job',
  nextinvoice: 'With the client’s next invoice',
});

const isLost = ({ state }: Item) => state === 'sending' || state === 'unknown';

/** Sends the lines of a statement as billable items, in place of a draft invoice. */
export function AddItemsButton(props: { billingId: string; statementId: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <BillingButton
        billingId={props.billingId}
        sends="items"
        label="Add billable items"
        onClick={() => setOpen(true)}
      />
      {open && <AddItemsDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function AddItemsDialog(props: { billingId: string; statementId: string; onClose(): void }) {
  const { billingId, statementId, onClose } = props;
  const call = useConsole();
  const preview = useCall('invoices.items', { billingId, statementId });
  const drafts = useCall('invoices.preview', { billingId, statementIds: [statementId] });
  const why = drafts.data?.left[0]?.why;
  const isDrafted = why === 'drafted' || why === 'differs';
  const [when, setWhen] = useState<When>('noinvoice');
  const [again, setAgain] = useState(false);
  const sending = useSending(billingId);
  const rows = preview.data?.rows ?? [];
  const lost = rows.filter(isLost);
  const open = rows.filter((row) =>
    isLost(row) ? again : row.state === 'new' || row.state === 'failed',
  );
  const send = async () => {
    const of = { billingId, statementIds: [statementId], when, again };
    await call('invoices.addItems', { ...of, ...sending.input });
    notifications.show({ message: 'Sending. Tasks shows how far it is.' });
  };
  return (
    <ConfirmDialog
      verb={`Add ${formatCounted(open.length, 'billable item')}`}
      title={`Add billable items${preview.data ? ` of ${preview.data.number}` : ''}`}
      width={720}
      disabled={open.length === 0 || isDrafted || sending.locked}
      onConfirm={send}
      onClose={onClose}
    >
      <p className="oc-flush">
        Each line of the statement becomes a billable item of the client in WHMCS, in place of a
        draft invoice. WHMCS has no call that lists billable items: the console can’t verify them,
        and it sends each only once.
      </p>
      <p className="oc-flush">
        Use either draft invoices or billable items for a statement. Both would charge the customer
        twice.
      </p>
      {isDrafted && (
        <Note
          tone="warning"
          title="This statement has a draft invoice: billable items would charge the customer twice."
        />
      )}
      {preview.error && <ErrorPanel error={preview.error} compact />}
      {preview.data && <ItemsTable preview={preview.data} />}
      <Select
        label="Invoice them"
        data={whens}
        value={when}
        onChange={(value) => setWhen((value as When | null) ?? 'noinvoice')}
      />
      {lost.length > 0 && (
        <Checkbox
          label={`Send ${formatCounted(lost.length, 'item')} again whose answer was lost`}
          description="I looked in WHMCS: they are not there."
          checked={again}
          onChange={(event) => setAgain(event.currentTarget.checked)}
        />
      )}
      {sending.fields}
    </ConfirmDialog>
  );
}

function ItemsTable({ preview }: { preview: CallOutput<'invoices.items'> }) {
  const { rows, currency, minorDigits } = preview;
  return (
    <PlainTable
      label="Billable items"
      rows={rows}
      rowKey={({ line }) => line}
      columns={[
        ['Description', ({ description }) => description],
        ['Amount', ({ amount }) => formatMoney(amount, currency, minorDigits), 'figure'],
        [
          'State',
          ({ state, itemId, problem }) => (
            <>
              <StateBadge tone={states[state][0]}>{states[state][1]}</StateBadge>
              {itemId !== null && <div className="oc-caption">#{itemId}</div>}
              {problem !== null && <div className="oc-caption">{problem}</div>}
            </>
          ),
        ],
      ]}
    />
  );
}

import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { TinyButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { type PlainColumn, PlainTable } from '../../../kit/components/plain-table.tsx';
import { ShowMore } from '../../../kit/components/show-more.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { CustomerName, useClientWords } from '../shared/customer-name.tsx';
import { ChargedElsewhere } from './charged-elsewhere.tsx';
import { useMaking } from './make-statement.tsx';
import type { Month } from './months.ts';

/** Issues the statements of a month as the dialog shows them. */
export function IssueMonthDialog({ month, onClose }: { month: Month; onClose(): void }) {
  const call = useConsole();
  const { from, to, label } = month;
  // what was read is what the button issues: nothing calculates another while the dialog is open
  const [kept, setKept] = useState<Preview | null>(null);
  const preview = useCall('statements.previewAll', { from, to }, { enabled: kept === null });
  if (kept === null && preview.data && !preview.isFetching) setKept(preview.data);
  const count = preview.data?.sums.reduce((sum, { statements }) => sum + statements, 0) ?? 0;
  return (
    <ConfirmDialog
      verb={count > 0 ? `Issue ${formatCounted(count, 'statement')}` : 'Issue statements'}
      title={`Issue statements for ${label}`}
      width={640}
      disabled={count === 0 || preview.isFetching}
      onConfirm={() => call('statements.issueAll', { from, to, previewed: rowsOf(preview.data) })}
      onClose={onClose}
    >
      {preview.error && (
        <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} compact />
      )}
      <div role="status">
        {preview.isFetching && <p className="oc-dimmed">Calculating the statements…</p>}
        {preview.data && !preview.isFetching && (
          <Foretold preview={preview.data} label={label} onLeave={onClose} />
        )}
      </div>
      <p className="oc-flush">
        An issued statement has a number and never changes. Only what this preview shows is issued:
        a customer whose statement has changed by then waits for your review.
      </p>
    </ConfirmDialog>
  );
}

type Preview = CallOutput<'statements.previewAll'>;
type Item = Preview['items'][number];

const firstListed = 8;
const mostListed = 100;

/** What the operator saw of each customer, for core to hold the statements against. */
const rowsOf = (preview: Preview | undefined) =>
  (preview?.items ?? []).map(({ error: _, ...row }) => row);

/** What will be issued: how many statements, their sum in each currency, whose, and who is left out. */
function Foretold(props: { preview: Preview; label: string; onLeave(): void }) {
  const { preview, label, onLeave } = props;
  const { sums, issued, refused, withoutUser, items, elsewhere } = preview;
  const made = items.filter(({ error }) => error === null);
  const left = items.filter(({ error }) => error !== null);
  const nothing = nothingToIssue({ customers: issued + items.length, issued, label });
  return (
    <div className="oc-form">
      {sums.length === 0 && (
        <p className="oc-flush">
          {nothing ??
            'No statement can be issued yet: every customer that is left waits for a review or for statistics.'}
        </p>
      )}
      {sums.map(({ currency, minorDigits, statements, total }) => (
        <p key={currency} className="oc-flush oc-strong">
          {formatCounted(statements, 'statement')}, {formatMoney(total, currency, minorDigits)} in
          total
        </p>
      ))}
      <ChargedElsewhere elsewhere={elsewhere} onLeave={onLeave} />
      <ForetoldRows heading label="Statements to issue" items={made} onLeave={onLeave} />
      {refused > 0 && (
        <p className="oc-flush oc-strong">
          {formatCounted(refused, 'customer')} waiting for a review or for statistics:
        </p>
      )}
      <ForetoldRows label="Waiting customers" items={left} onLeave={onLeave} />
      {issued > 0 && nothing === null && (
        <p className="oc-flush">{formatCounted(issued, 'statement')} issued before: unchanged.</p>
      )}
      <WithoutUser count={withoutUser} label={label} />
    </div>
  );
}

/** Why no statement of a month is left to issue; null where one is. */
export function nothingToIssue(of: {
  customers: number;
  issued: number;
  label: string;
}): string | null {
  const { customers, issued, label } = of;
  if (customers === 0) return `No customer has a user in ${label}: there is nothing to issue.`;
  if (issued < customers) return null;
  return `Nothing is left to issue for ${label}: ${formatCounted(issued, 'customer')} with users, all with a statement.`;
}

/** Customers that no statement is about, so that every customer is in one count. */
export function WithoutUser({ count, label }: { count: number; label: string }) {
  if (count === 0) return null;
  const who = formatCounted(count, 'customer');
  return (
    <p className="oc-flush">
      {who} without a user in {label}: no statement.
    </p>
  );
}

/** Customers with the amount of their statement, or the reason why there is none yet and the way to it. */
function ForetoldRows(props: {
  label: string;
  /** Whether nothing else says above what is listed. */
  heading?: boolean;
  items: Preview['items'];
  onLeave(): void;
}) {
  const { label, heading, items, onLeave } = props;
  const [limit, setLimit] = useState(firstListed);
  if (items.length === 0) return null;
  const amount: PlainColumn<Item> = [
    'Amount',
    ({ amount: of }) => of && formatMoney(of.total, of.currency, of.minorDigits),
    'figure',
  ];
  const reason: PlainColumn<Item> = ['Reason', ({ error }) => `${error?.message} ${error?.hint}`];
  const review: PlainColumn<Item> = [
    'Actions',
    (item) => <ReviewButton item={item} onLeave={onLeave} />,
    'buttons',
  ];
  return (
    <div>
      {heading && <h3 className="oc-heading">{label}</h3>}
      <PlainTable
        label={label}
        rows={items.slice(0, limit)}
        rowKey={({ customerId }) => customerId}
        columns={[
          [
            'Customer',
            ({ customerId, name }) => (
              <CustomerName customerId={customerId} customerName={name} onLeave={onLeave} />
            ),
          ],
          ...(items[0]?.error ? [reason, review] : [amount]),
        ]}
      />
      <ShowMore
        {...{ shown: Math.min(limit, items.length), total: items.length, step: mostListed }}
        onLimit={setLimit}
        rest="The others are not shown here."
      />
    </div>
  );
}

/** Opens the statement of a customer that waits: it decides there. */
export function ReviewButton(props: {
  item: Pick<Item, 'customerId' | 'name' | 'error'>;
  onLeave?(): void;
}) {
  const { customerId, name, error } = props.item;
  const { start } = useMaking();
  const words = error?.details?.held === true ? 'Review and accept' : 'Review';
  const clientWords = useClientWords()(customerId);
  return (
    <TinyButton
      aria-label={`${words} statement of ${[name, clientWords].filter(Boolean).join(', ')}`}
      onClick={() => {
        props.onLeave?.();
        start(customerId);
      }}
    >
      {words}
    </TinyButton>
  );
}

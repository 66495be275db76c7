import { notifications } from '@mantine/notifications';
import { Fragment } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { nounOf } from '#shared/counted.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted, formatMoney } from '../../../kit/components/format.ts';
import { Note } from '../../../kit/components/note.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { BillingButton } from '../shared/billing-button.tsx';
import { CustomerWords } from '../shared/customer-name.tsx';
import classes from '../shared/customers.module.css';
import { useSending } from '../shared/use-sending.tsx';
import { ChargedTwice } from './charged-elsewhere.tsx';

type Preview = CallOutput<'invoices.preview'>;
type Sum = Preview['sums'][number];
type Left = Preview['left'][number];

const mostShown = 8;

/** Why a statement gets no draft, after how many there are. */
const reasons: Record<Left['why'], string> = {
  drafted: 'already drafted: no second draft is made',
  differs: 'drafted with a difference: compare the draft with its statement in WHMCS',
  items: 'sent as billable items: a draft would charge the customer twice',
  corrected: 'corrected: its correction is drafted instead',
  credit:
    'below what was invoiced: credit the difference in WHMCS, or delete that draft there first',
  nothing: 'with nothing to bill',
};

/** What drafting finds out: whether an invoice was deleted or corrected in the billing system. */
const isLookedAt: ReadonlySet<Left['why']> = new Set(['credit', 'differs']);

/** `225 invoices for 225 customers, 9,416.60 EUR`. */
export function draftSumWords({ invoices, customers, total, currency, minorDigits }: Sum): string {
  const whose = `${formatCounted(invoices, 'invoice')} for ${formatCounted(customers, 'customer')}`;
  return `${whose}, ${formatMoney(total, currency, minorDigits)}`;
}

/** Drafts the invoices of statements in the billing system, once each; a human publishes them there. */
export function DraftButton(props: {
  billingId: string;
  statementIds: string[];
  label?: string;
  /** Why it can't be done now. */
  refusal?: string | null;
}) {
  const { billingId, statementIds, label = 'Draft invoice', refusal = null } = props;
  const open = () =>
    openDialog((close) => <DraftDialog {...{ billingId, statementIds, label }} onClose={close} />);
  return (
    <BillingButton
      {...{ billingId, label, refusal }}
      sends="drafts"
      disabled={statementIds.length === 0}
      onClick={open}
    />
  );
}

function DraftDialog(props: {
  billingId: string;
  statementIds: string[];
  label: string;
  onClose(): void;
}) {
  const { billingId, statementIds, label, onClose } = props;
  const call = useConsole();
  const preview = useCall('invoices.preview', { billingId, statementIds });
  const sending = useSending(billingId);
  const { sums = [], left = [], notFinal, twice } = preview.data ?? {};
  const isNothing = sums.length === 0 && !left.some(({ why }) => isLookedAt.has(why));
  return (
    <ConfirmDialog
      verb={label}
      width={640}
      disabled={isNothing || sending.locked}
      onConfirm={async () => {
        await call('invoices.draft', { billingId, statementIds, ...sending.input });
        notifications.show({ message: 'Drafting. Invoices and Tasks show how far it is.' });
      }}
      onClose={onClose}
    >
      {preview.error && (
        <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} compact />
      )}
      <div role="status">
        {preview.isLoading && <p className="oc-dimmed">Adding up the statements…</p>}
        {preview.data && sums.length === 0 && <p>No draft is made.</p>}
        {sums.map((sum) => (
          <p key={sum.currency} className="oc-flush oc-strong">
            {draftSumWords(sum)} in total
          </p>
        ))}
        <LeftOut left={left} />
      </div>
      {notFinal && notFinal.statements > 0 && <NotFinal notFinal={notFinal} />}
      {twice && <ChargedTwice twice={twice} isIssued onLeave={onClose} />}
      <p className="oc-flush">
        Each draft is read back and compared with its statement; a correction bills what was not
        invoiced before. Nothing is sent to customers: publish the drafts in the billing system.
      </p>
      <p className="oc-flush">
        Use either draft invoices or billable items for a statement. Both would charge the customer
        twice.
      </p>
      {sending.fields}
    </ConfirmDialog>
  );
}

/** Statements that were issued before everything was known: their invoices may be wrong. */
function NotFinal({ notFinal: { statements, first } }: Pick<Preview, 'notFinal'>) {
  return (
    <Note
      tone="warning"
      title={`${formatCounted(statements, 'statement')} ${nounOf(statements, 'is', 'are')} not final`}
    >
      Issued as {nounOf(statements, 'a draft, its', 'drafts, their')} figures were not complete:{' '}
      <Names {...{ first, statements }} />. The notes of the {nounOf(statements, 'invoice')} say so;
      what arrives later is billed by a correction.
    </Note>
  );
}

function LeftOut({ left }: { left: readonly Left[] }) {
  if (left.length === 0) return null;
  return (
    <ul className={classes.reasons} aria-label="Without a draft">
      {left.map(({ why, statements, first }) => (
        <li key={why}>
          {formatCounted(statements, 'statement')} {reasons[why]}
          {why !== 'drafted' && (
            <>
              : <Names {...{ first, statements }} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The first of some statements by number and customer, and how many more there are. */
function Names({ first, statements }: Pick<Left, 'first' | 'statements'>) {
  const shown = first.slice(0, mostShown);
  const more = statements - shown.length;
  return (
    <>
      {shown.map(({ statementId, number, customerId, customerName }, index) => (
        <Fragment key={statementId}>
          {index > 0 && ', '}
          {number} <CustomerWords {...{ customerId, customerName }} />
        </Fragment>
      ))}
      {more > 0 && ` and ${formatCount(more)} more`}
    </>
  );
}

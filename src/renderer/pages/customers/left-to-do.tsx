import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { endedStates } from '#shared/service-states.ts';
import { whmcsPages } from '#shared/whmcs-links.ts';
import { customerPartPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatMoney } from '../../kit/components/format.ts';
import { Note } from '../../kit/components/note.tsx';
import { Day } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { WhmcsLink } from './shared/whmcs-link.tsx';

type Cancellation = CallOutput<'offboarding.get'>;
type Standing = CallOutput<'invoices.standing'>;

/** A publication in the billing system comes with no event. */
const askedAgain = 60_000;

/** What nobody but a person does in the billing system once a cancellation took its course here. */
export function LeftToDo({ of }: { of: Cancellation }) {
  const { customerId } = of;
  const customer = useCall('customers.get', { customerId }).data;
  const { statementId } = of.steps.find(({ step }) => step === 'statement') ?? {};
  const standing = useCall(
    'invoices.standing',
    { statementId: statementId ?? '' },
    { enabled: statementId !== undefined, askAgainAfter: askedAgain },
  ).data;
  const services = customer?.serviceList ?? [];
  const ending = services.filter(
    ({ serviceId, status, gone }) =>
      (of.serviceId === null || of.serviceId === serviceId) && !gone && !endedStates.has(status),
  );
  const billingId = customer?.billingId ?? '';
  const invoicing = standing ? invoicingLeft(standing, billingId) : [];
  if (ending.length === 0 && invoicing.length === 0) return null;
  return (
    <Note tone="information" title="Left to do in the billing system">
      <ul className="oc-flush">
        {ending.map(({ serviceId, productName, externalId, status, nextDueDate }) => (
          <li key={serviceId}>
            {productName}{' '}
            <WhmcsLink
              billingId={billingId}
              page={(area) => whmcsPages.service(area, customer?.externalId ?? '', externalId)}
              label={`Service ${externalId} in WHMCS`}
            >
              #{externalId}
            </WhmcsLink>{' '}
            is {status.toLowerCase()}: end it there, or it is billed on
            {nextDueDate !== null && (
              <>
                , next on <Day value={nextDueDate} unknown="—" />
              </>
            )}
            .
          </li>
        ))}
        {invoicing}
      </ul>
    </Note>
  );
}

/** What is left of invoicing a final statement, as last corrected; nothing once its invoices are published. */
function invoicingLeft(standing: Standing, billingId: string): ReactNode[] {
  const { drafts, unread } = standing;
  const invoices = drafts.flatMap((draft) => {
    const words = invoiceWords(draft.status, unread !== null);
    if (words === null) return [];
    const [before, after] = words;
    return [
      <li key={draft.invoiceId}>
        {before}{' '}
        <WhmcsLink
          billingId={billingId}
          page={(area) => whmcsPages.invoice(area, draft.invoiceId)}
          label={`Invoice ${draft.invoiceId} in WHMCS`}
        >
          #{draft.invoiceId}
        </WhmcsLink>{' '}
        of <StatementLink statementId={draft.statementId}>{draft.number}</StatementLink>
        {after}.
      </li>,
    ];
  });
  const rest = restOf(standing);
  return rest === null ? invoices : [...invoices, <li key="rest">{rest}</li>];
}

/** What of a final statement is still to be drafted, credited or looked at; null: nothing. */
function restOf({ statementId, number, left, drafts, canDraft, ...of }: Standing): ReactNode {
  const { currency, minorDigits, open } = of;
  const statement = <StatementLink {...{ statementId }}>{number}</StatementLink>;
  const amount = formatMoney(String(open).replace('-', ''), currency, minorDigits);
  if (left === 'credit') {
    return (
      <>
        Credit {amount} there: {statement} comes to less than what was invoiced before.
      </>
    );
  }
  if (left === 'differs') return <>Compare the last invoice with {statement}: they differ.</>;
  if (left === 'items') return <>See that the billable items of {statement} are invoiced there.</>;
  if (left !== null) return null;
  if (!canDraft) {
    return (
      <>
        If it is not invoiced yet, invoice {statement} there, of {amount}.
      </>
    );
  }
  if (drafts.length === 0) {
    return <>Draft the invoice of {statement}, the final statement, here, and publish it there.</>;
  }
  return (
    <>
      Draft the invoice of {statement} here, {amount} more than before, and publish it there.
    </>
  );
}

/** What is to be done with an invoice: words before and after its name; null once it is published. */
function invoiceWords(status: string | null, isUnread: boolean): [string, string] | null {
  if (isUnread) return ['If it is not published yet, publish invoice', ' there'];
  if (status === null) return ['Invoice', ' was deleted there: see that it is billed'];
  if (status === 'Draft') return ['Publish invoice', ' there: it is a draft'];
  return status === 'Cancelled' ? ['Invoice', ' was cancelled there: see that it is billed'] : null;
}

function StatementLink({ statementId, children }: { statementId: string; children: ReactNode }) {
  const cluster = useCluster();
  return (
    <Link to={`${customerPartPath(cluster.id, 'statements')}?open=${statementId}`}>{children}</Link>
  );
}

/** Leads from the page of a customer that was cancelled here to that cancellation. */
export function useEndedCancellation(customerId: string, isCancelled: boolean) {
  const query = { customerId, state: 'finished' as const, limit: 1 };
  return useCall('offboarding.list', query, { enabled: isCancelled }).data?.rows[0];
}

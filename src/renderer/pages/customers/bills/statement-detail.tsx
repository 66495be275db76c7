import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { IssuedFacts, SinceIssued } from '../../../changes/statements/issued-statement.tsx';
import { customerPartPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatMoney } from '../../../kit/components/format.ts';
import { DetailSection } from '../../../kit/detail/detail.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { ExportMenu, exportFormats } from '../../../lists/list-page/export-menu.tsx';
import { CustomerWords } from '../shared/customer-name.tsx';
import classes from '../shared/customers.module.css';
import { AddItemsButton } from './add-items.tsx';
import { ChargedTwice } from './charged-elsewhere.tsx';
import { DraftButton } from './draft-dialog.tsx';
import { AcceptedLines, StatementBody } from './statement-body.tsx';
import { TakeBacks } from './take-back.tsx';

/** One issued statement: record, lines, and what has changed since. */
export function StatementDetail({ statementId }: { statementId: string }) {
  const call = useConsole();
  const kept = useCall('statements.get', { statementId });
  const corrections = useCall('statements.corrections', { statementId });
  if (kept.error) return <ErrorPanel error={kept.error} compact />;
  if (!kept.data) return <p className="oc-dimmed">Loading…</p>;
  const { issued, statement } = kept.data;
  const { number, total, currency, minorDigits, customerId, customerName = '' } = issued;
  return (
    <article>
      <h2 className="oc-heading">
        {number}, <CustomerWords {...{ customerId, customerName }} />
      </h2>
      <p className={classes.total}>
        <strong className="oc-number">{formatMoney(total, currency, minorDigits)}</strong>
      </p>
      <IssuedFacts kept={kept.data} />
      <div className={classes.tools}>
        <ExportMenu
          formats={formats}
          run={(format) => call('statements.exportIssued', { statementId, format })}
        />
        {statement.customer && (
          <Invoicing
            customerId={statement.customer.customerId}
            billingId={statement.customer.billingId}
            statementId={statementId}
          />
        )}
      </div>
      <DetailSection title="Since it was issued">
        {corrections.error && <ErrorPanel error={corrections.error} compact />}
        {corrections.data ? (
          <SinceIssued
            corrections={corrections.data}
            note="Its draft invoice bills what was not invoiced before. If it comes to less, credit the difference in the billing system: WHMCS has no call that does."
          />
        ) : (
          !corrections.error && <span className="oc-dimmed">Comparing…</span>
        )}
        {issued.correctedBy === null && <TakeBacks {...{ statementId, statement }} />}
      </DetailSection>
      <DetailSection title="Charges">
        <AcceptedLines held={statement.held} />
        <StatementBody statement={statement} />
      </DetailSection>
    </article>
  );
}

/** Why no draft of a statement can be made. */
const refusals: Partial<Record<CallOutput<'invoices.preview'>['left'][number]['why'], string>> = {
  items: 'Sent as billable items: a draft invoice would charge the customer twice.',
  corrected: 'Corrected: draft the invoice of its correction.',
  nothing: 'It has nothing to bill.',
};

/** The draft invoice of a statement, or the ways to bill it in the billing system. */
function Invoicing(of: { customerId: string; billingId: string; statementId: string }) {
  const { customerId, billingId, statementId } = of;
  const cluster = useCluster();
  const invoices = useCall('invoices.list', { customerId, billingId, limit: 500 });
  const preview = useCall('invoices.preview', { billingId, statementIds: [statementId] });
  if (invoices.error) return <ErrorPanel error={invoices.error} compact />;
  if (!invoices.data) return null;
  const made = invoices.data.rows.find((row) => row.statementId === statementId);
  const twice = preview.data && <ChargedTwice twice={preview.data.twice} isIssued />;
  if (made?.invoiceId) {
    const { invoiceId } = made;
    const list = `${customerPartPath(cluster.id, 'invoices')}?of=all&q=${encodeURIComponent(invoiceId)}`;
    return (
      <>
        <span>
          Draft invoice <Link to={list}>#{invoiceId}</Link>
        </span>
        {twice}
      </>
    );
  }
  const left = preview.data?.left[0]?.why;
  const refusal = (left && refusals[left]) ?? null;
  return (
    <>
      <DraftButton {...{ billingId, refusal }} statementIds={[statementId]} />
      {left !== 'corrected' && <AddItemsButton {...{ billingId, statementId }} />}
      {twice}
    </>
  );
}

const formats = [{ value: 'pdf', label: 'PDF' } as const, ...exportFormats];

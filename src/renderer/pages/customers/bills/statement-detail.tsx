import { notifications } from '@mantine/notifications';
import { Link } from 'react-router';
import { IssuedFacts, SinceIssued } from '../../../changes/statements/issued-statement.tsx';
import { customerPartPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatMoney } from '../../../kit/components/format.ts';
import { DetailSection } from '../../../kit/detail/detail.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { ExportMenu, exportFormats } from '../../../lists/list-page/export-menu.tsx';
import classes from '../shared/customers.module.css';
import { AddItemsButton } from './add-items.tsx';
import { AcceptedLines, StatementBody } from './statement-body.tsx';

/** One issued statement: record, lines, and what has changed since. */
export function StatementDetail({ statementId }: { statementId: string }) {
  const call = useConsole();
  const kept = useCall('statements.get', { statementId });
  const corrections = useCall('statements.corrections', { statementId });
  if (kept.error) return <ErrorPanel error={kept.error} compact />;
  if (!kept.data) return <p className="oc-dimmed">Loading…</p>;
  const { issued, statement } = kept.data;
  const { number, total, currency, minorDigits, customerName = '' } = issued;
  return (
    <article>
      <h2 className="oc-heading">
        {number}, {customerName}
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
      </DetailSection>
      <DetailSection title="Charges">
        <AcceptedLines held={statement.held} />
        <StatementBody statement={statement} />
      </DetailSection>
    </article>
  );
}

/** The draft invoice of a statement, or the ways to bill it in the billing system. */
function Invoicing(of: { customerId: string; billingId: string; statementId: string }) {
  const { customerId, billingId, statementId } = of;
  const cluster = useCluster();
  const invoices = useCall('invoices.list', { customerId, billingId, limit: 500 });
  if (invoices.error) return <ErrorPanel error={invoices.error} compact />;
  if (!invoices.data) return null;
  const made = invoices.data.rows.find((row) => row.statementId === statementId);
  if (made?.invoiceId) {
    return (
      <span>
        Draft invoice <Link to={customerPartPath(cluster.id, 'invoices')}>#{made.invoiceId}</Link>
      </span>
    );
  }
  return (
    <>
      <DraftButton billingId={billingId} statementIds={[statementId]} />
      <AddItemsButton billingId={billingId} statementId={statementId} />
    </>
  );
}

const formats = [{ value: 'pdf', label: 'PDF' } as const, ...exportFormats];

/** Drafts the invoices of statements in the billing system, once each; a human publishes them there. */
export function DraftButton(props: { billingId: string; statementIds: string[]; label?: string }) {
  const { billingId, statementIds, label = 'Draft invoice' } = props;
  const call = useConsole();
  const open = () =>
    openDialog((close) => (
      <ConfirmDialog
        verb={label}
        width={520}
        onConfirm={async () => {
          await call('invoices.draft', { billingId, statementIds });
          notifications.show({ message: 'Drafting. Tasks shows how far it is.' });
        }}
        onClose={close}
      >
        <p className="oc-flush">
          Each statement gets one draft invoice in the billing system, which is read back and
          compared with it. A statement that has a draft gets no second one; a correction gets one
          of what was not invoiced before. Nothing is sent to customers: publish the drafts in the
          billing system.
        </p>
      </ConfirmDialog>
    ));
  return (
    <SmallButton disabled={statementIds.length === 0} onClick={open}>
      {label}
    </SmallButton>
  );
}

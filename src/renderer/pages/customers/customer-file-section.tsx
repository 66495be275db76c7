import { useState } from 'react';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { Backups } from '../../kit/components/backups.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import classes from './shared/customers.module.css';

/** The backups of the file of customers, for the Settings page; each can take the file's place. */
export function CustomerFileSection() {
  const call = useConsole();
  const { data, error, refetch } = useCall('customers.backups', {});
  const [restoring, setRestoring] = useState<string | null>(null);
  const backUp = async () => {
    await call('customers.backUp', {});
    await refetch();
  };
  return (
    <section aria-label="Customers">
      <div className={classes.checkHead}>
        <h3 className="oc-heading">Customers</h3>
        <span className="oc-dimmed">customers.sqlite: mappings, plans, statements, invoices</span>
        <ActionButton work={backUp}>Back up now</ActionButton>
      </div>
      {error && <ErrorPanel error={error} compact onRetry={() => void refetch()} />}
      {data?.length === 0 && <p className="oc-dimmed">No backups yet. One is taken every day.</p>}
      {data && data.length > 0 && (
        <Backups
          label="Backups of the file of customers"
          backups={data}
          onRestore={({ fileName }) => setRestoring(fileName)}
        />
      )}
      {restoring !== null && (
        <ConfirmDialog
          verb="Restore backup"
          subject="of customers"
          destructive
          typedName="customers"
          onClose={() => setRestoring(null)}
          onConfirm={() => call('customers.restore', { fileName: restoring })}
        >
          <p className="oc-flush">
            Customers, mappings, plans, statements and invoices become what they were then. The file
            that is there now is kept among the backups.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}

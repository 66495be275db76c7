import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { billingPath } from '../../kit/addresses.ts';
import { QuietButton, SmallButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { EnvironmentBadge } from '../../kit/components/environment-badge.tsx';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { GuardChip } from '../../kit/components/guard-chip.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useAction } from '../../kit/use-action.ts';
import classes from './connections.module.css';

type Billing = CallOutput<'billing.list'>[number];

export function BillingSystems() {
  const query = useCall('billing.list', {});
  const systems = query.data ?? [];
  return (
    <section className={classes.billing} aria-label="Billing systems">
      <div className={classes.billingHead}>
        <h2 className={classes.legend}>Billing systems</h2>
        <SmallButton component={Link} to={billingPath('new')} leftSection={<IconPlus size={14} />}>
          Add a billing system
        </SmallButton>
      </div>
      <CallError call={query} />
      {query.data?.length === 0 && (
        <p className="oc-dimmed">
          Connect WHMCS, or select a table of customers, to see who pays for which user.
        </p>
      )}
      {systems.length > 0 && (
        <table className={`${classes.table} oc-stacks`}>
          <thead>
            <tr>
              <th>Billing system</th>
              <th>Kind</th>
              <th>Customers</th>
              <th>Read</th>
              <th>
                <span className="oc-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {systems.map((system) => (
              <BillingRow key={system.id} system={system} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function BillingRow({ system }: { system: Billing }) {
  const call = useConsole();
  const { running: busy, error, run } = useAction();
  const [removing, setRemoving] = useState(false);
  const refresh = () => run(() => call('billing.refresh', { id: system.id }));
  return (
    <tr>
      <td>
        {system.demo ? (
          system.name
        ) : (
          <Link to={billingPath(system.id)} className={classes.clusterLink}>
            {system.name}
          </Link>
        )}
        <div className="oc-caption">{system.url ?? 'Table of customers'}</div>
        {error && <ErrorPanel error={error} compact />}
      </td>
      <td data-label="Kind">
        {system.kind === 'whmcs' ? 'WHMCS' : 'File'}
        {system.demo && <div className="oc-caption">Demo, gone when the console closes</div>}
        {system.environment && (
          <div>
            <EnvironmentBadge environment={system.environment} />
          </div>
        )}
        <div>
          <GuardChip of={system} domain="billing" />
        </div>
        {system.pinAlarm && (
          <StateBadge tone="bad">Another certificate than the pinned one</StateBadge>
        )}
      </td>
      <td data-label="Customers">
        {formatCounted(system.customers, 'customer')}
        <div className="oc-caption">{formatCounted(system.services, 'service')}</div>
      </td>
      <td data-label="Read">
        {system.asOf === null ? 'Not yet' : <Time value={system.asOf} as="age" />}
        {system.problem && !error && (
          <div title={`${system.problem.message} ${system.problem.hint}`}>
            <StateBadge tone="bad">Last refresh failed</StateBadge>
          </div>
        )}
      </td>
      <td className={classes.actions}>
        <div className={classes.rowActions}>
          <SmallButton
            loading={busy}
            aria-label={`Refresh ${system.name}`}
            onClick={() => void refresh()}
          >
            Refresh
          </SmallButton>
          <QuietButton aria-label={`Remove ${system.name}`} onClick={() => setRemoving(true)}>
            Remove
          </QuietButton>
        </div>
        {removing && (
          <ConfirmDialog
            verb="Remove billing system"
            destructive
            onConfirm={() => call('billing.remove', { id: system.id })}
            onClose={() => setRemoving(false)}
          >
            <p className="oc-flush">
              <b>{system.name}</b> and its secrets are removed from the console. Its customers are
              no longer listed as paying; statements, invoices and mapped users stay on record, and
              are back once the same system is added again. Nothing changes in it.
            </p>
          </ConfirmDialog>
        )}
      </td>
    </tr>
  );
}

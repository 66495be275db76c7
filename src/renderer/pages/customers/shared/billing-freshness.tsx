import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { TinyButton } from '../../../kit/components/buttons.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import classes from './customers.module.css';

type Billing = CallOutput<'billing.list'>[number];

/** Shows how old the data of each billing system is, and why one can't be read. */
export function BillingFreshness({ systems }: { systems: readonly Billing[] }) {
  if (systems.length === 0) return null;
  return (
    <ul aria-label="Billing systems" className={classes.freshness}>
      {systems.map((system) => (
        <SystemFreshness key={system.id} system={system} />
      ))}
    </ul>
  );
}

/**
 * Names the billing systems whose last reading failed, where a page shows what was read before.
 * @param props.unread those that were never read too, where a page compares with them
 */
export function BillingTrouble({ unread = false }: { unread?: boolean }) {
  const systems = useCall('billing.list', {}).data ?? [];
  const named = systems.filter(({ problem, asOf }) => problem || (unread && asOf === null));
  return <BillingFreshness systems={named} />;
}

function SystemFreshness({ system }: { system: Billing }) {
  const call = useConsole();
  const [busy, setBusy] = useState(false);
  const { id, name, asOf, problem } = system;
  const refresh = async () => {
    setBusy(true);
    // why it fails comes with the list of billing systems
    await call('billing.refresh', { id }).catch(() => undefined);
    setBusy(false);
  };
  return (
    <li>
      <b>{name}</b>
      {problem && <StateBadge tone="bad">Last refresh failed</StateBadge>}
      <span>
        {asOf === null ? (
          'No data yet'
        ) : (
          <>
            Data of <Time value={asOf} />, <Time value={asOf} as="age" />
          </>
        )}
      </span>
      <TinyButton loading={busy} onClick={() => void refresh()}>
        {problem ? `Try ${name} again` : `Refresh ${name}`}
      </TinyButton>
      {problem && (
        <span role="alert" className={classes.problem}>
          {problem.message} {problem.hint} <span className="oc-dimmed">Tried</span>{' '}
          <Time value={problem.at} as="age" />
        </span>
      )}
    </li>
  );
}

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

/** Names the billing systems that were never read, or whose last reading failed. */
export function BillingTrouble() {
  const systems = useCall('billing.list', {}).data ?? [];
  return (
    <BillingFreshness systems={systems.filter(({ problem, asOf }) => problem || asOf === null)} />
  );
}

/**
 * Why what is known of customers and services is not complete; null where every billing system was read.
 * What failed is said above by {@link BillingFreshness}.
 */
export function useUnread(): string | null {
  const systems = useCall('billing.list', {}).data ?? [];
  const unread = systems.filter(({ asOf }) => asOf === null);
  return unread.length === 0 ? null : unread.map(unreadWords).join(' ');
}

function unreadWords({ name, refreshing, problem }: Billing): string {
  if (refreshing) return `${name} is being read for the first time.`;
  return problem ? `${name} could not be read.` : `${name} was not read yet.`;
}

function SystemFreshness({ system }: { system: Billing }) {
  const call = useConsole();
  const [busy, setBusy] = useState(false);
  const { id, name, asOf, problem, refreshing = false } = system;
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
          refreshing ? (
            'Being read for the first time: what is shown of it is not complete'
          ) : (
            'No data yet'
          )
        ) : (
          <>
            Data of <Time value={asOf} />, <Time value={asOf} as="age" />
          </>
        )}
      </span>
      <TinyButton loading={busy || refreshing} onClick={() => void refresh()}>
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

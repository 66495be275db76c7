import { Tooltip } from '@mantine/core';
import { useCall } from '../../api/use-call.ts';
import { useCluster } from '../../app/cluster-context.tsx';
import { useWriteGuard } from '../../app/use-write-guard.ts';
import { GuardedButton } from '../../components/guarded-button.tsx';
import { Time } from '../../components/time.tsx';
import { openDefaultQuota } from './default-quota-dialog.tsx';
import { LimitValue } from './limit-value.tsx';
import classes from './limits.module.css';

const names = { user: 'Default of every user', bucket: 'Default of every bucket' } as const;

/** One of the two default quotas: its value, its age, and the way to change it. */
function DefaultQuota({ of }: { of: 'user' | 'bucket' }) {
  const cluster = useCluster();
  const guard = useWriteGuard();
  const query = useCall('quotas.get', { connectionId: cluster.id, target: { default: of } });
  const value = query.data ? (query.data.set ? query.data.sizeGb : null) : undefined;
  return (
    <div className={classes.strip}>
      <span className="oc-dimmed">{names[of]}</span>
      {query.error ? (
        <Tooltip label={`${query.error.message} ${query.error.hint}`}>
          <span className="oc-faint">not known</span>
        </Tooltip>
      ) : (
        query.data && <LimitValue value={value} unit="GB" unset="No default quota is set." />
      )}
      {query.data?.source === 'snapshot' && (
        <span className="oc-faint">
          read <Time value={query.data.asOf} as="age" />
        </span>
      )}
      <GuardedButton
        size="compact-sm"
        variant="default"
        label={`Edit: ${names[of].toLowerCase()}`}
        reason={guard.unlockable ? null : guard.reason}
        onClick={() => openDefaultQuota(of, value ?? null)}
      >
        Edit
      </GuardedButton>
    </div>
  );
}

/** The two default quotas, above the grid. */
export function DefaultQuotas() {
  return (
    <>
      <DefaultQuota of="user" />
      <DefaultQuota of="bucket" />
    </>
  );
}

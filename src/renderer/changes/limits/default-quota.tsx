import { useCluster } from '../../kit/cluster-context.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { EditButton } from './edit-button.tsx';
import { openEditQuota } from './edit-quota.tsx';
import { QuotaValue } from './limit-value.tsx';
import classes from './limits.module.css';

/**
 * The default quota of all users or all buckets with a button to change it: on the Limits & quotas page
 * and wherever it is what applies.
 */
export function DefaultQuota({ of }: { of: 'user' | 'bucket' }) {
  const { id: connectionId } = useCluster();
  const target = { default: of } as const;
  const { data, error } = useCall('quotas.get', { connectionId, target });
  return (
    <span className={classes.value}>
      <span className="oc-dimmed">Default of every {of}:</span>
      {data ? (
        <QuotaValue quota={data} />
      ) : (
        <span className="oc-faint" title={error ? `${error.message} ${error.hint}` : undefined}>
          not read
        </span>
      )}
      {data?.source === 'snapshot' && (
        <span className="oc-faint">
          as read <Time value={data.asOf} as="age" />
        </span>
      )}
      {data && <EditButton label="Edit default" onClick={() => openEditQuota(target, data)} />}
    </span>
  );
}

import type { WireInteger } from '#shared/units.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes } from '../../kit/components/bytes.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { QuotaTarget } from './limit-value.tsx';
import classes from './limits.module.css';
import { QuotaBar } from './quota-bar.tsx';

/**
 * Shows what a user or bucket stores and transfers now, as last seen, above a form that limits it.
 * @param props.sizeGb the quota there is
 */
export function CurrentUse(props: { target: QuotaTarget; sizeGb: WireInteger | null }) {
  const { target, sizeGb } = props;
  const { id: connectionId } = useCluster();
  const page = { connectionId, offset: 0, limit: 1 };
  const user = 'user' in target ? target.user : undefined;
  const bucket = 'bucket' in target ? target.bucket : undefined;
  const users = useCall(
    'users.list',
    { ...page, ...(user === undefined ? {} : { only: user }) },
    { enabled: user !== undefined },
  );
  const buckets = useCall(
    'buckets.list',
    { ...page, ...(bucket === undefined ? {} : { only: bucket }) },
    { enabled: bucket !== undefined },
  );
  const ofUser = users.data?.rows[0];
  const bytes = (ofUser ?? buckets.data?.rows[0])?.currentBytes ?? null;
  if (bytes === null) return null;
  return (
    <div className={classes.value}>
      <span>
        Stores <Bytes value={bytes} source="as last listed" />
      </span>
      <QuotaBar bytes={bytes} sizeGb={sizeGb} />
      {ofUser?.traffic && (
        <span className="oc-dimmed">
          <Bytes value={ofUser.traffic.bytes} source="statistics" /> of traffic in 30 days
        </span>
      )}
    </div>
  );
}

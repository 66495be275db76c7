import { Link } from 'react-router';
import { bucketPath, clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, NotCounted } from '../../kit/components/bytes.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import classes from '../../kit/detail/detail.module.css';
import type { User } from '../../kit/detail/sections.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';

const shownBuckets = 8;

/** The largest buckets of a user. */
export function Buckets({ subject: user }: { subject: User }) {
  const cluster = useCluster();
  const query = useCall('buckets.list', {
    connectionId: cluster.id,
    ownerId: user.userId,
    sort: { by: 'currentBytes', descending: true },
    offset: 0,
    limit: shownBuckets,
  });
  if (query.error) {
    return <ErrorPanel error={query.error} compact onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return null;
  const { rows, total } = query.data;
  if (total === 0 && user.bucketCount === null) {
    return (
      <p className={classes.note}>
        This user is newer than the bucket list. Refresh to count its buckets.
      </p>
    );
  }
  if (total === 0) return <p className={classes.note}>This user owns no bucket.</p>;
  return (
    <>
      {rows.map((bucket) => (
        <div key={bucket.name} className={classes.row}>
          <Link
            className={`${classes.rowText} oc-truncate`}
            to={bucketPath(cluster.id, bucket.name)}
          >
            {bucket.name}
          </Link>
          <Bytes value={bucket.currentBytes} source="from the bucket list" />
        </div>
      ))}
      {total > rows.length && (
        <Link
          className={classes.more}
          to={`${clusterPath(cluster.id, 'buckets')}?owner=${user.userId}&sort=-currentBytes`}
        >
          All {formatCounted(total, 'bucket')}
        </Link>
      )}
    </>
  );
}

/** How many buckets the user owns. */
export function BucketCount({ subject: user }: { subject: User }) {
  if (user.bucketCount === null) return <NotCounted />;
  return <span className="oc-number">{formatCount(user.bucketCount)}</span>;
}

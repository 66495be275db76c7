import { Link } from 'react-router';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import detail from '../../../kit/detail/detail.module.css';
import { useNow } from '../../../kit/use-now.ts';
import { presetSpan } from '../period/period.ts';
import { StorageChart } from '../storage/storage-chart.tsx';
import { StorageFacts } from '../storage/storage-facts.tsx';
import { type StorageSubject, useStorageHistory } from '../storage/use-history.ts';
import classes from './sections.module.css';

const hour = 3_600_000;

/** Size over the last 30 days: growth, GiB-hours, days to quota. */
export function StorageSection({ of }: { of: StorageSubject }) {
  const cluster = useCluster();
  const now = Math.floor(useNow(60_000) / hour) * hour;
  const span = presetSpan('last-30-days', now, 'utc');
  const { query, quotaGb, quotaBytes } = useStorageHistory(of, span);
  if (query.error) {
    return <ErrorPanel error={query.error} compact onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return null;
  const parameters = new URLSearchParams();
  if (of.userId !== null) parameters.set('user', of.userId);
  if (of.bucket !== null) parameters.set('bucket', of.bucket);
  return (
    <>
      {query.data.points.length > 1 && query.data.lastBytes !== 0 && (
        <div className={classes.storage}>
          <StorageChart history={query.data} span={span} quotaBytes={quotaBytes} />
        </div>
      )}
      {query.data.points.length === 0 ? (
        <p className={detail.note}>
          No sizes were recorded in the last 30 days; each refresh records them.
        </p>
      ) : (
        <StorageFacts history={query.data} quotaGb={quotaGb} />
      )}
      <Link
        className={detail.more}
        to={`${clusterPath(cluster.id, 'usage/storage')}?${parameters}`}
      >
        Storage history
      </Link>
    </>
  );
}

import { Link } from 'react-router';
import { clusterPath, journalPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { Time } from '../../kit/components/time.tsx';
import classes from '../../kit/detail/detail.module.css';
import { useCall } from '../../kit/rpc/use-call.ts';
import { changeWords } from './journal-entry.tsx';
import { ResultBadge } from './result-badge.tsx';

/** The last writes of this console to one target, or to the cluster, each with its entry. */
export function History({ targetId, shown = 6 }: { targetId?: string; shown?: number }) {
  const { id: connectionId } = useCluster();
  const filter = targetId === undefined ? {} : { targetId };
  const query = useCall('journal.list', { connectionId, filter, offset: 0, limit: shown });
  if (query.error) {
    return <ErrorPanel error={query.error} compact onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return null;
  const { rows, total } = query.data;
  if (total === 0) {
    return <p className={classes.note}>This console has not changed anything here.</p>;
  }
  return (
    <>
      {rows.map((row) => (
        <div key={row.journalId} className={classes.row}>
          <Link
            className={`${classes.rowText} oc-truncate`}
            to={journalPath(connectionId, row.journalId)}
            title={changeWords(row)}
          >
            {row.title}
            {targetId === undefined && `: ${row.target.name}`}
          </Link>
          <ResultBadge result={row.result} />
          <Time value={row.at} as="age" />
        </div>
      ))}
      {total > rows.length && (
        <Link
          className={classes.more}
          to={
            targetId === undefined
              ? clusterPath(connectionId, 'journal')
              : `${clusterPath(connectionId, 'journal')}?target=${encodeURIComponent(targetId)}`
          }
        >
          All {formatCounted(total, 'entry')}
        </Link>
      )}
    </>
  );
}

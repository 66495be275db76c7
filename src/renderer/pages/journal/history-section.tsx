import { Link } from 'react-router';
import type { CallInput } from '#shared/contract/index.ts';
import { changeWords } from '../../changes/operation/reverse-entry.tsx';
import { clusterPath, journalPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { Time } from '../../kit/components/time.tsx';
import classes from '../../kit/detail/detail.module.css';
import { useCall } from '../../kit/rpc/use-call.ts';
import { ResultBadge } from './result-badge.tsx';

type Filter = NonNullable<CallInput<'journal.list'>['filter']>;

/** The last writes of this console to one target, or to the cluster, each with its entry. */
export function History({ targetId, shown = 6 }: { targetId?: string; shown?: number }) {
  return (
    <Entries
      filter={targetId === undefined ? {} : { targetId }}
      search={targetId === undefined ? '' : `?target=${encodeURIComponent(targetId)}`}
      shown={shown}
      named={targetId === undefined}
      empty="This console has not changed anything here."
    />
  );
}

/**
 * The newest entries that match a filter, and the way to all of them.
 * @param props.search the part of the Journal page's address that shows all of them
 * @param props.named whether each says its target
 */
export function Entries(props: {
  filter: Filter;
  search: string;
  shown: number;
  named: boolean;
  empty: string;
}) {
  const { id: connectionId } = useCluster();
  const { filter, shown } = props;
  const query = useCall('journal.list', { connectionId, filter, offset: 0, limit: shown });
  if (query.error) return <CallError call={query} compact />;
  if (!query.data) return null;
  const { rows, total } = query.data;
  if (total === 0) return <p className={classes.note}>{props.empty}</p>;
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
            {props.named && `: ${row.target.name}`}
          </Link>
          <ResultBadge result={row.result} />
          <Time value={row.at} as="age" />
        </div>
      ))}
      {total > rows.length && (
        <Link
          className={classes.more}
          to={`${clusterPath(connectionId, 'journal')}${props.search}`}
        >
          All {formatCounted(total, 'entry')}
        </Link>
      )}
    </>
  );
}

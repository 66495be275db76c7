import { Link } from 'react-router';
import { runPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Time } from '../../kit/components/time.tsx';
import detail from '../../kit/detail/detail.module.css';
import { DetailSection, Fact, Facts } from '../../kit/detail/detail.tsx';
import { DetailInstead } from '../../kit/detail/detail-page.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { Entries } from './history-section.tsx';
import classes from './journal.module.css';
import { RunResults } from './result-badge.tsx';

const shownEntries = 50;

/** All entries of one run: how they ended, and the way to the run, which can be reversed as a whole. */
export function RunEntry({ runId }: { runId: string }) {
  const { id: connectionId } = useCluster();
  const filter = { runId };
  const query = useCall('journal.list', { connectionId, filter, folded: true, limit: 1 });
  const row = query.data?.rows[0];
  if (query.data && !row)
    return <p className={classes.gone}>The journal has no entry of this run.</p>;
  if (!row?.run) return <DetailInstead query={query} what="run" name={runId} />;
  return (
    <article>
      <header className={detail.head}>
        <h2 className={detail.name}>{row.run.title}</h2>
        <div className={detail.facts}>
          <RunResults run={row.run} />
        </div>
        <Link to={runPath(connectionId, runId)}>Open the run</Link>
      </header>
      <DetailSection title="Who and when">
        <Facts>
          <Fact name="Last entry">
            <Time value={row.at} />
          </Fact>
          <Fact name="Operator">{row.operator}</Fact>
          <Fact name="Ticket or reason">{row.ticket ?? 'none given'}</Fact>
          <Fact name="Connection">{row.connectionName}</Fact>
        </Facts>
      </DetailSection>
      <DetailSection title="Entries">
        <Entries
          filter={filter}
          search={`?run=${encodeURIComponent(runId)}`}
          shown={shownEntries}
          named
          empty="The journal has no entry of this run."
        />
      </DetailSection>
    </article>
  );
}

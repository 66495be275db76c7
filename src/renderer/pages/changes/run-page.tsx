import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Link, useParams } from 'react-router';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRun } from '../../changes/bulk/change-values.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { RunActions } from './run-actions.tsx';
import { RunNotes } from './run-notes.tsx';
import { RunProgress } from './run-progress.tsx';
import { RunRecheck } from './run-recheck.tsx';
import { RunRows } from './run-rows.tsx';
import { BackToRuns } from './run-words.tsx';

/** One bulk run: its preview, its progress while it runs, its result afterwards. */
export function RunPage() {
  const { runId = '' } = useParams();
  return <Run key={runId} runId={runId} />;
}

function Run({ runId }: { runId: string }) {
  const { query, task, atWork, recheck, rechecking } = useRun(runId);
  const run = query.data;
  return (
    <div className="oc-page">
      <PageBar
        title={run?.title ?? 'Bulk change'}
        count={run?.total ?? null}
        before={<BackToRuns />}
        primaryAction={run && <RunActions run={run} busy={atWork || rechecking} />}
      />
      {query.error && (
        <div className="oc-state">
          <CallError call={query} />
        </div>
      )}
      {run && (
        <>
          {atWork && task && <RunProgress task={task} />}
          <RunFigures run={run} />
          {!atWork && recheck && <RunRecheck task={recheck} />}
          {!atWork && <RunNotes run={run} task={task} />}
          <RunRows run={run} />
        </>
      )}
    </div>
  );
}

const renewEvery = 1000;
const ofRuns: ReadonlySet<unknown> = new Set(['bulk.get', 'bulk.rows']);

/** One bulk run with its task; while it runs it is read again every second. */
function useRun(runId: string) {
  const { id: connectionId } = useCluster();
  const client = useQueryClient();
  const query = useCall('bulk.get', { connectionId, runId });
  const tasks = useCall('tasks.list', {}).data ?? [];
  const task = tasks.find(({ kind, about }) => kind === 'bulk.apply' && about === runId) ?? null;
  const recheck =
    tasks.find(({ kind, about }) => kind === 'bulk.recheck' && about === runId) ?? null;
  const rechecking = recheck !== null && recheck.endedAt === null;
  const atWork = task !== null && task.endedAt === null;
  useEffect(() => {
    const renew = () =>
      void client.invalidateQueries({
        queryKey: [connectionId],
        predicate: ({ queryKey }) => ofRuns.has(queryKey[1]),
      });
    // Also once when it has just begun or ended.
    renew();
    if (!atWork && !rechecking) return;
    const timer = setInterval(renew, renewEvery);
    return () => clearInterval(timer);
  }, [client, connectionId, atWork, rechecking]);
  return { query, task, atWork, recheck, rechecking };
}

function Figure(props: { name: string; value: number; show?: string; children?: ReactNode }) {
  const { name, value, show } = props;
  const words = formatCount(value);
  return (
    <div className={classes.figure}>
      <div className="oc-hint">{name}</div>
      <div className={`oc-number ${classes.figureValue}`}>
        {show === undefined || value === 0 ? words : <Link to={`?show=${show}`}>{words}</Link>}
      </div>
      <div className="oc-caption">{props.children}</div>
    </div>
  );
}

/** The run in figures: what it would do, afterwards the results of its rows. */
function RunFigures({ run }: { run: BulkRun }) {
  const { counts } = run;
  if (run.state === 'previewed') {
    return (
      <div className={classes.figures}>
        <Figure name="To change" value={(counts.pending ?? 0) - run.unchanged} show="todo">
          of {formatCounted(run.tenants, 'target')}
        </Figure>
        <Figure name="Unchanged" value={run.unchanged} show="skipped">
          nothing to send
        </Figure>
        <Figure name="Skipped" value={counts.refused ?? 0} show="refused">
          {counts.refused ? 'see why' : 'none'}
        </Figure>
        <Figure name="Requests" value={run.requests}>
          {formatCounted(run.writes, 'write')}, the rest reads before and after
        </Figure>
      </div>
    );
  }
  return (
    <div className={classes.figures}>
      <Figure name="Done and verified" value={counts.verified ?? 0} show="verified">
        read back
      </Figure>
      <Figure name="Not confirmed" value={counts.sent ?? 0} show="sent">
        sent, not seen
      </Figure>
      <Figure name="Failed" value={counts.failed ?? 0} show="failed">
        can be retried
      </Figure>
      <Figure name="Unchanged" value={counts.unchanged ?? 0} show="unchanged">
        nothing to send
      </Figure>
      <Figure name="Skipped" value={counts.refused ?? 0} show="refused">
        {counts.refused ? 'see why' : 'none'}
      </Figure>
      <Figure name="To do" value={(counts.pending ?? 0) + (counts.sending ?? 0)} show="todo">
        of {formatCounted(run.total, 'row')}
      </Figure>
    </div>
  );
}

import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRun } from '../../changes/bulk/sources.ts';
import { ImpactWords } from '../../changes/operation/impact-facts.tsx';
import operation from '../../changes/operation/operation.module.css';
import { clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { Time } from '../../kit/components/time.tsx';
import { RefusedSummary } from './refused-summary.tsx';
import { runStanding } from './run-words.ts';
import { StandingBadge } from './standing-badge.tsx';
import { WarningList } from './warning-list.tsx';

type Task = CallOutput<'tasks.list'>[number];

/** What is to be known of a run beside its figures: warnings and impact before, how it ended after. */
export function RunNotes({ run, task }: { run: BulkRun; task: Task | null }) {
  const cluster = useCluster();
  return (
    <div className={classes.notes}>
      <div className={classes.links}>
        <StandingBadge standing={runStanding(run)} />
        <span className="oc-dimmed">
          Previewed <Time value={run.createdAt} /> by {run.createdBy},{' '}
          {run.source === 'gateway' ? 'read from the gateway' : 'from what was last seen'}
        </span>
        {run.endedAt !== null && (
          <span className="oc-dimmed">
            Ended <Time value={run.endedAt} />
          </span>
        )}
        {run.ticket !== null && <span className="oc-dimmed">Ticket {run.ticket}</span>}
        {run.state !== 'previewed' && (
          <Link to={`${clusterPath(cluster.id, 'journal')}?run=${run.runId}`}>
            Journal of this run
          </Link>
        )}
      </div>
      <RefusedSummary run={run} />
      {run.state === 'previewed' && <Warnings run={run} />}
      {run.mergedAt !== null && (
        <div className={operation.note}>
          <IconInfoCircle size={16} aria-hidden />
          <div className={operation.noteBody}>
            <div className={operation.noteTitle}>A run of another workstation</div>
            Shown as it was in the archive that was merged <Time value={run.mergedAt} />. It is
            resumed on that workstation; merge its archive again to see how it went on.
          </div>
        </div>
      )}
      {run.state === 'interrupted' && (
        <div className={operation.note} data-tone="warning">
          <IconAlertTriangle size={16} aria-hidden />
          <div className={operation.noteBody}>
            <div className={operation.noteTitle}>The console ended in the middle of this run</div>
            Nothing was lost: resume, and rows that were being sent at that moment are looked up
            before anything is sent.
          </div>
        </div>
      )}
      {task?.error && task.error.code !== 'CANCELLED' && <ErrorPanel error={task.error} compact />}
    </div>
  );
}

function Warnings({ run }: { run: BulkRun }) {
  const { impact, warnings } = run;
  const todo = (run.counts.pending ?? 0) - run.unchanged;
  return (
    <>
      {todo === 0 && (
        <div className={operation.note}>
          <IconInfoCircle size={16} aria-hidden />
          <div className={operation.noteBody}>There is nothing to send.</div>
        </div>
      )}
      {(impact !== null || warnings.length > 0) && (
        <div className={operation.impact} data-destructive={run.destructive || undefined}>
          <IconAlertTriangle size={16} className={operation.impactIcon} aria-hidden />
          <div>
            {impact !== null && <ImpactWords impact={impact} />}
            <WarningList warnings={warnings} />
          </div>
        </div>
      )}
    </>
  );
}

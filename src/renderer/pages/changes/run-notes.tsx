import { UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconArrowsDiff } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRun } from '../../changes/bulk/change-values.ts';
import { ImpactWords } from '../../changes/operation/confirm-fields.tsx';
import operation from '../../changes/operation/operation.module.css';
import { clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { Note } from '../../kit/components/note.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { refusalWord, runStanding, StandingBadge } from './run-words.tsx';

type Task = CallOutput<'tasks.list'>[number];

/** Shows warnings and impact of a run before it starts, and its outcome afterwards. */
export function RunNotes({ run, task }: { run: BulkRun; task: Task | null }) {
  const cluster = useCluster();
  return (
    <div className="oc-band">
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
        <Note title="A run of another workstation">
          Shown as it was in the archive that was merged <Time value={run.mergedAt} />. It is
          resumed on that workstation; merge its archive again to see how it went on.
        </Note>
      )}
      {run.state === 'interrupted' && (
        <Note tone="warning" title="The console ended in the middle of this run">
          Nothing was lost: resume, and rows that were being sent at that moment are looked up
          before anything is sent.
        </Note>
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
      {todo === 0 && <Note>There is nothing to send.</Note>}
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

const lookedAt = 1000;

/** Why rows are omitted, counted by reason: for a plan, how far the cluster drifted from it. */
function RefusedSummary({ run }: { run: BulkRun }) {
  const cluster = useCluster();
  const refused = run.counts.refused ?? 0;
  const query = useCall(
    'bulk.rows',
    { connectionId: cluster.id, runId: run.runId, state: 'refused', offset: 0, limit: lookedAt },
    { enabled: refused > 0 },
  );
  if (refused === 0 || !query.data) return null;
  const byReason = Map.groupBy(query.data.rows, refusalWord);
  const reasons = [...byReason].map(
    ([word, rows]) => `${word.toLowerCase()}: ${formatCount(rows.length)}`,
  );
  const as = run.total - refused;
  return (
    <Note
      tone="warning"
      icon={IconArrowsDiff}
      title={formatCounted(refused, 'row is skipped', 'rows are skipped')}
    >
      {reasons.join(' · ')}. The other {formatCounted(as, 'row')} {agreeing(as, 'is', 'are')} not
      affected; each row says why.
    </Note>
  );
}

const shownAtFirst = 3;

/** Shows warnings, the first few at once, the rest on request. */
export function WarningList({ warnings }: { warnings: readonly string[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? warnings : warnings.slice(0, shownAtFirst);
  const more = warnings.length - shownAtFirst;
  return (
    <>
      <ul className={classes.warnings} data-all={all || undefined}>
        {shown.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
      {more > 0 && (
        <UnstyledButton className={classes.place} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${formatCount(more)} more`}
        </UnstyledButton>
      )}
    </>
  );
}

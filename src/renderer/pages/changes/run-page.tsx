import { useParams } from 'react-router';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { PageBar } from '../../kit/components/page-bar.tsx';
import list from '../../lists/list-page/list-view.module.css';
import { BackToRuns } from './back-to-runs.tsx';
import { RunActions } from './run-actions.tsx';
import { RunFigures } from './run-figures.tsx';
import { RunNotes } from './run-notes.tsx';
import { RunProgress } from './run-progress.tsx';
import { RunRecheck } from './run-recheck.tsx';
import { RunRows } from './run-rows.tsx';
import { useRun } from './use-run.ts';

/** One bulk run: its preview before it is started, its progress while it is at work, its result after. */
export function RunPage() {
  const { runId = '' } = useParams();
  return <Run key={runId} runId={runId} />;
}

function Run({ runId }: { runId: string }) {
  const { query, task, atWork, recheck, rechecking } = useRun(runId);
  const run = query.data;
  return (
    <div className={list.page}>
      <PageBar
        title={run?.title ?? 'Bulk change'}
        count={run?.total ?? null}
        before={<BackToRuns />}
        primaryAction={run && <RunActions run={run} busy={atWork || rechecking} />}
      />
      {query.error && (
        <div className={list.state}>
          <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
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

import { useNavigate } from 'react-router';
import type { BulkRun } from '../../changes/bulk/change-values.ts';
import { changesPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { GuardedButton, useWriteGuard } from '../../kit/components/guarded-button.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { downloadFile } from '../../lists/table/export-csv.ts';
import { openReverseDialog } from './reverse-dialog.tsx';
import { RecheckButton } from './run-recheck.tsx';
import { rowsLeft } from './run-words.tsx';
import { openStartDialog, type StartMode, startVerb } from './start-dialog.tsx';

function StartButton(props: { run: BulkRun; mode: StartMode; primary: boolean }) {
  const { run, mode, primary } = props;
  const guard = useWriteGuard();
  return (
    <GuardedButton
      variant={primary ? 'filled' : 'default'}
      reason={guard.unlockable ? null : guard.reason}
      onClick={() => openStartDialog(run, mode)}
    >
      {startVerb(run, mode)}
    </GuardedButton>
  );
}

function DiscardButton({ run }: { run: BulkRun }) {
  const call = useConsole();
  const cluster = useCluster();
  const navigate = useNavigate();
  const discard = async () => {
    await call('bulk.discard', { connectionId: cluster.id, runId: run.runId });
    navigate(changesPath(cluster.id), { replace: true });
  };
  return (
    <ActionButton look={SecondaryButton} work={discard}>
      Discard
    </ActionButton>
  );
}

/** Downloads the lines of all rows as one script. */
function ScriptButton({ run }: { run: BulkRun }) {
  const call = useConsole();
  const cluster = useCluster();
  const download = async () => {
    const file = await call('bulk.script', { connectionId: cluster.id, runId: run.runId });
    downloadFile(file.fileName, file.content, file.mediaType);
  };
  return (
    <ActionButton look={SecondaryButton} work={download}>
      Download script
    </ActionButton>
  );
}

export function RunActions({ run, busy }: { run: BulkRun; busy: boolean }) {
  if (busy) return null;
  if (run.state === 'previewed') {
    const todo = (run.counts.pending ?? 0) - run.unchanged;
    return (
      <>
        <ScriptButton run={run} />
        <DiscardButton run={run} />
        {todo > 0 && <StartButton run={run} mode="apply" primary />}
      </>
    );
  }
  const left = rowsLeft(run);
  const failed = run.counts.failed ?? 0;
  const done = (run.counts.verified ?? 0) + (run.counts.sent ?? 0);
  const isOver = run.mergedAt === null || run.state === 'finished';
  return (
    <>
      <ScriptButton run={run} />
      {done > 0 && isOver && (
        <SecondaryButton onClick={() => openReverseDialog(run)}>Reverse</SecondaryButton>
      )}
      {run.mergedAt === null && (
        <>
          {run.unconfirmed > 0 && <RecheckButton run={run} />}
          {failed > 0 && <StartButton run={run} mode="retry" primary={left === 0} />}
          {left > 0 && <StartButton run={run} mode="resume" primary />}
        </>
      )}
    </>
  );
}

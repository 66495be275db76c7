import { Button, Modal, Skeleton } from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import type { BulkRun } from '../../changes/bulk/change-values.ts';
import { PrepareProgress, usePrepare } from '../../changes/bulk/prepare-progress.tsx';
import { downloadPlan } from '../../changes/bulk/save-plan.tsx';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { GuardedButton } from '../../kit/components/guarded-button.tsx';
import { Note } from '../../kit/components/note.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useSync } from '../../kit/use-sync.ts';
import { WarningList } from './run-notes.tsx';

type Inverse = CallOutput<'plans.inverse'>;

/** Makes the plan that reverses a run; it can be saved, or compared and applied at once. */
function ReverseDialog({ run, onClose }: { run: BulkRun; onClose(): void }) {
  const call = useConsole();
  const cluster = useCluster();
  const { status } = useSync(cluster.id);
  const prepare = usePrepare(onClose);
  const [plan, setPlan] = useState<Inverse | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    call('plans.inverse', { connectionId: cluster.id, runId: run.runId }, abort.signal).then(
      setPlan,
      (thrown: unknown) => {
        if (!abort.signal.aborted) setError(toAppError(thrown));
      },
    );
    return () => abort.abort();
  }, [call, cluster.id, run.runId]);
  const offline = status?.state === 'offline';
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Reverse: ${run.title}`}
      size={520}
      returnFocus={false}
      closeOnClickOutside={!prepare.running}
    >
      <div className="oc-form">
        {!plan && !error && <Skeleton height={60} />}
        {error && <ErrorPanel error={error} compact />}
        {plan && <InversePlan plan={plan} />}
        <PrepareProgress state={prepare} />
        {prepare.error && <ErrorPanel error={prepare.error} compact />}
        <div className="oc-buttons">
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconFileDownload size={15} />}
            disabled={!plan}
            onClick={() => plan && downloadPlan(plan)}
          >
            Save as a plan
          </Button>
          <span className="oc-space" />
          <SecondaryButton onClick={prepare.running ? prepare.cancel : onClose}>
            Cancel
          </SecondaryButton>
          {plan && (
            <GuardedButton
              loading={prepare.running}
              reason={
                offline ? 'The gateway can’t be reached: save the plan and apply it later.' : null
              }
              hint="Reads every target; sends no change."
              onClick={() => void prepare.fromPlan(plan.content)}
            >
              Preview {formatCounted(plan.changes, 'change')}
            </GuardedButton>
          )}
        </div>
      </div>
    </Modal>
  );
}

function InversePlan({ plan }: { plan: Inverse }) {
  const { changes, tenants, irreversible, warnings } = plan;
  return (
    <>
      <p className="oc-hint">
        {formatCounted(changes, 'change')} of {formatCounted(tenants, 'target')}: each brings a row
        back to what it was before this run. Targets that were changed since are skipped.
      </p>
      {irreversible.length > 0 && (
        <Note
          tone="warning"
          title={`${formatCounted(irreversible.length, 'row')} can’t be brought back`}
        >
          <WarningList warnings={irreversible} />
        </Note>
      )}
      {warnings.length > 0 && <WarningList warnings={warnings} />}
    </>
  );
}

export function openReverseDialog(run: BulkRun): void {
  openDialog((close) => <ReverseDialog run={run} onClose={close} />);
}

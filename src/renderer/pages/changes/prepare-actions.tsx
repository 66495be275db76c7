import { useState } from 'react';
import { AddSourceDialog } from '../../changes/bulk/add-source.tsx';
import type { BulkSource } from '../../changes/bulk/change-values.ts';
import { PrepareProgress, usePrepare } from '../../changes/bulk/prepare-progress.tsx';
import { SavePlanDialog } from '../../changes/bulk/save-plan.tsx';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { GuardedButton } from '../../kit/components/guarded-button.tsx';
import { useSync } from '../../kit/use-sync.ts';

/**
 * The two ways on from what was entered: preview it as a run, or save it as a plan.
 * @param props.source null while it is not complete
 */
export function PrepareActions(props: { source: BulkSource | null; verb: string }) {
  const { source, verb } = props;
  const cluster = useCluster();
  const { status } = useSync(cluster.id);
  const prepare = usePrepare();
  const [planning, setPlanning] = useState(false);
  const [adding, setAdding] = useState(false);
  const offline = status?.state === 'offline';
  return (
    <div className="oc-form">
      <PrepareProgress state={prepare} />
      {prepare.error && <ErrorPanel error={prepare.error} compact />}
      <div className="oc-wrap-row">
        <GuardedButton
          loading={prepare.running}
          reason={whyNot(source, offline)}
          hint="Reads every target; sends no change."
          onClick={() => source && void prepare.fromSource(source)}
        >
          {verb}
        </GuardedButton>
        {prepare.running ? (
          <SecondaryButton onClick={prepare.cancel}>Cancel</SecondaryButton>
        ) : (
          <>
            <SecondaryButton disabled={source === null} onClick={() => setAdding(true)}>
              Add to plan
            </SecondaryButton>
            <SecondaryButton disabled={source === null} onClick={() => setPlanning(true)}>
              Save as a plan
            </SecondaryButton>
          </>
        )}
      </div>
      {adding && source && <AddSourceDialog source={source} onClose={() => setAdding(false)} />}
      {planning && source && <SavePlanDialog source={source} onClose={() => setPlanning(false)} />}
    </div>
  );
}

function whyNot(source: BulkSource | null, offline: boolean): string | null {
  if (source === null) return 'Say first what changes.';
  return offline ? 'The gateway can’t be reached: make a plan and apply it later.' : null;
}

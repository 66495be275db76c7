import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useSync } from '../../kit/use-sync.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';
import { PlanNameFields } from '../plans/plan-fields.tsx';
import type { BulkSource } from './change-values.ts';

/** A plan as it was made, to be handed over as a file. */
export interface PlanFile {
  fileName: string;
  mediaType: string;
  content: string;
  changes: number;
}

export function downloadPlan({ fileName, mediaType, content, changes }: PlanFile): void {
  downloadFile(fileName, content, mediaType);
  notifications.show({
    title: `Plan of ${formatCounted(changes, 'change')} saved`,
    message: `${fileName}. Open it under Bulk changes, here or on another workstation.`,
  });
}

/** Names a change plan, makes it from the snapshot, and saves it to a file. The gateway is not asked. */
export function SavePlanDialog(props: { source: BulkSource; onClose(saved: boolean): void }) {
  const call = useConsole();
  const cluster = useCluster();
  const { status } = useSync(cluster.id);
  const [text, setText] = useState({ name: '', note: '' });
  const [name, note] = [text.name.trim(), text.note.trim()];
  const make = async () => {
    const plan = await call('plans.make', {
      connectionId: cluster.id,
      name,
      ...(note === '' ? {} : { note }),
      source: props.source,
    });
    downloadPlan(plan);
    for (const warning of plan.warnings) {
      notifications.show({ color: 'yellow', title: 'About the plan', message: warning });
    }
    props.onClose(true);
  };
  return (
    <ConfirmDialog
      verb="Save plan"
      title="Save a change plan"
      disabled={name === ''}
      closeWhenDone={false}
      onConfirm={make}
      onClose={() => props.onClose(false)}
    >
      <p className="oc-hint">
        The plan is made from what the console last saw
        {status?.asOf ? (
          <>
            {' '}
            (<Time value={status.asOf} as="age" />)
          </>
        ) : null}
        . Before it is applied, every target is compared with the live cluster.
      </p>
      <PlanNameFields value={text} noteLabel="Note (optional)" onChange={setText} />
    </ConfirmDialog>
  );
}

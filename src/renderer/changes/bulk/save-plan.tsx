import { Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useSync } from '../../kit/use-sync.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';
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
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const make = async () => {
    const plan = await call('plans.make', {
      connectionId: cluster.id,
      name: name.trim(),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
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
      disabled={name.trim() === ''}
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
      <TextInput
        label="Name of the plan"
        value={name}
        maxLength={120}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label="Note (optional)"
        value={note}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={6}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}

import { Progress } from '@mantine/core';
import { IconEyeSearch, IconX } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRun } from '../../changes/bulk/change-values.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { SecondaryButton, SmallButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { Note } from '../../kit/components/note.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';

type Task = CallOutput<'tasks.list'>[number];

/** Reads every row of a run again that was sent and not confirmed. Sends no write, so it needs no guard. */
export function RecheckButton({ run }: { run: BulkRun }) {
  const call = useConsole();
  const cluster = useCluster();
  return (
    <ActionButton
      look={SecondaryButton}
      leftSection={<IconEyeSearch size={16} />}
      title="Reads them from the gateway; nothing is sent again"
      work={() => call('bulk.recheck', { connectionId: cluster.id, runId: run.runId })}
    >
      Read {formatCounted(run.unconfirmed, 'unconfirmed row')} again
    </ActionButton>
  );
}

/** The recheck in progress, and afterwards its result. */
export function RunRecheck({ task }: { task: Task }) {
  if (task.endedAt !== null) return <RecheckResult task={task} />;
  return <RecheckProgress task={task} />;
}

function RecheckProgress({ task }: { task: Task }) {
  const call = useConsole();
  const total = task.total ?? 0;
  return (
    <section className="oc-band" aria-label="Reading again">
      <div className={classes.progressHead}>
        <span>Reading unconfirmed rows again; nothing is sent</span>
        <span className="oc-space" />
        <span className="oc-number oc-dimmed">
          {formatCount(task.done)} of {formatCount(total)}
        </span>
        <SmallButton
          leftSection={<IconX size={14} />}
          onClick={() => void call('tasks.cancel', { taskId: task.taskId })}
        >
          Cancel
        </SmallButton>
      </div>
      <Progress
        size={6}
        value={total === 0 ? 0 : (task.done / total) * 100}
        aria-label="Rows read again"
      />
    </section>
  );
}

function RecheckResult({ task }: { task: Task }) {
  const { data } = useCall('tasks.get', { taskId: task.taskId });
  const result = data?.result as { read: number; verified: number } | undefined;
  if (task.error) {
    return task.error.code === 'CANCELLED' ? null : (
      <div className="oc-band">
        <ErrorPanel error={task.error} compact />
      </div>
    );
  }
  if (!result) return null;
  const left = result.read - result.verified;
  return (
    <div className="oc-band">
      <Note tone={left === 0 && task.failed === 0 ? 'good' : 'warning'} role="status">
        {resultWords(result, left, task.failed)}
      </Note>
    </div>
  );
}

function resultWords(
  { read, verified }: { read: number; verified: number },
  left: number,
  failed: number,
): string {
  const words = [
    `Checked again: ${formatCount(verified)} of ${formatCounted(read, 'row')} ${agreeing(verified, 'is', 'are')} verified now.`,
  ];
  if (left > 0) {
    words.push(`${formatCounted(left, 'row')} still ${agreeing(left, 'does', 'do')} not show it.`);
  }
  if (failed > 0) words.push(`${formatCounted(failed, 'row')} could not be read.`);
  return words.join(' ');
}

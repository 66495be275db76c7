import { Button, Modal, Radio, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { canaryRows } from '#shared/contract/bulk.ts';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRun } from '../../changes/bulk/change-values.ts';
import { ConfirmFields } from '../../changes/operation/confirm-fields.tsx';
import { UnlockHere } from '../../changes/operation/write-failure.tsx';
import { useCluster } from '../../kit/cluster-context.tsx';
import { destructiveLook, SecondaryButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { useWriteGuard } from '../../kit/components/guarded-button.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useAction } from '../../kit/use-action.ts';
import { rowsLeft } from './run-words.tsx';

/** How a run is started: for the first time, for the remaining rows, or for failed ones. */
export type StartMode = 'apply' | 'resume' | 'retry';

type Canary = 'automatic' | 'ask' | 'none';

/** The button's label: how many rows are started, and which. */
export function startVerb(run: BulkRun, mode: StartMode): string {
  const { counts } = run;
  if (mode === 'retry') return `Retry ${formatCounted(counts.failed ?? 0, 'failed row')}`;
  if (mode === 'resume') return `Resume with ${formatCounted(rowsLeft(run), 'row')}`;
  return `Start ${formatCounted(changesOf(run), 'change')}`;
}

/** How many rows of a previewed run send something. */
function changesOf({ counts, unchanged }: BulkRun): number {
  return (counts.pending ?? 0) - unchanged;
}

/** Starts or resumes a previewed run: canary, ticket, the cluster's name on production. */
function StartDialog(props: { run: BulkRun; mode: StartMode; onClose(): void }) {
  const { run, mode, onClose } = props;
  const call = useConsole();
  const cluster = useCluster();
  const guard = useWriteGuard();
  const [canary, setCanary] = useState<Canary>('automatic');
  const [ticket, setTicket] = useState(run.ticket ?? '');
  const [typedName, setTypedName] = useState('');
  const { running, error, run: send } = useAction();
  const typed = run.needsTypedName === null || typedName === run.needsTypedName;
  const ready = guard.allowed && typed && !running;
  const verb = startVerb(run, mode);
  // with no more rows than these, all of the run would be its canary
  const offersCanary = changesOf(run) > canaryRows;

  const start = async () => {
    if (!ready) return;
    const common = {
      connectionId: cluster.id,
      runId: run.runId,
      ...(ticket.trim() === '' ? {} : { ticket: ticket.trim() }),
      ...(run.needsTypedName === null ? {} : { typedName }),
    };
    await send(async () => {
      if (mode === 'apply')
        await call('bulk.apply', { ...common, canary: offersCanary ? canary : 'none' });
      else await call('bulk.resume', { ...common, failedOnly: mode === 'retry' });
      onClose();
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Enter in a field never sends what destroys: that wants its own button.
    if (!run.destructive) void start();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={run.title}
      size={520}
      returnFocus={false}
      closeOnEscape={!running}
    >
      <form onSubmit={submit} className="oc-form" noValidate>
        <p className="oc-hint">
          {mode === 'apply' &&
            `${formatCounted(run.writes, 'writing request')} to ${formatCounted(run.tenants, 'target')} of ${cluster.name}. Every target is read again first: one that changed since the preview is skipped.`}
          {mode === 'resume' &&
            'A row that was being sent when the run ended is first looked up; only what did not happen is sent.'}
          {mode === 'retry' && 'Only the rows that failed are tried again, once each.'}
        </p>
        {mode === 'apply' && offersCanary && <CanaryChoice value={canary} onChange={setCanary} />}
        <ConfirmFields
          ticket={ticket}
          onTicket={setTicket}
          typedName={typedName}
          onTypedName={setTypedName}
          asked={run.needsTypedName}
          disabled={running}
        />
        {guard.unlockable && <UnlockHere />}
        {error && <ErrorPanel error={error} compact />}
        <div className="oc-buttons">
          <span className="oc-hint oc-space" role="status">
            {guard.allowed || guard.unlockable ? '' : guard.reason}
          </span>
          <SecondaryButton onClick={onClose} data-autofocus={run.destructive || undefined}>
            Cancel
          </SecondaryButton>
          <Button
            type={run.destructive ? 'button' : 'submit'}
            loading={running}
            disabled={!ready}
            {...(run.destructive && { ...destructiveLook(ready), onClick: () => void start() })}
            data-autofocus={run.destructive ? undefined : true}
          >
            {verb}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function CanaryChoice(props: { value: Canary; onChange(canary: Canary): void }) {
  return (
    <Radio.Group
      label="Canary: the first three rows go ahead and are verified"
      value={props.value}
      onChange={(value) => props.onChange(value as Canary)}
    >
      <Stack gap={8} mt={6} className={classes.radios}>
        <Radio
          size="xs"
          value="automatic"
          label="Continue automatically if all three verify, otherwise stop"
        />
        <Radio size="xs" value="ask" label="Pause for my approval" />
        <Radio size="xs" value="none" label="No canary: all rows at once" />
      </Stack>
    </Radio.Group>
  );
}

export function openStartDialog(run: BulkRun, mode: StartMode): void {
  openDialog((close) => <StartDialog run={run} mode={mode} onClose={close} />);
}

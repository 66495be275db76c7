import { Button, Popover, Switch, Tooltip } from '@mantine/core';
import { IconCloudDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { useWriteGuard } from '../../../kit/components/guarded-button.tsx';
import { ticked } from '../../../kit/components/typed.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../../kit/use-action.ts';
import { useSync } from '../../../kit/use-sync.ts';

/** Collects statistics now, after asking whether archived objects are deleted from the gateway. */
export function CollectButton() {
  const [opened, setOpened] = useState(false);
  const { task, unreachable } = useCollecting();
  const cluster = useCluster();
  if (task) {
    return (
      <SecondaryButton
        component={Link}
        to={clusterPath(cluster.id, 'usage/collection')}
        leftSection={<IconCloudDownload size={15} />}
      >
        {runningWords(task)}
      </SecondaryButton>
    );
  }
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={340}
      trapFocus
      returnFocus
    >
      <Tooltip label={unreachable ?? ''} disabled={unreachable === null}>
        <Popover.Target>
          <Button
            leftSection={<IconCloudDownload size={15} />}
            {...(unreachable === null ? {} : { 'data-disabled': true, 'aria-disabled': true })}
            onClick={() => unreachable === null && setOpened(!opened)}
          >
            Collect
          </Button>
        </Popover.Target>
      </Tooltip>
      <Popover.Dropdown aria-label="Collect statistics">
        <CollectForm onStarted={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function runningWords({ state, done, total }: Task): string {
  if (state === 'paused') return 'Collection paused';
  return total ? `Collecting, ${Math.floor((done / total) * 100)} %` : 'Collecting';
}

/** The choice whether to remove, and the button that starts. */
export function CollectForm({ onStarted }: { onStarted?: () => void }) {
  const cluster = useCluster();
  const call = useConsole();
  const guard = useWriteGuard();
  const { task, unreachable } = useCollecting();
  const [remove, setRemove] = useState(false);
  const { running: starting, run } = useAction(showFailure);
  const start = () =>
    run(async () => {
      await call('usage.collect', {
        connectionId: cluster.id,
        removeCollected: remove && guard.allowed,
      });
      onStarted?.();
    });
  return (
    <div className="oc-form">
      <p className="oc-hint">
        Fetches every statistics object that is not in the archive yet. Running it again counts
        nothing twice.
      </p>
      <Switch
        label="Delete from the gateway what is safely archived"
        description={
          guard.allowed
            ? 'Each object is deleted only after its copy is on the disk of this computer.'
            : `Off: ${guard.reason}`
        }
        {...ticked(remove && guard.allowed, setRemove)}
        disabled={!guard.allowed}
      />
      <Button
        data-autofocus
        leftSection={<IconCloudDownload size={15} />}
        loading={starting}
        disabled={unreachable !== null || task !== null}
        onClick={() => void start()}
      >
        {remove && guard.allowed ? 'Collect and delete' : 'Collect now'}
      </Button>
      {unreachable && <div className="oc-caption">{unreachable}</div>}
    </div>
  );
}

/** A task of core. */
export type Task = CallOutput<'tasks.list'>[number];

export interface Collecting {
  /** The collection that runs or is paused. */
  task: Task | null;
  /** The last one that ended in this session. */
  last: Task | null;
  /** Why nothing can be fetched now; null if it can. */
  unreachable: string | null;
}

/** Follows the collections of the cluster on screen. */
export function useCollecting(): Collecting {
  const cluster = useCluster();
  const { status } = useSync(cluster.id);
  const tasks = (useCall('tasks.list', {}).data ?? []).filter(
    ({ kind, connectionId }) => kind === 'usage.collect' && connectionId === cluster.id,
  );
  const ended = tasks
    .filter(({ endedAt }) => endedAt !== null)
    .sort((one, other) => ((one.endedAt ?? '') < (other.endedAt ?? '') ? 1 : -1));
  return {
    task: tasks.find(({ endedAt }) => endedAt === null) ?? null,
    last: ended[0] ?? null,
    unreachable: reasonAgainst(cluster.hasCredential, status),
  };
}

function reasonAgainst(
  hasCredential: boolean,
  status: CallOutput<'sync.status'> | undefined,
): string | null {
  if (!hasCredential) {
    return 'No secret key is stored for this connection. Enter it on the Connections page.';
  }
  if (status?.state !== 'offline') return null;
  return `The gateway can't be reached, so nothing can be collected. ${status.error?.message ?? ''}`.trim();
}

import { Button, Popover, Switch, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCloudDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { toAppError } from '#shared/errors.ts';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { useWriteGuard } from '../../../kit/components/guarded-button.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import classes from './collect.module.css';
import { type Task, useCollecting } from './use-collecting.ts';

/** Collects statistics now; whether what is safely archived is removed from the gateway is asked first. */
export function CollectButton() {
  const [opened, setOpened] = useState(false);
  const { task, unreachable } = useCollecting();
  const cluster = useCluster();
  if (task) {
    return (
      <Button
        component={Link}
        to={clusterPath(cluster.id, 'usage/collection')}
        variant="default"
        leftSection={<IconCloudDownload size={15} />}
      >
        {runningWords(task)}
      </Button>
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
      <Popover.Target>
        <Tooltip label={unreachable ?? ''} disabled={unreachable === null}>
          <Button
            leftSection={<IconCloudDownload size={15} />}
            {...(unreachable === null ? {} : { 'data-disabled': true, 'aria-disabled': true })}
            onClick={() => unreachable === null && setOpened(!opened)}
          >
            Collect
          </Button>
        </Tooltip>
      </Popover.Target>
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
  const [starting, setStarting] = useState(false);
  const start = async () => {
    setStarting(true);
    try {
      await call('usage.collect', {
        connectionId: cluster.id,
        removeCollected: remove && guard.allowed,
      });
      onStarted?.();
    } catch (thrown) {
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    } finally {
      setStarting(false);
    }
  };
  return (
    <div className={classes.form}>
      <p className={classes.text}>
        Fetches every statistics object that is not in the archive yet. Running it again counts
        nothing twice.
      </p>
      <Switch
        label="Remove from the gateway what is safely archived"
        description={
          guard.allowed
            ? 'Each object is deleted only after its copy is on the disk of this computer.'
            : `Off: ${guard.reason}`
        }
        checked={remove && guard.allowed}
        disabled={!guard.allowed}
        onChange={(event) => setRemove(event.currentTarget.checked)}
      />
      <Button
        data-autofocus
        leftSection={<IconCloudDownload size={15} />}
        loading={starting}
        disabled={unreachable !== null || task !== null}
        onClick={() => void start()}
      >
        {remove && guard.allowed ? 'Collect and remove' : 'Collect now'}
      </Button>
      {unreachable && <div className="oc-caption">{unreachable}</div>}
    </div>
  );
}

import { Button, Menu, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconEye, IconLock, IconLockOpen } from '@tabler/icons-react';
import { toAppError } from '#shared/errors.ts';
import { useConsole } from '../api/console-context.tsx';
import { useNow } from '../components/use-now.ts';
import type { Connection } from './cluster-context.tsx';
import classes from './frame.module.css';

const choices = [5, 15, 60] as const;

/**
 * Says how a cluster is guarded against changes: read-only, or production that is locked until it is
 * unlocked for some minutes. Nothing for other clusters.
 */
export function GuardChip({ cluster }: { cluster: Connection }) {
  const call = useConsole();
  const now = useNow(5000);
  const run = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (thrown) {
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    }
  };
  if (cluster.readOnly) {
    return (
      <Tooltip label="The console sends nothing that changes this cluster.">
        <span className={classes.guard}>
          <IconEye size={14} aria-hidden /> Read-only
        </span>
      </Tooltip>
    );
  }
  if (cluster.environment !== 'production') return null;
  const until = cluster.unlockedUntil === undefined ? 0 : Date.parse(cluster.unlockedUntil);
  if (until > now) {
    const minutes = Math.ceil((until - now) / 60_000);
    return (
      <Tooltip label="Lock now">
        <Button
          size="compact-sm"
          variant="default"
          className={classes.unlocked ?? ''}
          leftSection={<IconLockOpen size={14} />}
          onClick={() => void run(call('connections.lock', { id: cluster.id }))}
        >
          Unlocked, {minutes} min
        </Button>
      </Tooltip>
    );
  }
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconLock size={14} />}>
          Locked
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Let changes through for</Menu.Label>
        {choices.map((minutes) => (
          <Menu.Item
            key={minutes}
            onClick={() => void run(call('connections.unlock', { id: cluster.id, minutes }))}
          >
            {minutes} minutes
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

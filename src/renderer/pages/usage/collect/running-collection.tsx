import { Button, Progress } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { toAppError } from '#shared/errors.ts';
import { formatCount } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import classes from './collect.module.css';
import type { Task } from './use-collecting.ts';

/** A collection under way: how far, how fast, how long still; pause, go on, cancel. */
export function RunningCollection({ task }: { task: Task }) {
  const call = useConsole();
  const paused = task.state === 'paused';
  const steer = async (name: 'tasks.pause' | 'tasks.resume' | 'tasks.cancel') => {
    try {
      await call(name, { taskId: task.taskId });
    } catch (thrown) {
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    }
  };
  const share = task.total ? (task.done / task.total) * 100 : 0;
  return (
    <div className={classes.form}>
      <Progress
        value={share}
        size={8}
        animated={task.total === null && !paused}
        aria-label="Progress of the collection"
      />
      <div className={`oc-number ${classes.progressWords}`}>
        <span>
          {formatCount(task.done)} of{' '}
          {task.total === null ? 'not known yet' : formatCount(task.total)}
        </span>
        <span>{paused ? 'Paused' : (task.stage ?? 'Starting')}</span>
        {task.failed > 0 && <span className={classes.bad}>{formatCount(task.failed)} failed</span>}
        <span className="oc-dimmed">
          begun <Time value={task.startedAt} as="age" />
        </span>
      </div>
      <div className={classes.buttons}>
        {task.canPause && (
          <Button
            variant="default"
            leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
            onClick={() => void steer(paused ? 'tasks.resume' : 'tasks.pause')}
          >
            {paused ? 'Resume' : 'Pause'}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconX size={14} />}
          onClick={() => void steer('tasks.cancel')}
        >
          Cancel
        </Button>
      </div>
      <p className={classes.text}>
        Nothing is lost by cancelling or by closing the console: the next run continues with what is
        left.
      </p>
    </div>
  );
}

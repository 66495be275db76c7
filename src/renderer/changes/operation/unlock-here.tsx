import { Button, SegmentedControl } from '@mantine/core';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { type AppError, toAppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import classes from './operation.module.css';

const choices = ['5', '15', '30', '60'];

/** Unlocks the production cluster on screen for some minutes; it locks automatically. */
export function UnlockHere(props: { onUnlocked?(): void; children?: React.ReactNode }) {
  const call = useConsole();
  const { id } = useCluster();
  const [minutes, setMinutes] = useState('15');
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const unlock = async () => {
    setRunning(true);
    setError(null);
    try {
      await call('connections.unlock', { id, minutes: Number(minutes) });
      props.onUnlocked?.();
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setRunning(false);
    }
  };
  return (
    <div className={classes.note} data-tone="warning">
      <IconLock size={16} aria-hidden />
      <div className={classes.noteBody}>
        <div className={classes.noteTitle}>This production cluster is locked against changes</div>
        <div>{props.children ?? 'Unlock it for some minutes; it locks automatically.'}</div>
        <div className={classes.noteActions}>
          <SegmentedControl
            size="xs"
            aria-label="Minutes to unlock for"
            value={minutes}
            onChange={setMinutes}
            data={choices.map((value) => ({ value, label: `${value} min` }))}
          />
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconLockOpen size={14} />}
            loading={running}
            onClick={() => void unlock()}
          >
            Unlock for {minutes} min
          </Button>
        </div>
        {error && <ErrorPanel error={error} compact />}
      </div>
    </div>
  );
}

import { Button, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { readEnteredNumber } from '#shared/entered-number.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { NumberEntry } from '../../../kit/components/number-entry.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { ticked } from '../../../kit/components/typed.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { callKey } from '../../../kit/rpc/invalidation.ts';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../../kit/use-action.ts';

const held = {
  locked: 'production cluster is locked',
  'read-only': 'connection is read-only',
};

const minuteRules = { unit: 'min', least: 5, most: 10_080 };

type Schedule = CallOutput<'usage.schedule'>;

/** Shows when the console collects on its own while it runs. */
export function ScheduleForm() {
  const cluster = useCluster();
  const query = useCall('usage.schedule', { connectionId: cluster.id });
  if (query.error)
    return <ErrorPanel compact error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return null;
  return <Form schedule={query.data} />;
}

function Form({ schedule }: { schedule: Schedule }) {
  const cluster = useCluster();
  const call = useConsole();
  const client = useQueryClient();
  const [on, setOn] = useState(schedule.everyMinutes !== null);
  const [minutes, setMinutes] = useState(String(schedule.everyMinutes ?? 60));
  const [remove, setRemove] = useState(schedule.removeCollected);
  const { running: saving, run } = useAction(showFailure);
  useEffect(() => {
    setOn(schedule.everyMinutes !== null);
    setRemove(schedule.removeCollected);
    if (schedule.everyMinutes !== null) setMinutes(String(schedule.everyMinutes));
  }, [schedule]);
  const { value } = readEnteredNumber(minutes, minuteRules);
  const every = value === undefined ? null : Number(value);
  const changed =
    on !== (schedule.everyMinutes !== null) ||
    (on && (every !== schedule.everyMinutes || remove !== schedule.removeCollected));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      const saved = await call('usage.setSchedule', {
        connectionId: cluster.id,
        everyMinutes: on ? every : null,
        removeCollected: on && remove,
      });
      client.setQueryData(callKey('usage.schedule', { connectionId: cluster.id }), saved);
    });
  };
  return (
    <form className="oc-form" onSubmit={save}>
      <Switch label="Collect automatically while the console runs" {...ticked(on, setOn)} />
      {on && (
        <>
          <NumberEntry
            label="Interval (minutes)"
            description="5 to 10,080 (a week)"
            w={220}
            rules={minuteRules}
            value={minutes}
            error={minutes.trim() === '' ? 'Enter 5 to 10,080 minutes.' : undefined}
            onChange={setMinutes}
          />
          <Switch
            label="Delete from the gateway what is safely archived"
            description="A read-only connection or a locked production cluster is only collected."
            {...ticked(remove, setRemove)}
          />
        </>
      )}
      <div className="oc-wrap-row">
        <Button
          type="submit"
          variant={changed ? 'filled' : 'default'}
          disabled={!changed || (on && every === null)}
          loading={saving}
        >
          Save schedule
        </Button>
        <span className="oc-hint">
          {schedule.removalHeldBack !== null &&
            `It collects and deletes nothing while the ${held[schedule.removalHeldBack]}. `}
          {schedule.nextRunAt !== null && (
            <>
              Next run <Time value={schedule.nextRunAt} />.{' '}
            </>
          )}
          {schedule.lastRunAt !== null && (
            <>
              Last one <Time value={schedule.lastRunAt} as="age" />.
            </>
          )}
        </span>
      </div>
    </form>
  );
}

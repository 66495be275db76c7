import { Button, Progress } from '@mantine/core';
import { IconCircleCheck, IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import classes from '../../changes/bulk/bulk.module.css';
import { SmallButton } from '../../kit/components/buttons.ts';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { Note, NoteActions } from '../../kit/components/note.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';

type Task = CallOutput<'tasks.list'>[number];

const stages: readonly string[] = ['first rows', 'first rows verified', 'the rest'];
const stepWords = ['The first three', 'Verify them', 'All the rest'] as const;

/** The stages of a run that begins with a canary: the first three, verified, the rest. */
function Steps({ stage }: { stage: string | undefined }) {
  const at = stages.indexOf(stage ?? '');
  if (at < 0) return null;
  // The three are verified one by one as they are done: both steps end together.
  const done = [0, 2, 2][at] ?? 0;
  const now = [0, -1, 2][at] ?? -1;
  return (
    <ol className={classes.steps} aria-label="Steps of the run">
      {stepWords.map((words, place) => (
        <li
          key={words}
          className={classes.step}
          data-now={place === now || undefined}
          data-done={place < done || undefined}
          aria-current={place === now ? 'step' : undefined}
        >
          {place < done ? <IconCircleCheck size={14} aria-hidden /> : <span>{place + 1}</span>}
          {words}
        </li>
      ))}
    </ol>
  );
}

/** The run in progress: step, rate, time left; pause, resume, cancel. */
export function RunProgress({ task }: { task: Task }) {
  const call = useConsole();
  const rate = useRate(task.done, task.state === 'running');
  const steer = (name: 'tasks.cancel' | 'tasks.pause' | 'tasks.resume') =>
    void call(name, { taskId: task.taskId });
  const total = task.total ?? 0;
  const asks = task.state === 'paused' && task.stage === 'first rows verified';
  return (
    <section className="oc-band" aria-label="Progress of the run">
      <div className={classes.progressHead}>
        <Steps stage={task.stage} />
        <span className="oc-space" />
        <span className="oc-number oc-dimmed">{rateWords(task, rate)}</span>
        {!asks && task.state === 'running' && (
          <SmallButton
            leftSection={<IconPlayerPause size={14} />}
            onClick={() => steer('tasks.pause')}
          >
            Pause
          </SmallButton>
        )}
        {!asks && task.state === 'paused' && (
          <Button
            size="compact-sm"
            leftSection={<IconPlayerPlay size={14} />}
            onClick={() => steer('tasks.resume')}
          >
            Resume
          </Button>
        )}
        <SmallButton leftSection={<IconX size={14} />} onClick={() => steer('tasks.cancel')}>
          {asks ? 'Stop here' : 'Cancel'}
        </SmallButton>
      </div>
      <Progress
        size={6}
        value={total === 0 ? 0 : (task.done / total) * 100}
        aria-label="Rows done"
      />
      {asks && (
        <Note tone="good" role="alert" title="The first rows are done and verified">
          <div>
            Look at them below, and at their tenants. Then resume the remaining{' '}
            {formatCounted(Math.max(0, total - task.done), 'row')}, or stop here.
          </div>
          <NoteActions>
            <Button
              size="compact-sm"
              leftSection={<IconPlayerPlay size={14} />}
              onClick={() => steer('tasks.resume')}
            >
              Resume with the rest
            </Button>
          </NoteActions>
        </Note>
      )}
    </section>
  );
}

function rateWords(task: Task, rate: number | null): string {
  const total = task.total ?? 0;
  const words = [`${formatCount(task.done)} of ${formatCount(total)}`];
  if (task.state === 'paused') return ['Paused', ...words].join(' · ');
  if (rate !== null && rate > 0) {
    words.push(`${rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate))} rows/s`);
    const seconds = Math.ceil((total - task.done) / rate);
    if (seconds > 1) words.push(`${timeWords(seconds)} left`);
  }
  return words.join(' · ');
}

function timeWords(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : formatCounted(Math.round(minutes / 60), 'hour');
}

const span = 10_000;

interface Sample {
  at: number;
  done: number;
}

/**
 * How fast a count grows, from what was seen of it in the last ten seconds.
 * @returns rows a second; null while there is too little to tell
 */
function useRate(done: number, running: boolean): number | null {
  const samples = useRef<Sample[]>([]);
  const [rate, setRate] = useState<number | null>(null);
  useEffect(() => {
    if (!running) {
      samples.current = [];
      setRate(null);
      return;
    }
    const now = Date.now();
    samples.current = [...samples.current.filter(({ at }) => now - at < span), { at: now, done }];
    const [first] = samples.current;
    if (!first || now - first.at < 1000) return;
    setRate(((done - first.done) * 1000) / (now - first.at));
  }, [done, running]);
  return rate;
}

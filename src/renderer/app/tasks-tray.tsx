import { ActionIcon, Progress, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconChevronDown,
  IconChevronUp,
  IconCircleCheck,
  IconClockPause,
  IconPlayerPause,
  IconPlayerPlay,
  IconX,
} from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { customerPartPath, offboardingPath, onboardingRunPath, runPath } from '../kit/addresses.ts';
import { useClusterIfAny } from '../kit/cluster-context.tsx';
import { formatCount, formatCounted } from '../kit/components/format.ts';
import { useConsole } from '../kit/rpc/console-context.tsx';
import { useCall } from '../kit/rpc/use-call.ts';
import { useDelayed } from '../kit/timers.ts';
import { useLow } from '../kit/use-narrow.ts';
import { useRoomBelow } from '../kit/use-room-below.ts';
import { runSettles, settlesAt, useSettled } from './settled-tasks.ts';
import classes from './tasks-tray.module.css';
import { type TrayView, useTray } from './tasks-tray-store.ts';

const quickWork = 600;

type Task = CallOutput<'tasks.list'>[number];

/** How many tasks are shown in full until all are asked for. */
const mostCards = 3;

/**
 * Running work with its progress along the lower edge, next to a line that counts all of it, unfolds the
 * rest and folds it. What ended well needs the line alone after some seconds, errors after a minute.
 * Pages leave room for it.
 */
export function TasksTray() {
  const tasks = useCall('tasks.list', {}).data ?? [];
  // A refresh counts in the freshness chip, which also says how it failed and can cancel it.
  const shown = tasks.filter(
    ({ kind, read, endedAt }) => (endedAt === null || !read) && kind !== 'sync.refresh',
  );
  const interrupted = useInterruptedRuns();
  const [held, setHeld] = useState(false);
  const view = useTray((state) => state.view);
  const ended = shown.filter(({ endedAt }) => endedAt !== null);
  const settled = useSettled([...ended.map(settlesAt), ...interrupted.runs.map(runSettles)], held);
  const low = useLow();
  const isCard = (id: string, hasEnded: boolean) =>
    view === 'open' || (view === 'unread' && !settled.has(id) && !(low && hasEnded));
  const most = view === 'open' ? Number.POSITIVE_INFINITY : mostCards;
  const runs = interrupted.runs.filter(({ runId }) => isCard(runId, true)).slice(0, most);
  const cards = shown
    .toSorted((one, other) => urgency(one) - urgency(other))
    .filter(({ taskId, endedAt }) => isCard(taskId, endedAt !== null))
    .slice(0, most - runs.length);
  const drawn = runs.length + cards.length;
  const tray = useRef<HTMLElement>(null);
  const isShown = shown.length + interrupted.runs.length > 0;
  // work that is done in a moment does not make the line appear and go
  const isLong = useDelayed(isShown, quickWork);
  useRoomBelow('--oc-tray-room', () => tray.current, isShown);
  if (!isShown) return null;
  return (
    <section
      ref={tray}
      className={classes.tray}
      aria-label="Tasks"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {drawn > 0 && (
        <div className={classes.tasks}>
          {runs.map((run) => (
            <InterruptedNote
              key={run.runId}
              run={run}
              onDismiss={() => interrupted.dismiss([run.runId])}
            />
          ))}
          {cards.map((task) => (
            <TaskRow key={task.taskId} task={task} />
          ))}
        </div>
      )}
      {(isLong || ended.length + interrupted.runs.length > 0) && (
        <TasksLine
          tasks={shown}
          interrupted={interrupted.runs.length}
          isOpen={drawn === shown.length + interrupted.runs.length}
          onDismiss={() => interrupted.dismiss(interrupted.runs.map(({ runId }) => runId))}
        />
      )}
    </section>
  );
}

const setView = (view: TrayView) => useTray.setState({ view });

/** All work in one small line, which folds and unfolds the rest and dismisses what has ended. */
function TasksLine(props: {
  tasks: readonly Task[];
  interrupted: number;
  isOpen: boolean;
  onDismiss(): void;
}) {
  const { tasks, interrupted, isOpen } = props;
  const call = useConsole();
  const ended = tasks.filter(({ endedAt }) => endedAt !== null);
  const failed = ended.filter(wentWrong).length;
  const waiting = ended.filter((task) => waits(task) && !wentWrong(task)).length;
  const running = tasks.length - ended.length;
  const done = ended.length - failed - waiting;
  return (
    <div className={classes.chip}>
      <UnstyledButton
        className={classes.chipWords}
        aria-expanded={isOpen}
        onClick={() => setView(isOpen ? 'folded' : 'open')}
      >
        {ended.length + interrupted > 0 && (
          <EndIcon size={14} failed={failed + interrupted > 0} waiting={waiting > 0} />
        )}
        {countWords({ running, done, waiting, failed, interrupted })}
        {isOpen ? (
          <IconChevronDown size={12} aria-hidden />
        ) : (
          <IconChevronUp size={12} aria-hidden />
        )}
      </UnstyledButton>
      {ended.length + interrupted > 0 && (
        <Tool
          label="Dismiss ended"
          onClick={() => {
            props.onDismiss();
            for (const { taskId } of ended) void call('tasks.markRead', { taskId });
          }}
        >
          <IconX size={14} />
        </Tool>
      )}
    </div>
  );
}

function TaskRow({ task }: { task: Task }) {
  const call = useConsole();
  const elsewhere = useElsewhere(task);
  const running = task.endedAt === null;
  // Work that is done in a moment does not make the tray appear and go.
  const worthShowing = useDelayed(running, quickWork) || !running;
  const steer = (name: 'tasks.cancel' | 'tasks.pause' | 'tasks.resume' | 'tasks.markRead') =>
    void call(name, { taskId: task.taskId });
  if (!worthShowing) return null;
  return (
    <div className={classes.task}>
      <div className={classes.head}>
        <TaskIcon task={task} />
        <TaskTitle task={task} />
        {running && task.canPause && (
          <Tool
            label={task.state === 'paused' ? 'Resume' : 'Pause'}
            onClick={() => steer(task.state === 'paused' ? 'tasks.resume' : 'tasks.pause')}
          >
            {task.state === 'paused' ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
          </Tool>
        )}
        <Tool
          label={running ? 'Cancel' : 'Dismiss'}
          onClick={() => steer(running ? 'tasks.cancel' : 'tasks.markRead')}
        >
          <IconX size={14} />
        </Tool>
      </div>
      {running && <TaskProgress task={task} />}
      <div className={`oc-number ${classes.words}`}>
        {elsewhere && `${elsewhere} · `}
        {taskWords(task)}
      </div>
    </div>
  );
}

function useElsewhere({ connectionId }: Task): string | null {
  const onScreen = useClusterIfAny();
  const connections = useCall('connections.list', {}).data ?? [];
  if (connectionId === null || connectionId === onScreen?.id) return null;
  return connections.find(({ id }) => id === connectionId)?.name ?? null;
}

/** The page of what a task is on; null where it has none. Work on customers is shown by any cluster. */
function pageOf({ kind, about = '', connectionId }: Task, shown: string | undefined) {
  if (connectionId !== null) {
    const ofRun = kind === 'bulk.apply' || kind === 'bulk.recheck';
    return ofRun && about !== '' ? runPath(connectionId, about) : null;
  }
  if (shown === undefined) return null;
  if (kind === 'invoices.draft') return customerPartPath(shown, 'invoices');
  if (about === '') return null;
  if (kind === 'offboarding.run') return offboardingPath(shown, about);
  if (kind === 'onboarding.start') return onboardingRunPath(shown, about);
  if (kind !== 'statements.issueAll') return null;
  return `${customerPartPath(shown, 'statements')}?month=${about.slice(0, 7)}`;
}

/** The title; of work that has its own page, with a link to it. */
function TaskTitle({ task }: { task: Task }) {
  const path = pageOf(task, useClusterIfAny()?.id);
  const words = `${classes.title} oc-truncate`;
  if (path === null) return <span className={words}>{task.title}</span>;
  return (
    <Link className={words} to={path} title={task.title}>
      {task.title}
    </Link>
  );
}

function InterruptedNote({ run, onDismiss }: { run: InterruptedRun; onDismiss(): void }) {
  const left = (run.counts.pending ?? 0) + (run.counts.sending ?? 0);
  return (
    <div className={classes.task}>
      <div className={classes.head}>
        <IconAlertTriangle size={15} className={classes.bad} aria-hidden />
        <Link className={`${classes.title} oc-truncate`} to={run.path} title={run.title}>
          {run.title}
        </Link>
        <Tool label="Later" onClick={onDismiss}>
          <IconX size={14} />
        </Tool>
      </div>
      <div className={`oc-number ${classes.words}`}>
        The console ended in the middle: {formatCount(left)} of {formatCounted(run.total, 'row')}{' '}
        {agreeing(left, 'is', 'are')} left. <Link to={run.path}>Resume or review</Link>
      </div>
    </div>
  );
}

function TaskProgress({ task }: { task: Task }) {
  const share = task.total ? (task.done / task.total) * 100 : 100;
  return (
    <Progress
      size={4}
      value={share}
      animated={task.total === null && task.state === 'running'}
      aria-label={`Progress of ${task.title}`}
    />
  );
}

/** Returns the state of a task in words: `1,200 of 5,000 · 3 failed`. */
function taskWords(task: Task): string {
  const { waiting = 0 } = task;
  const of = task.total === null ? '' : ` of ${formatCount(task.total)}`;
  const count = `${formatCount(task.done - waiting)}${of}`;
  if (task.state === 'running' && task.done === 0 && task.total === null) return 'Starting';
  const word = task.kind === 'onboarding.start' ? 'not written to WHMCS' : 'waiting';
  const waits = waiting > 0 ? ` · ${formatCount(waiting)} ${word}` : '';
  const failed = `${waits}${task.failed > 0 ? ` · ${formatCount(task.failed)} failed` : ''}`;
  switch (task.state) {
    case 'running':
      return `${task.stage ? `${task.stage} · ` : ''}${count}${failed}`;
    case 'paused':
      return `Paused at ${count}${failed}`;
    case 'succeeded':
      return endWords(task, `${count}${failed}`);
    case 'cancelled':
      return `Cancelled at ${count}${failed}`;
    case 'interrupted':
      return `Interrupted at ${count}${failed}`;
    case 'failed':
      return task.error ? `${task.error.message} ${task.error.hint}` : `Failed at ${count}`;
  }
}

/** What became of work that ended: of a single thing, why it failed or waits. */
function endWords({ total, failed, waiting = 0, reason }: Task, counts: string): string {
  if (total !== 1 || failed + waiting === 0) return `Done: ${counts}`;
  return [failed > 0 ? 'Failed' : 'Waiting', ...(reason === undefined ? [] : [reason])].join(': ');
}

const waits = ({ waiting = 0 }: Task): boolean => waiting > 0;

/** What needs somebody comes first, then what is under way. */
function urgency(task: Task): number {
  if (task.endedAt === null) return 1;
  return waits(task) || wentWrong(task) ? 0 : 2;
}

const wentWrong = ({ state, failed }: Task): boolean =>
  state === 'failed' || state === 'interrupted' || failed > 0;

/** How much work there is in each state: `1 task running, 5 done, 1 waiting, 1 failed`. */
function countWords(
  counts: Record<'running' | 'done' | 'waiting' | 'failed' | 'interrupted', number>,
): string {
  const [first, ...rest] = Object.entries(counts).filter(([, count]) => count > 0);
  if (first === undefined) return '';
  const [state, count] = first;
  const others = rest.map(([of, many]) => `${formatCount(many)} ${of}`);
  return [`${formatCounted(count, 'task')} ${state}`, ...others].join(', ');
}

function EndIcon(props: { size: number; failed: boolean; waiting: boolean }) {
  const { size, failed, waiting } = props;
  if (failed) return <IconAlertTriangle size={size} className={classes.bad} aria-hidden />;
  if (waiting) return <IconClockPause size={size} className={classes.waits} aria-hidden />;
  return <IconCircleCheck size={size} className={classes.good} aria-hidden />;
}

function TaskIcon({ task }: { task: Task }) {
  if (task.endedAt === null) return null;
  const failed = task.state !== 'succeeded' || task.failed > 0;
  return <EndIcon size={15} failed={failed} waiting={waits(task)} />;
}

function Tool(props: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon size={24} aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}

const lookedAt = 50;

/** A bulk run that was interrupted when the console ended, and the address of its page. */
type InterruptedRun = CallOutput<'bulk.get'> & { path: string };

/** Bulk runs of the cluster on screen that were interrupted when the console ended, without dismissed ones. */
function useInterruptedRuns() {
  const cluster = useClusterIfAny();
  const putOff = useTray(({ dismissedRuns }) => dismissedRuns);
  const connectionId = cluster?.id ?? '';
  const query = useCall(
    'bulk.runs',
    { connectionId, offset: 0, limit: lookedAt },
    { enabled: cluster !== null },
  );
  const runs: InterruptedRun[] = (query.data?.rows ?? [])
    .filter(({ state, runId }) => state === 'interrupted' && !putOff.includes(runId))
    .map((run) => ({ ...run, path: runPath(connectionId, run.runId) }));
  return {
    runs,
    dismiss: (runIds: readonly string[]) =>
      useTray.setState(({ dismissedRuns }) => ({ dismissedRuns: [...dismissedRuns, ...runIds] })),
  };
}

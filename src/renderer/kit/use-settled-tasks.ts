import { useEffect, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';

type Task = CallOutput<'tasks.list'>[number];

/** How long work that ended well stays in full, in milliseconds: long enough to be read. */
const readFor = 6000;

/** Returns whether nothing of a task needs the operator any more: it ended as it should, or was cancelled. */
export function endedQuietly({ state, failed }: Task): boolean {
  return (state === 'succeeded' || state === 'cancelled') && failed === 0;
}

/**
 * Returns which of the tasks ended quietly and long enough ago to take less room.
 * @param held while true nothing settles: the pointer or the focus is there
 */
export function useSettledTasks(tasks: readonly Task[], held: boolean): ReadonlySet<string> {
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const quiet = tasks
    .filter((task) => endedQuietly(task) && !settled.has(task.taskId))
    .map(({ taskId, endedAt }) => ({ taskId, at: Date.parse(endedAt ?? '') + readFor }));
  const key = JSON.stringify(quiet);
  useEffect(() => {
    const waiting = JSON.parse(key) as typeof quiet;
    if (held || waiting.length === 0) return;
    const next = Math.min(...waiting.map(({ at }) => at));
    const timer = setTimeout(
      () => {
        const due = waiting.filter(({ at }) => at <= Date.now());
        setSettled((before) => new Set([...before, ...due.map(({ taskId }) => taskId)]));
      },
      Math.max(0, next - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [key, held]);
  return settled;
}

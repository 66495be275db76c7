import { setTimeout as pause } from 'node:timers/promises';
import type { CallOutput } from '#shared/contract/index.ts';
import type { TestConsole } from './test-console.ts';

type Task = CallOutput<'tasks.get'>;

/** Waits until a task is as somebody wants it. */
async function taskOnce(
  console_: Pick<TestConsole, 'call'>,
  taskId: string,
  isWanted: (task: Task) => boolean,
): Promise<Task> {
  for (;;) {
    const task = await console_.call('tasks.get', { taskId });
    if (isWanted(task)) return task;
    await pause(10);
  }
}

/** Waits until a task has ended, however it did. */
export function taskEnd(console_: Pick<TestConsole, 'call'>, taskId: string): Promise<Task> {
  return taskOnce(console_, taskId, ({ endedAt }) => endedAt !== null);
}

/** Waits until a task has succeeded; yields its result. @throws Error where it did not */
export async function taskResult(
  console_: Pick<TestConsole, 'call'>,
  taskId: string,
): Promise<unknown> {
  const { state, error, result } = await taskEnd(console_, taskId);
  if (state !== 'succeeded') throw new Error(error?.message ?? state);
  return result;
}

/** Waits until a task asks for an approval. */
export function taskPause(console_: Pick<TestConsole, 'call'>, taskId: string): Promise<Task> {
  return taskOnce(console_, taskId, ({ state }) => state === 'paused');
}

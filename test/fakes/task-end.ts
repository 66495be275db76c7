import { setTimeout as pause } from 'node:timers/promises';
import type { CallOutput } from '#shared/contract/index.ts';
import type { TestConsole } from './test-console.ts';

/** Waits until a task has ended, however it did. */
export async function taskEnd(
  console_: Pick<TestConsole, 'call'>,
  taskId: string,
): Promise<CallOutput<'tasks.get'>> {
  for (;;) {
    const task = await console_.call('tasks.get', { taskId });
    if (task.endedAt !== null) return task;
    await pause(10);
  }
}

import type { HandlersOf } from '#shared/contract/index.ts';
import type { TaskRegistry } from '../platform/tasks/task-registry.ts';

/** Handlers of `tasks.*`. */
export function tasksHandlers(tasks: TaskRegistry): HandlersOf<'tasks'> {
  return {
    'tasks.list': async ({ connectionId }) => tasks.list(connectionId),
    'tasks.get': async ({ taskId }) => tasks.get(taskId),
    'tasks.cancel': async ({ taskId }) => {
      tasks.cancel(taskId);
      return null;
    },
    'tasks.pause': async ({ taskId }) => {
      tasks.pause(taskId);
      return null;
    },
    'tasks.resume': async ({ taskId }) => {
      tasks.resume(taskId);
      return null;
    },
    'tasks.markRead': async ({ taskId }) => {
      tasks.markRead(taskId);
      return null;
    },
  };
}

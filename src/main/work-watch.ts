import type { Core } from '#core/create-core.ts';
import type { CallOutput } from '#shared/contract/index.ts';

type Task = CallOutput<'tasks.list'>[number];

/**
 * Knows at any time which tasks are under way: what the system asks at the last moment (may the
 * window close, may the session end) has to be answered at once.
 */
export class WorkWatch {
  readonly #underWay = new Map<string, Task>();
  readonly #onEnded = new Set<(task: Task) => void>();

  constructor(events: Core['events']) {
    events.subscribe((event) => {
      if (event.name !== 'task.changed') return;
      const { task } = event.payload;
      const wasUnderWay = this.#underWay.has(task.taskId);
      if (task.endedAt === null) this.#underWay.set(task.taskId, task);
      else this.#underWay.delete(task.taskId);
      if (wasUnderWay && task.endedAt !== null) {
        for (const listener of this.#onEnded) listener(task);
      }
    });
  }

  /** Titles of the tasks under way. */
  titles(): string[] {
    return [...this.#underWay.values()].map((task) => task.title);
  }

  /** Calls `listener` with every task that ends from now on. */
  onEnded(listener: (task: Task) => void): void {
    this.#onEnded.add(listener);
  }
}

import type { Core } from '#core/core.ts';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';

/** What continues, or will begin, without a window. */
export interface WorkLeft {
  tasks: string[];
  /** Names of the clusters whose usage is collected on a schedule. */
  schedules: string[];
}

async function ask<Name extends CallName>(
  core: Pick<Core, 'dispatch'>,
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name> | null> {
  const reply = await core.dispatch(name, input, { signal: new AbortController().signal });
  return reply.ok ? (reply.value as CallOutput<Name>) : null;
}

/** Asks core what would be broken off, or never begin, if the console ended now. */
export async function findWorkLeft(core: Pick<Core, 'dispatch'>): Promise<WorkLeft> {
  const tasks = (await ask(core, 'tasks.list', {})) ?? [];
  const schedules: string[] = [];
  for (const { id, name, demo } of (await ask(core, 'connections.list', {})) ?? []) {
    if (demo) continue; // gone with the console anyway
    const schedule = await ask(core, 'usage.schedule', { connectionId: id });
    if (schedule?.everyMinutes) schedules.push(name);
  }
  return {
    tasks: tasks.filter((task) => task.endedAt === null).map((task) => task.title),
    schedules,
  };
}

export function isWorkLeft({ tasks, schedules }: WorkLeft): boolean {
  return tasks.length + schedules.length > 0;
}

/** Returns what the tray's icon says on hover. */
export function describeWorkLeft({ tasks, schedules }: WorkLeft): string {
  if (tasks.length > 0) return 'Ostor Console: work is under way';
  return `Ostor Console: collects the usage of ${schedules.join(', ')} on schedule`;
}

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

  titles(): string[] {
    return [...this.#underWay.values()].map((task) => task.title);
  }

  /** Calls `listener` with every task that ends from now on. */
  onEnded(listener: (task: Task) => void): void {
    this.#onEnded.add(listener);
  }
}

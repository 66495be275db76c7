import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { taskSummary } from '#shared/contract/app.ts';
import { formatCounted } from '#shared/counted.ts';
import { hour } from '#shared/durations.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import { type EventBus, Signal } from '../events.ts';

/** How long a task may work, by kind, milliseconds; longer than any healthy one takes. */
const byKind: Readonly<Record<string, number>> = {
  'sync.refresh': 2 * hour,
  'bulk.preview': 12 * hour,
  'bulk.recheck': 12 * hour,
  'bulk.apply': 72 * hour,
  'inventory.start': 72 * hour,
  'usage.collect': 24 * hour,
  'usage.exportDataset': 12 * hour,
  'archive.merge': 12 * hour,
};

/** Of a kind that is not named, milliseconds. */
const usual: number = 24 * hour;

/** Yields how long a task of a kind may work, milliseconds. */
export function taskDeadline(kind: string): number {
  return byKind[kind] ?? usual;
}

/** A deadline in words: `2 hours`. */
function deadlineText(milliseconds: number): string {
  const hours = milliseconds / hour;
  return hours >= 1 ? formatCounted(hours, 'hour') : `${milliseconds / 1000} s`;
}

export type TaskSummary = z.output<typeof taskSummary>;

/** Returns why the first item failed, for the progress of a task; nothing where none did. */
export function reasonOf([first]: readonly { message: string; hint: string }[]): {
  reason?: string;
} {
  return first ? { reason: `${first.message} ${first.hint}` } : {};
}

/** What running work is handed to report and to be steered with. */
export interface TaskControls {
  taskId: string;
  signal: AbortSignal;
  /** Reports progress; cheap to call often, listeners are called at most every 100 ms. */
  progress(
    update: Partial<
      Pick<TaskSummary, 'done' | 'total' | 'failed' | 'waiting' | 'reason' | 'stage'>
    >,
  ): void;
  /** Keeps what the work has come to so far: its result where it is cancelled or fails. */
  keep(result: unknown): void;
  /** Resolves at once, or when a pause ends; rejects with `CANCELLED` once cancelled. */
  checkpoint(): Promise<void>;
}

interface TaskStart<Result> {
  kind: string;
  title: string;
  connectionId: string | null;
  total?: number;
  canPause?: boolean;
  about?: string;
  /** The connections whose gateways it may send changes to. */
  writesTo?: readonly string[];
  run(controls: TaskControls): Promise<Result>;
}

interface Entry {
  summary: TaskSummary;
  writesTo: readonly string[];
  result: unknown;
  abort: AbortController;
  resume: (() => void) | null;
  paused: Promise<void> | null;
  timer: NodeJS.Timeout | null;
  /** When it has worked for as long as its kind may. */
  deadline: Deadline;
  /** Resolves once it has ended, however. */
  ended: Promise<void>;
}

interface Deadline {
  milliseconds: number;
  passed: boolean;
  timer: NodeJS.Timeout | null;
}

const announceEvery = 100;
const keepEnded = 200;

/** Runs long work with progress, pause and cancel. It continues whether or not a window is open. */
export class TaskRegistry {
  /** A task of this connection has done its work; it counts as ended when all who listen are done. */
  readonly worked = new Signal<string>();
  readonly #entries = new Map<string, Entry>();
  readonly #events: EventBus;
  readonly #deadlineOf: (kind: string) => number;

  /** @param deadlineOf how long a task of a kind may work, milliseconds */
  constructor(events: EventBus, deadlineOf: (kind: string) => number = taskDeadline) {
    this.#events = events;
    this.#deadlineOf = deadlineOf;
  }

  /**
   * Starts work.
   * @returns its id, and a promise of its result (which rejects with an `AppError`)
   */
  start<Result>(start: TaskStart<Result>): { taskId: string; finished: Promise<Result> } {
    const taskId = randomUUID();
    const entry: Entry = {
      summary: {
        taskId,
        connectionId: start.connectionId,
        kind: start.kind,
        title: start.title,
        state: 'running',
        done: 0,
        total: start.total ?? null,
        failed: 0,
        startedAt: new Date().toISOString(),
        endedAt: null,
        canPause: start.canPause ?? false,
        read: false,
        ...(start.about === undefined ? {} : { about: start.about }),
      },
      writesTo: start.writesTo ?? [],
      result: undefined,
      abort: new AbortController(),
      resume: null,
      paused: null,
      timer: null,
      deadline: { milliseconds: this.#deadlineOf(start.kind), passed: false, timer: null },
      ended: Promise.resolve(),
    };
    this.#readEarlier(entry.summary);
    this.#entries.set(taskId, entry);
    this.#watchDeadline(entry);
    this.#announce(entry);
    const finished = this.#run(entry, start);
    // A failure is on record; a caller may still await it.
    entry.ended = finished.then(
      () => undefined,
      () => undefined,
    );
    return { taskId, finished };
  }

  /** Every task known, newest first. */
  list(connectionId?: string): TaskSummary[] {
    return [...this.#entries.values()]
      .map((entry) => entry.summary)
      .filter((task) => connectionId === undefined || task.connectionId === connectionId)
      .reverse();
  }

  /** Whether work is under way that may use a connection: its own, or work that names none. */
  isRunning(connectionId: string): boolean {
    return this.list().some(
      (task) =>
        task.endedAt === null && (task.connectionId === null || task.connectionId === connectionId),
    );
  }

  /** Whether work continues that may send changes to a connection; what is paused sends none. */
  isWriting(connectionId: string): boolean {
    return [...this.#entries.values()].some(
      ({ summary, writesTo }) => summary.state === 'running' && writesTo.includes(connectionId),
    );
  }

  /** The task of a kind that is under way at a connection. */
  running(connectionId: string, kind: string): TaskSummary | undefined {
    return this.list(connectionId).find((task) => task.kind === kind && task.endedAt === null);
  }

  /** The task of one of these kinds that is under way about one thing: a run, a cancellation. */
  runningAbout(about: string, ...kinds: string[]): TaskSummary | undefined {
    return this.list().find(
      (task) => task.about === about && kinds.includes(task.kind) && task.endedAt === null,
    );
  }

  get(taskId: string): TaskSummary & { result?: unknown } {
    const entry = this.#entry(taskId);
    return { ...entry.summary, ...(entry.result === undefined ? {} : { result: entry.result }) };
  }

  /** Asks a task to end; work already sent is finished and recorded. */
  cancel(taskId: string): void {
    const entry = this.#entry(taskId);
    entry.abort.abort();
    entry.resume?.();
  }

  /** Holds a task at its next checkpoint. */
  pause(taskId: string): void {
    const entry = this.#entry(taskId);
    if (entry.summary.state !== 'running' || !entry.summary.canPause) return;
    entry.paused = new Promise((resolve) => {
      entry.resume = resolve;
    });
    this.#update(entry, { state: 'paused' });
  }

  resume(taskId: string): void {
    const entry = this.#entry(taskId);
    if (entry.summary.state !== 'paused') return;
    this.#update(entry, { state: 'running' });
    entry.resume?.();
    entry.paused = null;
    entry.resume = null;
  }

  markRead(taskId: string): void {
    this.#update(this.#entry(taskId), { read: true });
  }

  /** Brings the record of a task that has ended in line with what was done since by other means. */
  revise(
    taskId: string,
    result: unknown,
    counts: Partial<Pick<TaskSummary, 'failed' | 'waiting'>>,
  ): void {
    const entry = this.#entry(taskId);
    entry.result = result;
    this.#update(entry, counts);
  }

  /** What the same work came to before is outdated once it is done again. */
  #readEarlier({ kind, title, about }: TaskSummary): void {
    if (about === undefined) return;
    for (const { summary } of this.#entries.values()) {
      const isSame = summary.kind === kind && summary.about === about && summary.title === title;
      if (isSame && summary.endedAt !== null && !summary.read) this.markRead(summary.taskId);
    }
  }

  /** Cancels tasks and waits until they have ended. */
  async end(taskIds: readonly string[]): Promise<void> {
    const entries = taskIds.map((taskId) => this.#entry(taskId));
    for (const { summary } of entries) if (summary.endedAt === null) this.cancel(summary.taskId);
    await Promise.all(entries.map(({ ended }) => ended));
  }

  /** Cancels everything and waits until it has ended, what begins meanwhile included. */
  async close(): Promise<void> {
    for (;;) {
      const left = [...this.#entries.values()].filter(({ summary }) => summary.endedAt === null);
      if (left.length === 0) return;
      await this.end(left.map(({ summary }) => summary.taskId));
    }
  }

  async #run<Result>(entry: Entry, start: TaskStart<Result>): Promise<Result> {
    try {
      const result = await this.#work(entry, start);
      entry.result = result;
      this.#end(entry, { state: 'succeeded' });
      return result;
    } catch (thrown) {
      const error = endOf(entry, thrown);
      const state = error.code === 'CANCELLED' ? 'cancelled' : 'failed';
      this.#end(entry, { state, error: error.toData() });
      throw error;
    }
  }

  async #work<Result>(entry: Entry, start: TaskStart<Result>): Promise<Result> {
    try {
      return await start.run(this.#controls(entry));
    } finally {
      if (start.connectionId !== null) await this.worked.tell(start.connectionId);
    }
  }

  /** Time that a task is paused is the operator's, and begins its deadline again. */
  #watchDeadline(entry: Entry): void {
    const { deadline } = entry;
    deadline.timer = setTimeout(() => {
      if (entry.summary.state === 'paused') return this.#watchDeadline(entry);
      deadline.passed = true;
      entry.abort.abort();
    }, deadline.milliseconds).unref();
  }

  #controls(entry: Entry): TaskControls {
    return {
      taskId: entry.summary.taskId,
      signal: entry.abort.signal,
      progress: (update) => {
        Object.assign(entry.summary, update);
        entry.timer ??= setTimeout(() => {
          entry.timer = null;
          this.#announce(entry);
        }, announceEvery);
      },
      keep: (result) => {
        entry.result = result;
      },
      checkpoint: async () => {
        if (entry.paused) await entry.paused;
        if (entry.abort.signal.aborted) throw cancelled();
      },
    };
  }

  #end(entry: Entry, update: Partial<TaskSummary>): void {
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = null;
    if (entry.deadline.timer) clearTimeout(entry.deadline.timer);
    this.#update(entry, { ...update, endedAt: new Date().toISOString() });
    const ended = [...this.#entries.values()].filter((other) => other.summary.endedAt !== null);
    for (const old of ended.slice(0, Math.max(0, ended.length - keepEnded))) {
      this.#entries.delete(old.summary.taskId);
    }
  }

  #update(entry: Entry, update: Partial<TaskSummary>): void {
    Object.assign(entry.summary, update);
    this.#announce(entry);
  }

  #announce(entry: Entry): void {
    this.#events.emit('task.changed', { task: { ...entry.summary } });
  }

  #entry(taskId: string): Entry {
    const entry = this.#entries.get(taskId);
    if (entry) return entry;
    throw new AppError({
      code: 'TASK_NOT_FOUND',
      message: 'The console knows no task of that id.',
      hint: 'It may have ended long ago or belong to an earlier session; look at the journal.',
    });
  }
}

/** Why a task ended that did not succeed. */
function endOf({ abort, deadline, summary }: Entry, thrown: unknown): AppError {
  if (deadline.passed) return tookTooLong(summary.title, deadline.milliseconds);
  return abort.signal.aborted ? cancelled() : toAppError(thrown);
}

function tookTooLong(title: string, milliseconds: number): AppError {
  return new AppError({
    code: 'TIMED_OUT',
    message: `"${title}" was ended after ${deadlineText(milliseconds)}, longer than such a task may take.`,
    hint: 'What was done before that stays done. Test the connection, then start it again to do the rest.',
    retryable: true,
  });
}

function cancelled(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'The work was cancelled.',
    hint: 'What was done before that stays done; start it again to do the rest.',
  });
}

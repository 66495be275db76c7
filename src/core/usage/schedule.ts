import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import type { Clusters } from '../clusters.ts';
import { writeFileAtomically } from '../files/write-file-atomically.ts';
import { holdOf } from '../operations/guard.ts';
import type { CollectService } from './collect-service.ts';
import { millisecondsToIso } from './report-period.ts';

const storedSchedule = z.object({
  everyMinutes: z.int().min(1).max(10_080).nullable(),
  removeCollected: z.boolean(),
  /** Unix milliseconds. */
  lastRunAt: z.int().nullable(),
});
type StoredSchedule = z.output<typeof storedSchedule>;

const none: StoredSchedule = { everyMinutes: null, removeCollected: false, lastRunAt: null };
const minute = 60_000;

/** What {@link CollectSchedule} works with. */
export interface ScheduleDependencies {
  clusters: Clusters;
  collections: Pick<CollectService, 'isRunning' | 'start'>;
  /** The time that passes, where it is not the machine's. */
  time?: ScheduleTime;
}

/** A clock and its alarm. */
export interface ScheduleTime {
  /** Unix milliseconds. */
  now(): number;
  /** Calls once, after so many milliseconds; the returned function calls it off. */
  after(milliseconds: number, call: () => void): () => void;
}

const machineTime: ScheduleTime = {
  now: Date.now,
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Collects by itself, every so many minutes, while the console runs. A schedule lies beside the
 * archive of its connection. On a `production` connection that is locked it collects and leaves deleting for later.
 */
export class CollectSchedule {
  readonly #dependencies: ScheduleDependencies;
  readonly #time: ScheduleTime;
  readonly #alarms = new Map<string, () => void>();
  #closed = false;

  constructor(dependencies: ScheduleDependencies) {
    this.#dependencies = dependencies;
    this.#time = dependencies.time ?? machineTime;
    dependencies.clusters.onRelease(async (connectionId) => this.#stop(connectionId));
  }

  /** Takes the schedules of these connections up again. */
  async resume(connectionIds: readonly string[]): Promise<void> {
    for (const connectionId of connectionIds) {
      const stored = await this.#read(connectionId).catch(() => none);
      this.#plan(connectionId, stored);
    }
  }

  /** The schedule of a connection. */
  async get(connectionId: string): Promise<CallOutput<'usage.schedule'>> {
    const { everyMinutes, removeCollected, lastRunAt } = await this.#read(connectionId);
    const { connection } = await this.#dependencies.clusters.get(connectionId);
    const now = this.#time.now();
    const next = everyMinutes === null ? null : (lastRunAt ?? now) + everyMinutes * minute;
    return {
      everyMinutes,
      removeCollected,
      removalHeldBack: removeCollected ? holdOf(connection) : null,
      lastRunAt: lastRunAt === null ? null : millisecondsToIso(lastRunAt),
      nextRunAt: next === null ? null : millisecondsToIso(Math.max(next, now)),
    };
  }

  /** Sets the schedule of a connection; the first run is due a whole interval from now. */
  async set(
    connectionId: string,
    schedule: Pick<StoredSchedule, 'everyMinutes' | 'removeCollected'>,
  ): Promise<CallOutput<'usage.schedule'>> {
    const { lastRunAt } = await this.#read(connectionId);
    await this.#write(connectionId, { ...schedule, lastRunAt });
    this.#plan(connectionId, { ...schedule, lastRunAt: this.#time.now() });
    return this.get(connectionId);
  }

  /** Ends every timer. */
  close(): void {
    this.#closed = true;
    for (const connectionId of [...this.#alarms.keys()]) this.#stop(connectionId);
  }

  #plan(connectionId: string, { everyMinutes, lastRunAt }: StoredSchedule): void {
    this.#stop(connectionId);
    if (everyMinutes === null || this.#closed) return;
    const now = this.#time.now();
    const due = (lastRunAt ?? now) + everyMinutes * minute;
    const run = (): void => void this.#run(connectionId);
    this.#alarms.set(connectionId, this.#time.after(Math.max(1000, due - now), run));
  }

  /** A run that can't start, or fails, is on record as a task or tried again at the next time. */
  async #run(connectionId: string): Promise<void> {
    const { clusters, collections } = this.#dependencies;
    const stored = await this.#read(connectionId).catch(() => none);
    if (stored.everyMinutes === null || this.#closed) return;
    const lastRunAt = this.#time.now();
    try {
      const { connection } = await clusters.get(connectionId);
      const removalHeldBack = stored.removeCollected ? holdOf(connection) : null;
      if (!collections.isRunning(connectionId)) {
        const run = await collections.start(connectionId, 'Scheduled collection', {
          removeCollected: stored.removeCollected && removalHeldBack === null,
          removalHeldBack,
        });
        await run.finished;
      }
    } catch {
      // The task shows what failed; a run that could not start is due again at the next time.
    }
    await this.#write(connectionId, { ...stored, lastRunAt }).catch(() => undefined);
    this.#plan(connectionId, { ...stored, lastRunAt });
  }

  #stop(connectionId: string): void {
    this.#alarms.get(connectionId)?.();
    this.#alarms.delete(connectionId);
  }

  async #read(connectionId: string): Promise<StoredSchedule> {
    const path = await this.#path(connectionId);
    const text = await readFile(path, 'utf8').catch(() => null);
    const stored = text === null ? null : parseSchedule(text);
    return stored ?? none;
  }

  async #write(connectionId: string, schedule: StoredSchedule): Promise<void> {
    await writeFileAtomically(await this.#path(connectionId), `${JSON.stringify(schedule)}\n`);
  }

  async #path(connectionId: string): Promise<string> {
    return join(await this.#dependencies.clusters.directory(connectionId), 'collect-schedule.json');
  }
}

/** What was written, or null for what is no schedule: then nothing is collected by itself. */
function parseSchedule(text: string): StoredSchedule | null {
  try {
    return storedSchedule.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

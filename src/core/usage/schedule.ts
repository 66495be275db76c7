import type { CallOutput } from '#shared/contract/index.ts';
import type { Archives } from '../archive/archives.ts';
import type { Clusters } from '../clusters.ts';
import { isLocked } from '../operations/guard.ts';
import type { CollectService } from './collect-service.ts';
import { millisecondsToIso } from './report-period.ts';

interface StoredSchedule {
  everyMinutes: number | null;
  removeCollected: boolean;
  /** Unix milliseconds. */
  lastRunAt: number | null;
}

const settingName = 'usage.schedule';
const none: StoredSchedule = { everyMinutes: null, removeCollected: false, lastRunAt: null };
const minute = 60_000;

/** What {@link CollectSchedule} works with. */
export interface ScheduleDependencies {
  clusters: Clusters;
  archives: Archives;
  collections: CollectService;
}

/**
 * Collects by itself, every so many minutes, while the console runs. A schedule lies in the archive of
 * its connection. On a `production` connection that is locked it collects and leaves deleting for later.
 */
export class CollectSchedule {
  readonly #dependencies: ScheduleDependencies;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #closed = false;

  constructor(dependencies: ScheduleDependencies) {
    this.#dependencies = dependencies;
    dependencies.clusters.onRelease(async (connectionId) => this.#stop(connectionId));
  }

  /** Takes the schedules of these connections up again. Connections whose archive fails are left out. */
  async resume(connectionIds: readonly string[]): Promise<void> {
    for (const connectionId of connectionIds) {
      const stored = await this.#read(connectionId).catch(() => none);
      this.#plan(connectionId, stored);
    }
  }

  /** The schedule of a connection. */
  async get(connectionId: string): Promise<CallOutput<'usage.schedule'>> {
    const { everyMinutes, removeCollected, lastRunAt } = await this.#read(connectionId);
    const next = everyMinutes === null ? null : (lastRunAt ?? Date.now()) + everyMinutes * minute;
    return {
      everyMinutes,
      removeCollected,
      lastRunAt: lastRunAt === null ? null : millisecondsToIso(lastRunAt),
      nextRunAt: next === null ? null : millisecondsToIso(Math.max(next, Date.now())),
    };
  }

  /** Sets the schedule of a connection; the first run is due a whole interval from now. */
  async set(
    connectionId: string,
    schedule: Pick<StoredSchedule, 'everyMinutes' | 'removeCollected'>,
  ): Promise<CallOutput<'usage.schedule'>> {
    const { lastRunAt } = await this.#read(connectionId);
    await this.#write(connectionId, { ...schedule, lastRunAt });
    this.#plan(connectionId, { ...schedule, lastRunAt: Date.now() });
    return this.get(connectionId);
  }

  /** Ends every timer. */
  close(): void {
    this.#closed = true;
    for (const connectionId of [...this.#timers.keys()]) this.#stop(connectionId);
  }

  #plan(connectionId: string, { everyMinutes, lastRunAt }: StoredSchedule): void {
    this.#stop(connectionId);
    if (everyMinutes === null || this.#closed) return;
    const due = (lastRunAt ?? Date.now()) + everyMinutes * minute;
    const timer = setTimeout(() => void this.#run(connectionId), Math.max(1000, due - Date.now()));
    timer.unref();
    this.#timers.set(connectionId, timer);
  }

  /** A run that can't start, or fails, is on record as a task or tried again at the next time. */
  async #run(connectionId: string): Promise<void> {
    const { clusters, collections } = this.#dependencies;
    const stored = await this.#read(connectionId).catch(() => none);
    if (stored.everyMinutes === null || this.#closed) return;
    const lastRunAt = Date.now();
    try {
      const { connection } = await clusters.get(connectionId);
      const mayDelete = !connection.readOnly && !isLocked(connection);
      const removeCollected = stored.removeCollected && mayDelete;
      if (!collections.isRunning(connectionId)) {
        const run = await collections.start(connectionId, 'Scheduled collection', {
          removeCollected,
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
    clearTimeout(this.#timers.get(connectionId));
    this.#timers.delete(connectionId);
  }

  async #read(connectionId: string): Promise<StoredSchedule> {
    const archive = await this.#dependencies.archives.get(connectionId);
    const stored = await archive.read('readSetting', { name: settingName });
    return (stored as StoredSchedule | null) ?? none;
  }

  async #write(connectionId: string, value: StoredSchedule): Promise<void> {
    const archive = await this.#dependencies.archives.get(connectionId);
    await archive.write('writeSetting', { name: settingName, value });
  }
}

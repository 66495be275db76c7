import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import { minute } from '#shared/durations.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { guardOf } from '../../clusters/locks/guard.ts';
import type { SyncService } from '../../clusters/refresh/sync-service.ts';
import { writeFileAtomically } from '../../platform/files/write-file-atomically.ts';
import { millisecondsToIso } from '../coverage/report-period.ts';
import type { CollectService } from './collect-service.ts';

/** A scheduled collection refreshes first where sizes were not sampled for this long. */
const freshFor = 60 * minute;

type Job = keyof StoredSchedules;

interface ScheduleDependencies extends Pick<ClusterWork, 'clusters' | 'events'> {
  collections: Pick<CollectService, 'isRunning' | 'start'>;
  sync: Pick<SyncService, 'refresh' | 'status'>;
  /** The time that passes, where it is not the machine's. */
  time?: ScheduleTime;
}

/** A clock and its alarm. */
export interface ScheduleTime {
  /** Unix milliseconds. */
  now(): number;
  /** Calls once, after this many milliseconds; the returned function calls it off. */
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
 * Refreshes and collects at intervals while the console runs, whether a window is open or not. The
 * schedules of a connection are next to its archive. On a `production` connection that is locked it
 * collects and leaves deleting for later.
 */
export class ClusterSchedules {
  readonly #dependencies: ScheduleDependencies;
  readonly #time: ScheduleTime;
  readonly #alarms = new Map<string, () => void>();
  /** Changes of the stored schedules, one after another for each connection. */
  readonly #writing = new Map<string, Promise<unknown>>();
  /** Whether this process runs them: a headless command leaves that to the console next to it. */
  #active = false;
  #closed = false;

  constructor(dependencies: ScheduleDependencies) {
    this.#dependencies = dependencies;
    this.#time = dependencies.time ?? machineTime;
    dependencies.clusters.onRelease(async (connectionId) => this.#stop(connectionId));
  }

  /** Resumes the schedules of these connections. */
  async resume(connectionIds: readonly string[]): Promise<void> {
    this.#active = true;
    for (const connectionId of connectionIds) {
      const stored = await this.#read(connectionId).catch(() => noSchedules);
      this.#plan(connectionId, 'refresh', stored.refresh);
      this.#plan(connectionId, 'collect', stored.collect);
    }
  }

  async refreshes(connectionId: string): Promise<CallOutput<'sync.schedule'>> {
    const { refresh } = await this.#read(connectionId);
    return { everyMinutes: refresh.everyMinutes, ...this.#times(refresh) };
  }

  async collections(connectionId: string): Promise<CallOutput<'usage.schedule'>> {
    const { collect } = await this.#read(connectionId);
    const { connection } = await this.#dependencies.clusters.get(connectionId);
    const { everyMinutes, removeCollected } = collect;
    const removalHeldBack = removeCollected ? guardOf(connection) : null;
    return { everyMinutes, removeCollected, removalHeldBack, ...this.#times(collect) };
  }

  /** Sets when a connection is refreshed; the first run is due a whole interval from now. */
  async setRefreshes(
    connectionId: string,
    everyMinutes: number | null,
  ): Promise<CallOutput<'sync.schedule'>> {
    await this.#set(connectionId, 'refresh', { everyMinutes });
    this.#announce(connectionId);
    return this.refreshes(connectionId);
  }

  /** Sets when a connection's statistics are collected; the first run is due a whole interval from now. */
  async setCollections(
    connectionId: string,
    schedule: Pick<StoredSchedules['collect'], 'everyMinutes' | 'removeCollected'>,
  ): Promise<CallOutput<'usage.schedule'>> {
    await this.#set(connectionId, 'collect', schedule);
    return this.collections(connectionId);
  }

  /** Notes that a refresh ended, however it was started: the next one counts from here. */
  async noteRefresh(connectionId: string): Promise<void> {
    if (!this.#active) return;
    const { refresh } = await this.#read(connectionId).catch(() => noSchedules);
    if (refresh.everyMinutes === null || this.#closed) return;
    await this.#ran(connectionId, 'refresh', this.#time.now()).catch(() => undefined);
    this.#announce(connectionId);
  }

  close(): void {
    this.#closed = true;
    for (const call of this.#alarms.values()) call();
    this.#alarms.clear();
  }

  #announce(connectionId: string): void {
    this.#dependencies.events.emit('data.changed', { connectionId, topics: ['sync'] });
  }

  #times({ everyMinutes, lastRunAt }: StoredSchedules[Job]) {
    const now = this.#time.now();
    const next = everyMinutes === null ? null : this.#due(everyMinutes, lastRunAt);
    return {
      lastRunAt: lastRunAt === null ? null : millisecondsToIso(lastRunAt),
      nextRunAt: next === null ? null : millisecondsToIso(Math.max(next, now)),
    };
  }

  /** A last run in the future was noted before the clock was set back. */
  #due(everyMinutes: number, lastRunAt: number | null): number {
    const now = this.#time.now();
    return Math.min(lastRunAt ?? now, now) + everyMinutes * minute;
  }

  #plan(connectionId: string, job: Job, { everyMinutes, lastRunAt }: StoredSchedules[Job]): void {
    this.#stop(connectionId, job);
    if (everyMinutes === null || this.#closed) return;
    const wait = this.#due(everyMinutes, lastRunAt) - this.#time.now();
    const run = (): void => void this.#run(connectionId, job);
    this.#alarms.set(`${connectionId} ${job}`, this.#time.after(Math.max(1000, wait), run));
  }

  /** A run that can't start, or fails, is on record as a task or tried again at the next time. */
  async #run(connectionId: string, job: Job): Promise<void> {
    const stored = await this.#read(connectionId).catch(() => noSchedules);
    if (stored[job].everyMinutes === null || this.#closed) return;
    const startedAt = this.#time.now();
    try {
      if (job === 'refresh') await this.#refresh(connectionId);
      else await this.#collect(connectionId, stored.collect);
    } catch {
      // The task shows what failed; a run that could not start is due again at the next time.
    }
    await this.#ran(connectionId, job, startedAt).catch(() => undefined);
  }

  async #refresh(connectionId: string): Promise<void> {
    const { clusters, sync } = this.#dependencies;
    const { connection } = await clusters.get(connectionId);
    if (connection.hasCredential) await sync.refresh(connectionId);
  }

  async #collect(connectionId: string, stored: StoredSchedules['collect']): Promise<void> {
    const { clusters, collections, sync } = this.#dependencies;
    const { connection } = await clusters.get(connectionId);
    if (collections.isRunning(connectionId)) return;
    const { asOf } = await sync.status(connectionId);
    // Storage is billed from samples of sizes, which only a refresh takes. One that fails has said so.
    if (asOf === null || this.#time.now() - Date.parse(asOf) >= freshFor) {
      await this.#refresh(connectionId).catch(() => undefined);
    }
    const removalHeldBack = stored.removeCollected ? guardOf(connection) : null;
    const run = await collections.start(connectionId, 'Scheduled collection', {
      removeCollected: stored.removeCollected && removalHeldBack === null,
      removalHeldBack,
    });
    await run.finished;
  }

  async #set(connectionId: string, job: Job, update: Partial<StoredSchedules['collect']>) {
    const stored = await this.#change(connectionId, job, update);
    this.#plan(connectionId, job, { ...stored[job], lastRunAt: this.#time.now() });
  }

  async #ran(connectionId: string, job: Job, lastRunAt: number): Promise<void> {
    const stored = await this.#change(connectionId, job, { lastRunAt });
    this.#plan(connectionId, job, stored[job]);
  }

  #change(
    connectionId: string,
    job: Job,
    update: Partial<StoredSchedules['collect']>,
  ): Promise<StoredSchedules> {
    const before = this.#writing.get(connectionId) ?? Promise.resolve();
    const change = before
      .catch(() => undefined)
      .then(async () => {
        const stored = await this.#read(connectionId);
        const next = { ...stored, [job]: { ...stored[job], ...update } };
        const directory = await this.#dependencies.clusters.directory(connectionId);
        await writeSchedules(directory, next).catch((thrown) => {
          // A run is planned all the same; an order that could not be kept is refused.
          if (!('lastRunAt' in update)) throw thrown;
        });
        return next;
      });
    this.#writing.set(connectionId, change);
    return change;
  }

  #stop(connectionId: string, job?: Job): void {
    for (const one of job ? [job] : (['refresh', 'collect'] as const)) {
      this.#alarms.get(`${connectionId} ${one}`)?.();
      this.#alarms.delete(`${connectionId} ${one}`);
    }
  }

  async #read(connectionId: string): Promise<StoredSchedules> {
    return readSchedules(await this.#dependencies.clusters.directory(connectionId));
  }
}

const everyMinutes = z.int().min(1).max(10_080).nullable();
/** Unix milliseconds. */
const lastRunAt = z.int().nullable();

const collectSchedule = z.object({ everyMinutes, removeCollected: z.boolean(), lastRunAt });
const refreshSchedule = z.object({ everyMinutes, lastRunAt });
const schedules = z.object({ refresh: refreshSchedule, collect: collectSchedule });

/** The schedules of a cluster, and their last runs. */
type StoredSchedules = z.output<typeof schedules>;

/** Nothing is done on its own. */
const noSchedules: StoredSchedules = {
  refresh: { everyMinutes: null, lastRunAt: null },
  collect: { everyMinutes: null, removeCollected: false, lastRunAt: null },
};

/**
 * The schedules in a connection's directory. A file that can't be read says that nothing is done by
 * itself. Before refreshes had a schedule, collections had their own file.
 */
async function readSchedules(directory: string): Promise<StoredSchedules> {
  const stored = schedules.safeParse(await readJson(join(directory, 'schedules.json')));
  if (stored.success) return stored.data;
  const former = collectSchedule.safeParse(
    await readJson(join(directory, 'collect-schedule.json')),
  );
  return former.success ? { ...noSchedules, collect: former.data } : noSchedules;
}

/** Writes the schedules atomically. */
async function writeSchedules(directory: string, stored: StoredSchedules): Promise<void> {
  await writeFileAtomically(join(directory, 'schedules.json'), `${JSON.stringify(stored)}\n`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}

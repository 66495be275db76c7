import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { Cluster, Clusters, SavedConnection } from '#core/clusters/clusters.ts';
import type {
  RefreshResult,
  SyncService,
  SyncStatus,
} from '#core/clusters/refresh/sync-service.ts';
import { EventBus } from '#core/platform/events.ts';
import type { CollectResult } from '#core/usage/collect/collect-options.ts';
import type { CollectRequest, CollectService } from '#core/usage/collect/collect-service.ts';
import { ClusterSchedules, type ScheduleTime } from '#core/usage/collect/schedule.ts';
import { minute } from '#shared/durations.ts';

/** A clock that stops until it is advanced; then what is due by then is called. */
class HandClock implements ScheduleTime {
  #now = Date.UTC(2026, 10, 21, 12);
  readonly alarms = new Map<number, { due: number; call: () => void }>();
  #next = 0;

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const id = this.#next++;
    this.alarms.set(id, { due: this.#now + milliseconds, call });
    return () => this.alarms.delete(id);
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    for (const [id, { due, call }] of [...this.alarms]) {
      if (due > this.#now) continue;
      this.alarms.delete(id);
      call();
    }
  }

  /** When the next alarm is due, minutes from now. */
  get nextIn(): number | null {
    const dues = [...this.alarms.values()].map(({ due }) => due);
    return dues.length === 0 ? null : (Math.min(...dues) - this.#now) / minute;
  }

  /** Sets the clock without letting time pass. */
  set(now: number): void {
    const shift = now - this.#now;
    this.#now = now;
    for (const alarm of this.alarms.values()) alarm.due += shift;
  }
}

class RecordedCollections implements Pick<CollectService, 'isRunning' | 'start'> {
  readonly requests: CollectRequest[] = [];
  running = false;
  fails = false;

  isRunning(): boolean {
    return this.running;
  }

  async start(_connectionId: string, _title: string, request: CollectRequest) {
    this.requests.push(request);
    const finished = this.fails
      ? Promise.reject(new Error('offline'))
      : Promise.resolve({} as CollectResult);
    return { taskId: 'task', finished };
  }
}

class RecordedRefreshes implements Pick<SyncService, 'refresh' | 'status'> {
  readonly at: number[] = [];
  asOf: string | null = null;
  fails = false;
  readonly #clock: HandClock;

  constructor(clock: HandClock) {
    this.#clock = clock;
  }

  async refresh(): Promise<RefreshResult> {
    this.at.push(this.#clock.now());
    if (this.fails) throw new Error('offline');
    this.asOf = new Date(this.#clock.now()).toISOString();
    return { users: 1, buckets: 1, asOf: this.asOf };
  }

  async status(): Promise<SyncStatus> {
    return { state: 'online', asOf: this.asOf, users: 1, buckets: 1 };
  }
}

let clock: HandClock;
let sync: RecordedRefreshes;
let collections: RecordedCollections;
let connection: Partial<SavedConnection>;
let schedule: ClusterSchedules;
const events = new EventBus();
let directory: string;

function open(): ClusterSchedules {
  const clusters: Pick<Clusters, 'get' | 'directory' | 'onRelease'> = {
    get: async () => ({ connection }) as Cluster,
    directory: async () => directory,
    onRelease: () => undefined,
  };
  const ports = { clusters: clusters as Clusters, collections, sync, events };
  return new ClusterSchedules({ ...ports, time: clock });
}

/** Until the run that an alarm began has planned the next. */
async function planned(): Promise<void> {
  while (clock.alarms.size === 0) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  clock = new HandClock();
  collections = new RecordedCollections();
  sync = new RecordedRefreshes(clock);
  connection = { name: 'Rack 1', environment: 'lab', readOnly: false, hasCredential: true };
  directory = mkdtempSync(join(tmpdir(), 'ostor-schedule-'));
  schedule = open();
  return () => {
    schedule.close();
    rmSync(directory, { recursive: true, force: true });
  };
});

const lastRun = (): unknown =>
  (
    JSON.parse(readFileSync(join(directory, 'schedules.json'), 'utf8')) as {
      collect: { lastRunAt: unknown };
    }
  ).collect.lastRunAt;

it('collects when a whole interval has passed, and again after each further one', async () => {
  await schedule.setCollections('c1', { everyMinutes: 30, removeCollected: true });
  clock.pass(29 * minute);
  expect(collections.requests).toEqual([]);
  clock.pass(minute);
  const ranAt = clock.now();
  await planned();
  expect(collections.requests).toEqual([{ removeCollected: true, removalHeldBack: null }]);
  expect(lastRun()).toBe(ranAt);
  expect(clock.nextIn).toBe(30);
  clock.pass(30 * minute);
  await planned();
  expect(collections.requests).toHaveLength(2);
});

it('continues after a run that failed, and lets a run under way be', async () => {
  collections.fails = true;
  await schedule.setCollections('c1', { everyMinutes: 5, removeCollected: false });
  clock.pass(5 * minute);
  await planned();
  collections.running = true;
  clock.pass(5 * minute);
  await planned();
  expect(collections.requests).toHaveLength(1);
  expect(clock.nextIn).toBe(5);
});

it.each([
  ['locked', { environment: 'production' as const }],
  ['read-only', { readOnly: true }],
])('collects and deletes nothing where the connection is %s, and says so', async (why, change) => {
  Object.assign(connection, change);
  const set = await schedule.setCollections('c1', { everyMinutes: 5, removeCollected: true });
  expect(set.removalHeldBack).toBe(why);
  clock.pass(5 * minute);
  await planned();
  expect(collections.requests).toEqual([{ removeCollected: false, removalHeldBack: why }]);
});

it('takes up after a restart where it was, at once where a run is overdue', async () => {
  await schedule.setCollections('c1', { everyMinutes: 60, removeCollected: false });
  clock.pass(60 * minute);
  await planned();
  schedule.close();
  expect(clock.nextIn).toBeNull();
  clock.pass(20 * minute);
  schedule = open();
  await schedule.resume(['c1']);
  expect(clock.nextIn).toBe(40);
  schedule.close();
  clock.pass(100 * minute);
  schedule = open();
  await schedule.resume(['c1']);
  clock.pass(1000);
  await planned();
  expect(collections.requests).toHaveLength(2);
});

it('stops when asked to', async () => {
  await schedule.setCollections('c1', { everyMinutes: 5, removeCollected: false });
  await schedule.setCollections('c1', { everyMinutes: null, removeCollected: false });
  expect(clock.nextIn).toBeNull();
});

it('refreshes at its own interval, also where nothing is collected, and continues after a failure', async () => {
  expect(await schedule.setRefreshes('c1', 15)).toMatchObject({
    everyMinutes: 15,
    lastRunAt: null,
  });
  clock.pass(15 * minute);
  await planned();
  expect(sync.at).toHaveLength(1);
  sync.fails = true;
  clock.pass(15 * minute);
  await planned();
  clock.pass(15 * minute);
  await planned();
  expect(sync.at).toHaveLength(3);
  expect(collections.requests).toEqual([]);
  connection.hasCredential = false;
  clock.pass(15 * minute);
  await planned();
  expect(sync.at).toHaveLength(3);
});

it('counts the next refresh from the last, however that was begun', async () => {
  await schedule.resume([]);
  await schedule.setRefreshes('c1', 60);
  clock.pass(40 * minute);
  const reported: unknown[] = [];
  events.subscribe(({ payload }) => reported.push(payload));
  await schedule.noteRefresh('c1');
  expect(clock.nextIn).toBe(60);
  expect(reported).toEqual([{ connectionId: 'c1', topics: ['sync'] }]);
  await schedule.setRefreshes('c1', null);
  await schedule.noteRefresh('c1');
  expect(reported).toHaveLength(2);
  expect(clock.nextIn).toBeNull();
});

it('refreshes before it collects where sizes were not sampled for an hour, and collects all the same if that fails', async () => {
  await schedule.setCollections('c1', { everyMinutes: 30, removeCollected: false });
  for (let run = 1; run <= 4; run += 1) {
    clock.pass(30 * minute);
    await planned();
    expect(collections.requests).toHaveLength(run);
  }
  expect(sync.at).toHaveLength(2);
  sync.fails = true;
  clock.pass(60 * minute);
  await planned();
  expect(sync.at).toHaveLength(3);
  expect(collections.requests).toHaveLength(5);
});

it('runs within its interval after the clock was set back', async () => {
  await schedule.setCollections('c1', { everyMinutes: 60, removeCollected: false });
  clock.pass(60 * minute);
  await planned();
  schedule.close();
  clock.set(clock.now() - 30 * 24 * 60 * minute);
  schedule = open();
  await schedule.resume(['c1']);
  expect(clock.nextIn).toBe(60);
});

it('takes over the schedule of collections that an earlier version kept', async () => {
  const former = { everyMinutes: 45, removeCollected: true, lastRunAt: clock.now() };
  writeFileSync(join(directory, 'collect-schedule.json'), JSON.stringify(former));
  schedule = open();
  await schedule.resume(['c1']);
  expect(clock.nextIn).toBe(45);
  expect(await schedule.collections('c1')).toMatchObject({
    everyMinutes: 45,
    removeCollected: true,
  });
  await schedule.setRefreshes('c1', 5);
  expect(existsSync(join(directory, 'schedules.json'))).toBe(true);
  expect(await schedule.collections('c1')).toMatchObject({ everyMinutes: 45 });
});

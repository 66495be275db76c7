import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { Cluster, Clusters, SavedConnection } from '#core/clusters.ts';
import type { CollectRequest, CollectResult, CollectService } from '#core/usage/collect-service.ts';
import { CollectSchedule, type ScheduleTime } from '#core/usage/schedule.ts';

const minute = 60_000;

/** A clock that stands until it is put on; then what is due by then is called. */
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
    const [alarm] = this.alarms.values();
    return alarm ? (alarm.due - this.#now) / minute : null;
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

let clock: HandClock;
let collections: RecordedCollections;
let connection: Partial<SavedConnection>;
let schedule: CollectSchedule;
let directory: string;

function open(): CollectSchedule {
  const clusters: Pick<Clusters, 'get' | 'directory' | 'onRelease'> = {
    get: async () => ({ connection }) as Cluster,
    directory: async () => directory,
    onRelease: () => undefined,
  };
  return new CollectSchedule({ clusters: clusters as Clusters, collections, time: clock });
}

/** Until the run that an alarm began has planned the next. */
async function planned(): Promise<void> {
  while (clock.alarms.size === 0) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  clock = new HandClock();
  collections = new RecordedCollections();
  connection = { name: 'Rack 1', environment: 'lab', readOnly: false };
  directory = mkdtempSync(join(tmpdir(), 'ostor-schedule-'));
  schedule = open();
  return () => {
    schedule.close();
    rmSync(directory, { recursive: true, force: true });
  };
});

const lastRun = (): unknown =>
  (
    JSON.parse(readFileSync(join(directory, 'collect-schedule.json'), 'utf8')) as {
      lastRunAt: unknown;
    }
  ).lastRunAt;

it('collects when a whole interval has passed, and again after each further one', async () => {
  await schedule.set('c1', { everyMinutes: 30, removeCollected: true });
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

it('goes on after a run that failed, and lets a run under way be', async () => {
  collections.fails = true;
  await schedule.set('c1', { everyMinutes: 5, removeCollected: false });
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
  const set = await schedule.set('c1', { everyMinutes: 5, removeCollected: true });
  expect(set.removalHeldBack).toBe(why);
  clock.pass(5 * minute);
  await planned();
  expect(collections.requests).toEqual([{ removeCollected: false, removalHeldBack: why }]);
});

it('takes up after a restart where it was, at once where a run is overdue', async () => {
  await schedule.set('c1', { everyMinutes: 60, removeCollected: false });
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

it('stops when it is told to', async () => {
  await schedule.set('c1', { everyMinutes: 5, removeCollected: false });
  await schedule.set('c1', { everyMinutes: null, removeCollected: false });
  expect(clock.nextIn).toBeNull();
});

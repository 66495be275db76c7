import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SyncService } from '#core/clusters/refresh/sync-service.ts';
import { EventBus } from '#core/platform/events.ts';
import { TaskRegistry } from '#core/platform/tasks/task-registry.ts';
import type { JournalIntent } from '#core/store/archive/journal-port.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import type { ConsoleEvent } from '#shared/contract/events.ts';
import { AppError } from '#shared/errors.ts';
import { listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';
import { ListsGateway } from '#test/fakes/lists-gateway.ts';
import { labConnection, OneCluster } from '#test/fakes/one-cluster.ts';

const refused = new AppError({
  code: 'CONNECTION_REFUSED',
  message: 'Nothing listens there.',
  hint: 'Check the port.',
  retryable: true,
});

let directory: string;
let snapshot: Snapshot;
let gateway: ListsGateway;
let tasks: TaskRegistry;
let sync: SyncService;
let events: ConsoleEvent[];
let entries: JournalIntent[];

function start(): void {
  const bus = new EventBus();
  events = [];
  entries = [];
  const record = async (entry: JournalIntent, act: () => Promise<void>) => {
    entries.push(entry);
    await act();
  };
  bus.subscribe((event) => events.push(event));
  tasks = new TaskRegistry(bus);
  const connection = labConnection({ endpoint: 'https://s3.example.com', accessKeyId: 'aa01' });
  const clusters = new OneCluster({ connection, directory, snapshot, gateway: gateway.port });
  sync = new SyncService({ clusters, tasks, events: bus, record });
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-sync-'));
  snapshot = await openSnapshot(directory);
  gateway = new ListsGateway();
  gateway.users = [listedUser('aa', 'anna@example.com')];
  gateway.buckets = { Buckets: [listedBucket('logs'), listedBucket('media')] };
  start();
});

afterEach(async () => {
  await tasks.close();
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('SyncService', () => {
  it('has never seen anything, then fetches both lists and says so', async () => {
    expect(await sync.status('lab')).toEqual({ state: 'never', asOf: null, users: 0, buckets: 0 });
    const result = await sync.refresh('lab');
    expect(result).toMatchObject({ users: 1, buckets: 2 });
    expect(await sync.status('lab')).toEqual({ state: 'online', ...result });
    expect(tasks.list('lab')).toMatchObject([{ kind: 'sync.refresh', state: 'succeeded' }]);
    expect(events.filter(({ name }) => name === 'data.changed')).toEqual([
      {
        name: 'data.changed',
        payload: { connectionId: 'lab', topics: ['users', 'buckets'] },
      },
    ]);
    const last = events.findLast(({ name }) => name === 'sync.changed');
    expect(last?.payload).toEqual({ connectionId: 'lab', status: { state: 'online', ...result } });
  });

  it('joins a refresh that is under way, and says what it has done', async () => {
    const gate = Promise.withResolvers<void>();
    gateway.gate = gate.promise;
    const both = Promise.all([sync.refresh('lab'), sync.refresh('lab')]);
    await expect.poll(() => gateway.asked).toBe(1);
    const { refreshing } = await sync.status('lab');
    expect(refreshing).toEqual({ taskId: tasks.list()[0]?.taskId, stage: 'users', done: 0 });
    gate.resolve();
    const [first, second] = await both;
    expect(first).toEqual(second);
    expect(gateway.asked).toBe(2);
    expect(tasks.list()).toHaveLength(1);
    await sync.refresh('lab');
    expect(tasks.list()).toHaveLength(2);
  });

  it('keeps what was seen when the gateway can’t be reached, and remembers since when and why', async () => {
    const seen = await sync.refresh('lab');
    gateway.failure = refused;
    await expect(sync.refresh('lab')).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' });
    const offline = await sync.status('lab');
    expect(offline).toMatchObject({
      state: 'offline',
      asOf: seen.asOf,
      buckets: 2,
      error: refused.toData(),
    });
    await expect(sync.refresh('lab')).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' });
    start(); // as after a restart
    expect(await sync.status('lab')).toEqual(offline);
    gateway.failure = null;
    await sync.refresh('lab');
    const online = await sync.status('lab');
    expect(online.state).toBe('online');
    expect(online).not.toHaveProperty('error');
    expect(online).not.toHaveProperty('offlineSince');
    start();
    expect(await sync.status('lab')).toEqual(online);
  });

  it('names the request whose answer can’t be read', async () => {
    gateway.buckets = '<html>Sign in</html>';
    await expect(sync.refresh('lab')).rejects.toMatchObject({
      code: 'ANSWER_NOT_JSON',
      requestId: 'request-2',
    });
    expect(await sync.status('lab')).toMatchObject({ state: 'offline', asOf: null });
  });

  it('holds lists back that lack more than half, until that is accepted, on record', async () => {
    const listed = (count: number) =>
      Array.from({ length: count }, (_, index) => listedUser(`a${index}`, `u${index}@example.com`));
    gateway.users = listed(60);
    const { asOf } = await sync.refresh('lab');
    gateway.users = listed(31);
    expect(await sync.refresh('lab')).toMatchObject({ users: 31 });
    gateway.users = [];
    gateway.buckets = { Buckets: [listedBucket('media')] };
    await expect(sync.refresh('lab')).rejects.toMatchObject({
      code: 'REFRESH_HELD_BACK',
      message: expect.stringContaining('31 of 31 users'),
    });
    const held = await sync.status('lab');
    expect(held).toMatchObject({ state: 'online', users: 31, buckets: 2 });
    expect(held.asOf).not.toBe(asOf);
    expect(held.heldBack?.users).toMatchObject({ before: 31, after: 0, missing: 31 });
    expect(held.heldBack?.users.names).toContain('u0@example.com');
    expect(held.heldBack?.buckets).toMatchObject({ before: 2, after: 1, missing: 1, names: [] });
    start(); // as after a restart
    await sync.noteFailure('lab', refused);
    await sync.noteAnswer('lab');
    expect(await sync.status('lab')).toEqual(held);
    gateway.buckets = { Buckets: [] }; // more is gone than was shown
    await expect(sync.acceptShorter('lab')).rejects.toMatchObject({ code: 'REFRESH_HELD_BACK' });
    expect(await sync.acceptShorter('lab')).toMatchObject({ users: 0, buckets: 0 });
    expect(await sync.status('lab')).not.toHaveProperty('heldBack');
    expect(entries.map(({ operation, before, after }) => ({ operation, before, after }))).toEqual([
      {
        operation: 'sync.acceptShorter',
        before: { users: '31', buckets: '2' },
        after: { users: '0', buckets: '1' },
      },
      {
        operation: 'sync.acceptShorter',
        before: { users: '31', buckets: '2' },
        after: { users: '0', buckets: '0' },
      },
    ]);
    await expect(sync.acceptShorter('lab')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('forgets shorter lists when what was seen is kept', async () => {
    await sync.refresh('lab');
    gateway.users = [];
    await expect(sync.refresh('lab')).rejects.toMatchObject({ code: 'REFRESH_HELD_BACK' });
    expect(await sync.keepSeen('lab')).not.toHaveProperty('heldBack');
    expect(await sync.status('lab')).toMatchObject({ users: 1 });
    expect(entries).toEqual([]);
  });

  it('does not take a failure of the disk for one of the gateway', async () => {
    const full = { code: 'DISK_FAILED', message: 'The disk is full.', hint: 'Free some.' } as const;
    await sync.noteFailure('lab', new AppError(full));
    const { state, error } = await sync.status('lab');
    expect({ state, error }).toEqual({ state: 'never', error: undefined });
  });

  it('can be cancelled, which says nothing of the gateway', async () => {
    gateway.gate = new Promise(() => undefined);
    const refreshing = sync.refresh('lab');
    await expect.poll(() => gateway.asked).toBe(1);
    tasks.cancel(tasks.list()[0]?.taskId ?? '');
    await expect(refreshing).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await sync.status('lab')).toMatchObject({ state: 'never' });
    expect(tasks.list()).toMatchObject([{ state: 'cancelled' }]);
    gateway.gate = Promise.resolve();
    expect(await sync.refresh('lab')).toMatchObject({ users: 1 });
  });

  it('fetches again automatically, and takes a failure of that as it is', async () => {
    gateway.failure = refused;
    sync.refetch('lab');
    await expect.poll(async () => (await sync.status('lab')).state).toBe('offline');
    gateway.failure = null;
    sync.refetch('lab');
    await expect.poll(async () => (await sync.status('lab')).buckets).toBe(2);
  });

  it('starts from nothing where what it remembered can’t be read', async () => {
    writeFileSync(join(directory, 'sync-state.json'), '{"offlineSince":"yesterday"');
    expect(await sync.status('lab')).toMatchObject({ state: 'never' });
  });

  it('refuses a connection there is not', async () => {
    await expect(sync.refresh('nowhere')).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
    await expect(sync.status('nowhere')).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bucketsReadHandlers } from '#core/buckets/read-handlers.ts';
import { EventBus } from '#core/events.ts';
import { openSnapshot } from '#core/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { SyncService } from '#core/sync/sync-service.ts';
import { TaskRegistry } from '#core/tasks/task-registry.ts';
import { usersReadHandlers } from '#core/users/read-handlers.ts';
import { userDetail } from '#shared/contract/users.ts';
import { AppError } from '#shared/errors.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';
import { ListsGateway } from '#test/fakes/lists-gateway.ts';
import { labConnection, OneCluster } from '#test/fakes/one-cluster.ts';

const unreachable = new AppError({
  code: 'NETWORK_UNREACHABLE',
  message: 'There is no way to that network.',
  hint: 'Plug the cable in.',
});
const context = { signal: new AbortController().signal };
const anna = {
  userId: 'aa',
  email: 'anna@example.com',
  state: 'disabled' as const,
  ownerId: '00',
  flags: [],
  accessKeyIds: ['aa01'],
  accounts: [{ name: 'backup', accessKeyIds: ['aa02'] }],
};

let directory: string;
let snapshot: Snapshot;
let gateway: ListsGateway;
let sync: SyncService;
let users: ReturnType<typeof usersReadHandlers>;
let buckets: ReturnType<typeof bucketsReadHandlers>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-read-'));
  snapshot = await openSnapshot(directory);
  await snapshot.refresh(
    feedOf(
      [listedUser('aa', 'anna@example.com')],
      [listedBucket('logs', { owner_id: 'aa', current: 5 })],
    ),
  );
  gateway = new ListsGateway();
  gateway.details = [anna];
  const connection = labConnection({ endpoint: 'https://s3.example.com', accessKeyId: 'aa01' });
  const clusters = new OneCluster({ connection, directory, snapshot, gateway: gateway.port });
  const events = new EventBus();
  sync = new SyncService({ clusters, tasks: new TaskRegistry(events), events });
  users = usersReadHandlers({ clusters, sync });
  buckets = bucketsReadHandlers({ clusters, sync });
});

afterEach(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

const getUser = (userId: string) => users['users.get']({ connectionId: 'lab', userId }, context);
const getBucket = (name: string) => buckets['buckets.get']({ connectionId: 'lab', name }, context);
const page = { connectionId: 'lab', offset: 0, limit: 10 };

describe('users.get', () => {
  it('reads the gateway, and shows that again when the gateway is gone', async () => {
    const live = await getUser('aa');
    expect(userDetail.parse(live)).toEqual(live);
    expect(live).toMatchObject({
      source: 'gateway',
      state: 'disabled',
      bucketCount: 1,
      currentBytes: 5,
      keys: [{ accessKeyId: 'aa01' }],
      accounts: [{ name: 'backup', keys: [{ accessKeyId: 'aa02' }] }],
    });
    gateway.failure = unreachable;
    const seen = await getUser('aa');
    const { asOf } = (await snapshot.summary()) ?? {};
    expect(seen).toEqual({ ...live, source: 'snapshot', asOf });
    expect(seen.keysAsOf).toBe(live.asOf);
    expect(await sync.status('lab')).toMatchObject({
      state: 'offline',
      error: unreachable.toData(),
    });
    gateway.failure = null;
    await getUser('aa');
    expect(await sync.status('lab')).toMatchObject({ state: 'online' });
  });

  it('shows a user that is newer than the list', async () => {
    gateway.details = [{ ...anna, userId: 'bb', email: 'bert@example.com' }];
    expect(await getUser('bb')).toMatchObject({ source: 'gateway', bucketCount: 0 });
    expect((await users['users.list'](page, context)).total).toBe(2);
  });

  it('says that a user is gone, though it was seen once', async () => {
    gateway.details = [];
    await expect(getUser('aa')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await sync.status('lab')).toMatchObject({ state: 'online' });
  });

  it('says why, where the gateway can’t be reached and the user was never seen', async () => {
    gateway.failure = unreachable;
    await expect(getUser('cc')).rejects.toMatchObject({ code: 'NETWORK_UNREACHABLE' });
  });

  it('does not wait for a gateway that does not answer', async () => {
    gateway.gate = new Promise(() => undefined);
    expect(await getUser('aa')).toMatchObject({ source: 'snapshot', keysAsOf: null, keys: [] });
    expect(await sync.status('lab')).toMatchObject({ state: 'online' });
  });
});

describe('buckets.get', () => {
  const logs = {
    name: 'logs',
    ownerId: 'aa',
    epoch: 0n,
    createdAt: null,
    currentBytes: 2n ** 60n,
    peakBytes: 7n,
    byteIntegral: 8n,
    lastHour: 9,
  };

  it('reads the gateway; without it, shows what was last seen', async () => {
    gateway.single = [logs];
    const { asOf } = (await snapshot.summary()) ?? {};
    expect(await getBucket('logs')).toMatchObject({
      source: 'gateway',
      ownerEmail: 'anna@example.com',
      currentBytes: '1152921504606846976',
      firstSeen: asOf,
    });
    gateway.failure = unreachable;
    expect(await getBucket('logs')).toMatchObject({ source: 'snapshot', currentBytes: 5, asOf });
    await expect(getBucket('media')).rejects.toMatchObject({ code: 'NETWORK_UNREACHABLE' });
  });

  it('says that a bucket is gone, though it was seen once', async () => {
    await expect(getBucket('logs')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('buckets.list', () => {
  it('lists what was last seen', async () => {
    const list = await buckets['buckets.list']({ ...page, search: 'og' }, context);
    expect(list).toMatchObject({ total: 1, rows: [{ name: 'logs', ownerEmail: anna.email }] });
  });
});

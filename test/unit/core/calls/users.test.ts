import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usersHandlers } from '#core/calls/users.ts';
import { answerOrCached } from '#core/clusters/refresh/gateway-questions.ts';
import { userDetail } from '#shared/contract/users.ts';
import { SeenCluster, unreachable } from '#test/fakes/seen-cluster.ts';

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

let cluster: SeenCluster;
let users: ReturnType<typeof usersHandlers>;

beforeEach(async () => {
  cluster = await SeenCluster.open();
  cluster.gateway.details = [anna];
  users = usersHandlers(cluster);
});

afterEach(() => cluster.end());

const getUser = (userId: string) => users['users.get']({ connectionId: 'lab', userId }, context);
/** The topics of the next `data.changed`. */
const usersChanged = () =>
  new Promise<string[]>((resolve) => {
    cluster.events.subscribe(({ name, payload }) => {
      if (name === 'data.changed' && payload.topics.includes('users')) resolve(payload.topics);
    });
  });
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
    cluster.gateway.failure = unreachable;
    const seen = await getUser('aa');
    expect(seen).toEqual({ ...live, source: 'snapshot', asOf: await cluster.asOf() });
    expect(seen.keysAsOf).toBe(live.asOf);
    expect(await cluster.sync.status('lab')).toMatchObject({
      state: 'offline',
      error: unreachable.toData(),
    });
    cluster.gateway.failure = null;
    await getUser('aa');
    expect(await cluster.sync.status('lab')).toMatchObject({ state: 'online' });
  });

  it('shows a user that is newer than the list, its buckets not counted', async () => {
    cluster.gateway.details = [{ ...anna, userId: 'bb', email: 'bert@example.com' }];
    expect(await getUser('bb')).toMatchObject({
      source: 'gateway',
      bucketCount: null,
      currentBytes: null,
      peakBytes: null,
    });
    expect((await users['users.list'](page, context)).total).toBe(2);
  });

  it('says that a user is gone, though it was seen once', async () => {
    cluster.gateway.details = [];
    await expect(getUser('aa')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await cluster.sync.status('lab')).toMatchObject({ state: 'online' });
  });

  it('says why, where the gateway can’t be reached and the user was never seen', async () => {
    cluster.gateway.failure = unreachable;
    await expect(getUser('cc')).rejects.toMatchObject({ code: 'NETWORK_UNREACHABLE' });
  });

  it('shows what was seen while a slow gateway is still asked, and tells when it answered', async () => {
    const gate = Promise.withResolvers<void>();
    cluster.gateway.gate = gate.promise;
    const reported = usersChanged();
    const seen = { source: 'snapshot', waiting: true, keysAsOf: null, keys: [] };
    expect(await Promise.all([getUser('aa'), getUser('aa')])).toMatchObject([seen, seen]);
    expect(await cluster.sync.status('lab')).toMatchObject({ state: 'online' });
    expect(cluster.gateway.asked).toBe(1);
    gate.resolve();
    expect(await reported).toEqual(['users', 'keys', 'accounts']);
    const answered = { source: 'gateway', keys: [{ accessKeyId: 'aa01' }] };
    expect(await Promise.all([getUser('aa'), getUser('aa')])).toMatchObject([answered, answered]);
    expect(cluster.gateway.asked).toBe(1);
  });

  it('waits for a slow gateway where nothing was ever seen', async () => {
    const late = Promise.withResolvers<{ value: number }>();
    const asking = answerOrCached(
      { waiting: late.promise },
      async (value) => ({ value }),
      async () => null,
    );
    late.resolve({ value: 7 });
    expect(await asking).toEqual({ value: 7, source: 'gateway' });
  });

  it('asks again after a write: what was asked before it may be of the time before', async () => {
    const gate = Promise.withResolvers<void>();
    cluster.gateway.gate = gate.promise;
    expect(await getUser('aa')).toMatchObject({ waiting: true });
    cluster.events.emit('data.changed', { connectionId: 'lab', topics: ['users', 'journal'] });
    cluster.gateway.gate = Promise.resolve();
    cluster.gateway.details = [{ ...anna, accessKeyIds: [] }];
    expect(await getUser('aa')).toMatchObject({ source: 'gateway', keys: [] });
    expect(cluster.gateway.asked).toBe(2);
  });
});

import { holdOf } from '#core/clusters/locks/guard.ts';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { FakeTransport } from './fake-transport.ts';

type Connection = CallOutput<'connections.list'>[number];
type UserRow = CallOutput<'users.list'>['rows'][number];
type BucketRow = CallOutput<'buckets.list'>['rows'][number];
type SyncStatus = CallOutput<'sync.status'>;

/** When the fake cluster was read. */
export const fakeAsOf = '2026-11-21T12:03:20.000Z';

/** The row of a cluster on All clusters. */
export const fakeGlance: CallOutput<'signals.clusters'>[number] = {
  ...{ connectionId: 'rack-7', name: 'Rack 7', environment: 'lab', demo: false, state: 'online' },
  ...{ asOf: fakeAsOf, users: 3, buckets: 4, bytes: 2 ** 41, growthBytes: -(2 ** 40) },
  ...{ uploaded: 1024, downloaded: 2048, signals: { critical: 1, warning: 1, information: 0 } },
  ...{ snoozed: 2, coverage: { covered: 150, expected: 168, missing: 18 } },
  ...{ collectedAt: fakeAsOf, certificateDays: 12 },
};

/** A connection to the fake cluster, with fields replaced as given. */
export function fakeConnection(update: Partial<Connection> = {}): Connection {
  const connection = {
    id: 'rack-7',
    name: 'Rack 7',
    endpoint: 'https://s3.rack7.example:8443',
    accessKeyId: 'f0f0f0f0f0f0f0f0AAAA',
    environment: 'lab',
    readOnly: false,
    signature: 'auto',
    maxConnections: 8,
    hasCredential: true,
    credentialStore: 'keychain',
    demo: false,
    ...update,
  } satisfies Omit<Connection, 'hold'>;
  return { ...connection, hold: update.hold ?? holdOf(connection, null) };
}

/** A connection whose gateway was out of reach last time. */
export function offlineConnection(): Connection {
  const connection = fakeConnection();
  return { ...connection, hold: holdOf(connection, { message: 'Nothing listens on port 8443.' }) };
}

/** User number `index` of the fake cluster; every tenth is disabled. */
export function fakeUser(index: number): UserRow {
  return {
    userId: index.toString(16).padStart(16, '0'),
    email: `user-${String(index).padStart(6, '0')}@example.com`,
    state: index % 10 === 9 ? 'disabled' : 'enabled',
    flags: index === 0 ? ['system'] : [],
    ownerId: '0000000000000000',
    bucketCount: index % 4,
    currentBytes: 46_700_160 + index,
    peakBytes: 46_700_160 + index,
    firstSeen: fakeAsOf,
  };
}

/** The same user whole, as the gateway has it. */
export function fakeUserDetail(index: number): CallOutput<'users.get'> {
  const user = fakeUser(index);
  return {
    ...user,
    keys: [{ accessKeyId: `${user.userId}KEY1` }],
    accounts: [{ name: 'backup', keys: [{ accessKeyId: `${user.userId}ACC1` }] }],
    keysAsOf: fakeAsOf,
    asOf: fakeAsOf,
    source: 'gateway',
  };
}

/** Bucket number `index` of the fake cluster. */
export function fakeBucket(index: number): BucketRow {
  const owner = fakeUser(index % 7);
  return {
    name: `bucket-${index}`,
    ownerId: owner.userId,
    ownerEmail: owner.email,
    currentBytes: '36893488147419103232',
    peakBytes: 1024,
    byteIntegral: '9007199254740993',
    lastHour: 498_621,
    createdAt: '2025-07-31T02:18:00.000Z',
    epoch: 0,
    firstSeen: fakeAsOf,
  };
}

/** A status of the fake cluster, with fields replaced as given. */
export function fakeStatus(update: Partial<SyncStatus> = {}): SyncStatus {
  return { state: 'online', asOf: fakeAsOf, users: 1000, buckets: 50, ...update };
}

const made: UserRow[] = [];

/** The first users of the fake cluster, made once: a list of 100,000 is asked for page by page. */
function usersOf(total: number): UserRow[] {
  while (made.length < total) made.push(fakeUser(made.length));
  return made.slice(0, total);
}

function usersPage(total: number, input: CallInput<'users.list'>): CallOutput<'users.list'> {
  const { offset = 0, limit = 100, search, filter, only, sort } = input;
  let all = usersOf(total);
  // each filter looks at every row: of 100,000 that takes longer than drawing the page
  if (search) {
    all = all.filter(({ email, userId }) => email.includes(search) || userId.includes(search));
  }
  if (filter?.state) all = all.filter(({ state }) => state === filter.state);
  if (only) all = all.filter(({ userId }) => userId === only);
  if (sort?.descending) all.reverse();
  return { total: all.length, rows: all.slice(offset, offset + limit), asOf: fakeAsOf };
}

/**
 * A core with one cluster of this many users and 50 buckets, online, that answers what browsing asks.
 * Tests replace single answers with `on`.
 */
export function fakeCluster(users = 1000, connection = fakeConnection()): FakeTransport {
  return new FakeTransport()
    .on('connections.list', () => [connection])
    .on('app.updates', () => ({
      ...{ reason: 'Only the installed desktop console updates itself.', feedUrl: null },
      ...{ setByPolicy: false, state: 'off', version: null, checkedAt: null, error: null },
      history: [],
    }))
    .on('app.info', () => ({
      version: '0.1.0',
      shell: 'web',
      secretStore: 'keychain',
      dataDir: '/home/operator/.local/share/ostor-console',
      notices: [],
      policy: null,
    }))
    .on('tasks.list', () => [])
    .on('sync.status', () => fakeStatus({ users }))
    .on('sync.schedule', () => ({ everyMinutes: null, lastRunAt: null, nextRunAt: null }))
    .on('storage.lastSample', () => ({ sampledAt: fakeAsOf }))
    .on('sync.refresh', () => ({ users, buckets: 50, asOf: fakeAsOf }))
    .on('users.list', (input) => usersPage(users, input))
    .on('sync.find', ({ search, limit = 6 }) => ({
      users: usersPage(users, { connectionId: connection.id, search, limit }).rows,
      buckets: Array.from({ length: 50 }, (_, index) => fakeBucket(index))
        .filter(({ name }) => name.includes(search))
        .slice(0, limit),
      ...{ accounts: [], keys: [] },
    }))
    .on('users.get', ({ userId }) => fakeUserDetail(Number.parseInt(userId, 16)))
    .on('buckets.list', ({ offset = 0, limit = 100 }) => ({
      total: 50,
      rows: Array.from({ length: 50 }, (_, index) => fakeBucket(index)).slice(
        offset,
        offset + limit,
      ),
      asOf: fakeAsOf,
    }))
    .on('buckets.get', ({ name }) => ({
      ...fakeBucket(Number(name.split('-')[1])),
      asOf: fakeAsOf,
      source: 'snapshot',
    }));
}

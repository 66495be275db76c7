import type { CallOutput } from '#shared/contract/index.ts';
import { fakeAsOf, fakeCluster, fakeConnection } from './fake-cluster.ts';
import type { FakeTransport } from './fake-transport.ts';

type Preview = CallOutput<'operations.preview'>;
type JournalRow = CallOutput<'journal.list'>['rows'][number];

/** A preview of disabling user 5 of the fake cluster, with fields replaced as given. */
export function fakePreview(update: Partial<Preview> = {}): Preview {
  return {
    operation: 'users.disable',
    title: 'Disable user',
    target: { kind: 'user', id: '0000000000000005', name: 'user-000005@example.com' },
    fields: [
      {
        field: 'email',
        label: 'E-mail',
        before: 'user-000005@example.com',
        after: 'user-000005@example.com',
        changed: false,
      },
      { field: 'state', label: 'State', before: 'enabled', after: 'disabled', changed: true },
    ],
    unchanged: false,
    requests: [
      { purpose: 'read', method: 'GET', url: 'https://s3.rack7.example:8443/?ostor-users&id=5' },
      {
        purpose: 'write',
        method: 'POST',
        url: 'https://s3.rack7.example:8443/?ostor-users&emailAddress=u&disable',
      },
    ],
    commands: {
      s3Curl: ['s3_curl POST "https://s3.rack7.example:8443/?ostor-users&disable"'],
      ostorS3Admin: ['ostor-s3-admin disable-user -i 0000000000000005 -V VOLUME_ID'],
    },
    destructive: true,
    impact: { buckets: 3, bytes: 2048, keys: 1 },
    needsTypedName: null,
    locked: false,
    warnings: [],
    fingerprint: 'seen-state-1',
    source: 'gateway',
    asOf: fakeAsOf,
    ...update,
  };
}

/** What every write says of itself: verified. */
export const fakeOutcome = {
  verified: true,
  sent: true,
  journalId: 'entry-1',
  requestId: 'req-1',
} as const;

/** An entry of the journal, with fields replaced as given. */
export function fakeEntry(update: Partial<JournalRow> = {}): JournalRow {
  return {
    journalId: 'entry-1',
    sequence: 1,
    at: fakeAsOf,
    endedAt: fakeAsOf,
    operator: 'operator',
    connectionName: 'Rack 7',
    endpoint: 'https://s3.rack7.example:8443',
    operation: 'users.disable',
    title: 'Disable user',
    target: { kind: 'user', id: '0000000000000005', name: 'user-000005@example.com' },
    before: { email: 'user-000005@example.com', state: 'enabled' },
    after: { email: 'user-000005@example.com', state: 'disabled' },
    requests: ['POST https://s3.rack7.example:8443/?ostor-users&emailAddress=u&disable'],
    result: 'verified',
    requestId: 'req-1',
    ticket: null,
    runId: null,
    reason: null,
    error: null,
    ...update,
  };
}

/** The fake cluster with what operations ask besides: catalogue, preview, journal, limits, quotas. */
export function fakeOperations(connection = fakeConnection()): FakeTransport {
  return fakeCluster(30, connection)
    .on('operations.catalogue', () => [
      { operation: 'users.disable', title: 'Disable user', destructive: true },
    ])
    .on('operations.preview', () => fakePreview())
    .on('users.disable', ({ userId }) => ({
      ...fakeOutcome,
      userId,
      email: 'user-000005@example.com',
      state: 'disabled',
      flags: [],
      ownerId: '0',
      bucketCount: 3,
      currentBytes: 2048,
      peakBytes: 2048,
      firstSeen: fakeAsOf,
      keys: [],
      accounts: [],
      keysAsOf: fakeAsOf,
      asOf: fakeAsOf,
      source: 'gateway',
    }))
    .on('journal.list', () => ({ total: 1, rows: [fakeEntry()] }))
    .on('journal.chains', () => [])
    .on('journal.operators', () => ['operator'])
    .on('plans.list', () => [])
    .on('limits.get', () => ({ set: false, limits: {}, asOf: fakeAsOf, source: 'gateway' }))
    .on('quotas.get', () => ({ set: false, sizeGb: null, asOf: fakeAsOf, source: 'gateway' }))
    .on('pressure.raises', () => []);
}

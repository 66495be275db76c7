import type { CallOutput } from '#shared/contract/index.ts';
import { fakeAsOf, fakeConnection } from './fake-cluster.ts';
import { fakeOperations } from './fake-operations.ts';
import type { FakeTransport } from './fake-transport.ts';

type Run = CallOutput<'bulk.get'>;
type Row = CallOutput<'bulk.rows'>['rows'][number];
type Task = CallOutput<'tasks.list'>[number];

const noCounts = {
  pending: 0,
  sending: 0,
  verified: 0,
  sent: 0,
  unchanged: 0,
  failed: 0,
  refused: 0,
};

/** A run over five users that was previewed and not started, with fields replaced as given. */
export function fakeRun(update: Partial<Run> = {}): Run {
  return {
    runId: 'run-1',
    title: 'Set quota to 100 GB, users',
    createdAt: fakeAsOf,
    createdBy: 'operator',
    endedAt: null,
    state: 'previewed',
    total: 5,
    tenants: 5,
    writes: 4,
    requests: 12,
    unchanged: 1,
    unconfirmed: 0,
    destructive: false,
    impact: null,
    needsTypedName: null,
    locked: false,
    warnings: [],
    source: 'gateway',
    reverses: null,
    ticket: null,
    mergedAt: null,
    taskId: null,
    ...update,
    counts: { ...noCounts, ...(update.counts ?? { pending: 5 }) },
  };
}

/** Row number `row` of that run, with fields replaced as given. */
export function fakeRunRow(row: number, update: Partial<Row> = {}): Row {
  return {
    row,
    line: null,
    operation: 'quotas.set',
    input: { target: { user: row.toString(16).padStart(16, '0') }, sizeGb: 100 },
    title: 'Set quota',
    target: {
      kind: 'user',
      id: row.toString(16).padStart(16, '0'),
      name: `user-${String(row).padStart(6, '0')}@example.com`,
    },
    fields: [
      { field: 'quota', label: 'Quota', unit: 'GB', before: '10', after: '100', changed: true },
    ],
    beforeKnown: true,
    state: 'pending',
    attempts: 0,
    error: null,
    journalId: null,
    requestId: null,
    reason: null,
    ...update,
  };
}

/** The task of that run at work, with fields replaced as given. */
export function fakeRunTask(update: Partial<Task> = {}): Task {
  return {
    taskId: 'task-1',
    connectionId: 'rack-7',
    kind: 'bulk.apply',
    title: 'Set quota to 100 GB, users',
    about: 'run-1',
    state: 'running',
    done: 2,
    total: 5,
    failed: 0,
    startedAt: fakeAsOf,
    endedAt: null,
    canPause: true,
    read: false,
    stage: 'the rest',
    ...update,
  };
}

/** The fake cluster with one bulk run of these rows. */
export function fakeBulk(
  run: Run,
  rows: readonly Row[],
  connection = fakeConnection(),
): FakeTransport {
  return fakeOperations(connection)
    .on('bulk.runs', () => ({ total: 1, rows: [run] }))
    .on('bulk.get', () => run)
    .on('bulk.rows', ({ state, offset = 0, limit = 100 }) => {
      const matching = rows.filter((row) => state === undefined || row.state === state);
      return { total: matching.length, rows: matching.slice(offset, offset + limit) };
    })
    .on('bulk.preview', () => ({ ...run, rows: [...rows] }))
    .on('bulk.columns', () => [
      { column: 'email', label: 'User, by e-mail', example: 'user@example.com' },
      { column: 'quota_gb', label: 'Quota in GB', example: '1024' },
    ]);
}

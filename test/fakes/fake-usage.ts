import type { CallOutput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import { fakeCluster, fakeConnection } from './fake-cluster.ts';
import type { FakeTransport } from './fake-transport.ts';

type Coverage = CallOutput<'usage.coverage'>;
type CoverageSummary = Coverage['summary'];
type Counters = CallOutput<'usage.report'>['totals'];
type ReportRow = CallOutput<'usage.report'>['rows'][number];
type ArchiveStatus = CallOutput<'archive.status'>;

/** Name of the fake archive's one object. */
export const fakeObjectName = 's3-usage-8000000000000065-2026-10-01T00:00:00.000Z-1800';

/** Figures that pass 2^53, so that a test notices when they are rounded. */
export const fakeCounters: Counters = {
  put: 12_300,
  get: 45_600,
  list: 789,
  other: 12,
  uploaded: '9007199254740993',
  downloaded: '18014398509481986',
};

/** A summary that says all is there, with fields replaced as given. */
export function fakeSummary(update: Partial<CoverageSummary> = {}): CoverageSummary {
  return {
    state: 'final',
    final: true,
    words: 'Complete: all 1,488 gateway hours are archived.',
    services: 2,
    expectedHours: 1488,
    coveredHours: 1488,
    missingHours: 0,
    silentHours: 0,
    waitingHours: 0,
    openHours: 0,
    lateHours: 0,
    duplicateHours: 0,
    conflictingHours: 0,
    listedAt: '2026-11-21T12:00:00.000Z',
    accepted: [],
    ...update,
  };
}

/** A summary of a period of which three hours are missing. */
export const fakeGapSummary = fakeSummary({
  state: 'gaps',
  final: false,
  words: 'Not complete: of 1,488 gateway hours 3 missing.',
  coveredHours: 1485,
  missingHours: 3,
});

/** An archive that is sound and holds October 2026, with fields replaced as given. */
export function fakeArchive(update: Partial<ArchiveStatus> = {}): ArchiveStatus {
  return {
    path: '/home/operator/console/connections/rack-7/archive.sqlite',
    state: 'sound',
    readOnly: false,
    bytes: 1_048_576,
    version: 4,
    objects: 1488,
    counters: 30_000,
    from: '2026-09-30T00:00:00.000Z',
    to: '2026-11-01T00:00:00.000Z',
    newestBackup: null,
    ...update,
  };
}

/** One row of a report, with fields replaced as given. */
export function fakeReportRow(update: Partial<ReportRow> = {}): ReportRow {
  return {
    key: '0000000000000001',
    userId: '0000000000000001',
    email: 'user-000001@example.com',
    bucket: null,
    epoch: null,
    recreated: false,
    at: null,
    ...fakeCounters,
    ...update,
  };
}

/** Coverage of two services over two days, as the states given and collected for the rest. */
export function fakeCoverage(
  states: Record<number, Coverage['services'][number]['hours'][number]> = {},
  summary: CoverageSummary = fakeSummary(),
): Coverage {
  const from = '2026-10-01T00:00:00.000Z';
  const hours = Array.from({ length: 48 }, (_, index) => states[index] ?? 'collected');
  return {
    from,
    to: '2026-10-03T00:00:00.000Z',
    services: [
      { serviceId: '8000000000000065', hours },
      { serviceId: '8000000000000066', hours: hours.map(() => 'collected' as const) },
    ],
    summary,
    gaps: Object.entries(states).flatMap(([index, state]) =>
      state === 'missing' || state === 'conflicting'
        ? [
            {
              serviceId: '8000000000000065',
              from: new Date(Date.parse(from) + Number(index) * hour).toISOString(),
              to: new Date(Date.parse(from) + (Number(index) + 1) * hour).toISOString(),
              state,
            },
          ]
        : [],
    ),
  };
}

/** The one archived object, its other content where `digest` is the variant's. */
export function fakeUsageObject(put = 12_300): CallOutput<'usage.object'> {
  return {
    name: fakeObjectName,
    source: 'archive',
    archived: {
      name: fakeObjectName,
      serviceId: '8000000000000065',
      startAt: '2026-10-01T00:00:00.000Z',
      period: 1800,
      digest: 'a'.repeat(64),
      bytes: 2048,
      items: 1,
      collectedAt: '2026-10-01T01:00:00.000Z',
      removedAt: null,
      late: false,
      settled: true,
      conflicts: 0,
    },
    raw: '{"fmt_version":1}',
    rawTruncated: false,
    serviceId: '8000000000000065',
    startAt: '2026-10-01T00:00:00.000Z',
    period: 1800,
    formatVersion: 1,
    items: [
      {
        bucket: 'bucket-1',
        epoch: 98_305,
        userId: '0000000000000001',
        email: 'user-000001@example.com',
        tag: 'tag-7',
        ...fakeCounters,
        put,
      },
    ],
    variants: [],
  };
}

/** Nobody pays for users of the cluster, or those given. */
export function fakePayers(
  update: Partial<CallOutput<'statements.payers'>> = {},
): CallOutput<'statements.payers'> {
  return { users: 0, customers: 0, issued: 0, first: [], ...update };
}

/** Two days of one GB that was stored all the time, and one that was not sampled. */
const fakeDays: CallOutput<'storage.days'> = {
  total: 3,
  rows: [
    { at: '2026-10-03T00:00:00.000Z', stored: null, byteHours: null, known: 0 },
    ...['2026-10-02T00:00:00.000Z', '2026-10-01T00:00:00.000Z'].map((at) => ({
      at,
      stored: [{ from: at, quantity: '86400000000000000' }],
      byteHours: 24_000_000_000,
      known: 1,
    })),
  ],
  whole: {
    stored: [{ from: '2026-10-01T00:00:00.000Z', quantity: '172800000000000000' }],
    byteHours: 48_000_000_000,
  },
};

/** A core whose one cluster has an archive of October 2026 and answers what Usage asks. */
export function fakeUsage(connection = fakeConnection()): FakeTransport {
  return fakeCluster(1000, connection)
    .on('archive.status', () => fakeArchive())
    .on('usage.report', ({ groupBy }) => ({
      total: 1,
      rows: [
        groupBy === 'user'
          ? fakeReportRow()
          : fakeReportRow({
              key: 'bucket-1#98305',
              userId: null,
              email: null,
              bucket: 'bucket-1',
              epoch: 98_305,
              recreated: true,
            }),
      ],
      totals: fakeCounters,
      coverage: fakeSummary(),
      from: '2026-10-01T00:00:00.000Z',
      to: '2026-11-01T00:00:00.000Z',
    }))
    .on('usage.series', () => ({
      step: 'day',
      points: [{ at: '2026-10-01T00:00:00.000Z', ...fakeCounters }],
      missing: [],
      open: [],
      coverage: fakeSummary(),
    }))
    .on('usage.sources', () => ({
      total: 1,
      rows: [{ ...(fakeUsageObject().archived ?? never()), ...fakeCounters }],
      totals: fakeCounters,
    }))
    .on('tariffs.list', () => [])
    .on('storage.days', () => fakeDays)
    .on('statements.payers', () => fakePayers())
    .on('usage.object', () => fakeUsageObject())
    .on('usage.coverage', () => fakeCoverage())
    .on('usage.conflicts', () => [])
    .on('usage.failures', () => ({ total: 0, rows: [] }))
    .on('usage.schedule', () => ({
      everyMinutes: null,
      removeCollected: false,
      removalHeldBack: null,
      lastRunAt: null,
      nextRunAt: null,
    }));
}

function never(): never {
  throw new Error('The fake object is archived.');
}

import { formatCount, formatCounted } from '#shared/counted.ts';
import { day, hour } from '#shared/durations.ts';
import { formatBytes } from '#shared/units.ts';
import { demoConnectionId } from '../clusters/demo/demo-host.ts';
import { describeSkew } from '../gateway/answers/clock-skew.ts';
import {
  type Finding,
  type SignalAction,
  type SignalDefinition,
  type SignalGround,
  setThreshold,
} from './signal.ts';

const month = 30 * day;

/** The cluster itself as the subject. */
const cluster = (name: string, id = 'cluster'): Finding['subject'] => ({
  kind: 'cluster',
  id,
  name,
});

function ago(since: number, now: number): string {
  const hours = Math.round((now - since) / hour);
  return hours < 48 ? formatCounted(hours, 'hour') : formatCounted(Math.round(hours / 24), 'day');
}

/** Statistics are collected now: a task that is started in place. */
const collect: SignalAction = { label: 'Collect now', operation: 'usage.collect', input: {} };

const coverage = 'usage/coverage';

/** A gateway that fell silent has a separate signal: only its earlier gaps count here. */
function findMissing({ services, thresholds }: SignalGround): Finding[] {
  return services
    .map((service) => {
      const isSilent = service.silentHours >= thresholds.silentDays * 24;
      const { missing, silentHours, week } = service;
      return isSilent
        ? { ...service, hours: missing, lately: week.missing - week.silent }
        : { ...service, hours: missing + silentHours, lately: week.missing };
    })
    .filter(({ hours }) => hours > 0)
    .map(({ serviceId, hours, missingSince, lately }) => ({
      severity: hours >= 24 ? 'critical' : 'warning',
      subject: { kind: 'service', id: serviceId, name: serviceId },
      since: missingSince,
      evidence: [
        `${formatCounted(hours, 'hour')} since the last month began without statistics, ${formatCount(lately)} of them in the last week; statements stay drafts.`,
      ],
      page: coverage,
      action: { label: 'Open coverage', page: coverage },
      alternatives: [collect],
    }));
}

function findSilent({ services, thresholds, now }: SignalGround): Finding[] {
  return services
    .filter(({ silentHours }) => silentHours >= thresholds.silentDays * 24)
    .map(({ serviceId, silentHours, wroteUntil }) => {
      const since = wroteUntil ?? now - silentHours * hour;
      return {
        severity: 'warning',
        subject: { kind: 'service', id: serviceId, name: serviceId },
        since,
        evidence: [
          `No statistics for ${ago(since, now)} while other gateways wrote.`,
          'If it is retired, mark it as retired: then it creates no gaps.',
        ],
        page: coverage,
        action: { label: 'Mark as retired or idle', page: coverage },
      };
    });
}

/** The connection's page, with its test started: it shows certificate, clock and answers. */
const connectionPage = (connectionId: string): string => `/connections/${connectionId}?test`;

const testConnection = (connectionId: string): SignalAction => ({
  label: 'Test connection',
  page: connectionPage(connectionId),
});

function findUnreachable({ status, connectionId, name, now, bytes }: SignalGround): Finding[] {
  const since = status.offlineSince ?? status.failingSince;
  if (!status.error || since === undefined) return [];
  return [
    {
      severity: now - Date.parse(since) > day ? 'critical' : 'warning',
      subject: cluster(name),
      since: Date.parse(since),
      evidence: [status.error.message, status.error.hint],
      page: connectionPage(connectionId),
      weight: bytes,
      action: testConnection(connectionId),
    },
  ];
}

/** If nothing was ever collected, the time counts from the first sample of sizes. */
function findLate({ listedAt, firstSampleAt, thresholds, now, name }: SignalGround): Finding[] {
  const last = listedAt ?? firstSampleAt;
  if (last === null || now - last < thresholds.collectionHours * hour) return [];
  return [
    {
      severity: 'warning',
      subject: cluster(name),
      since: last + thresholds.collectionHours * hour,
      evidence:
        listedAt === null
          ? [
              `Statistics were never collected; the first refresh was ${ago(last, now)} ago.`,
              'If the gateway writes none, snooze this.',
            ]
          : [`Statistics were last collected ${ago(last, now)} ago.`],
      page: 'usage/collection',
      action: collect,
    },
  ];
}

/** Without a backup: at once if statistics were collected, else once the archive is older than a backup may be. */
function findBackup(ground: SignalGround): Finding[] {
  const { backedUpAt, listedAt, firstSampleAt, firstEntryAt, thresholds, now, name } = ground;
  if (ground.connectionId === demoConnectionId) return []; // made up, and gone when the console closes
  const times = [listedAt, firstSampleAt, firstEntryAt].filter((at) => at !== null);
  if (times.length === 0) return [];
  const age = thresholds.backupDays * day;
  const from = backedUpAt ?? (listedAt === null ? Math.min(...times) : 0);
  if (now - from < age) return [];
  return [
    {
      severity: backedUpAt === null || now - backedUpAt > month ? 'warning' : 'information',
      subject: cluster(name),
      since: from === 0 ? null : from + age,
      evidence: [
        backedUpAt === null
          ? `The archive was never backed up; its oldest data is ${ago(Math.min(...times), now)} old.`
          : `The last backup of the archive is ${ago(backedUpAt, now)} old.`,
      ],
      page: '/settings#archives',
      action: { label: 'Back up now', operation: 'archive.backup', input: {} },
    },
  ];
}

/** What is found in the records of the console: refreshes, collections, plans, backups. */
export const clusterSignals: readonly SignalDefinition[] = [
  { kind: 'unreachable', title: 'Cluster out of reach', find: findUnreachable },
  { kind: 'hours-missing', title: 'Statistics missing', needs: 'statistics', find: findMissing },
  {
    kind: 'service-silent',
    title: 'Gateway without statistics',
    needs: 'statistics',
    find: findSilent,
  },
  { kind: 'collection-late', title: 'Collection late', needs: 'statistics', find: findLate },
  {
    kind: 'certificate',
    title: 'Certificate expires',
    find: ({ seen, thresholds, now, connectionId, name, bytes }) => {
      const until = Date.parse(seen.certificateUntil ?? '');
      const days = Math.floor((until - now) / day);
      if (Number.isNaN(until) || days >= thresholds.certificateDays) return [];
      return [
        {
          severity: days < 7 ? 'critical' : 'warning',
          subject: cluster(name),
          since: until - thresholds.certificateDays * day,
          evidence: [
            until <= now
              ? `The certificate expired on ${seen.certificateUntil?.slice(0, 10)}.`
              : `The certificate expires on ${seen.certificateUntil?.slice(0, 10)}, in ${formatCounted(Math.max(0, days), 'day')}.`,
            'Have it renewed on the gateway, then refresh. Where it is pinned, nothing is sent to the new one before you compare and pin it.',
          ],
          page: connectionPage(connectionId),
          weight: bytes,
          action: { label: 'Refresh', operation: 'sync.refresh' },
          alternatives: [testConnection(connectionId)],
        },
      ];
    },
  },
  {
    kind: 'clock-skew',
    title: 'Clocks differ',
    find: ({ seen: { skewSeconds = 0 }, thresholds, connectionId, name }) =>
      Math.abs(skewSeconds) < thresholds.skewSeconds
        ? []
        : [
            {
              severity: Math.abs(skewSeconds) > 600 ? 'critical' : 'warning',
              subject: cluster(name),
              since: null,
              evidence: [
                `This computer's clock is ${describeSkew(skewSeconds)}.`,
                'Signed requests follow the time of the gateway; schedules and the journal follow this computer’s. Correct the wrong clock, outside the console, then measure again.',
              ],
              page: connectionPage(connectionId),
              action: { label: 'Measure again', operation: 'sync.refresh' },
              alternatives: [testConnection(connectionId)],
            },
          ],
  },
  {
    kind: 'drift',
    needs: 'plans',
    title: 'Users differ from their plan',
    find: ({ drift, name }) =>
      drift.map(({ planId, planName, users, since }) => ({
        severity: 'warning',
        subject: { kind: 'cluster', id: planId, name: `${planName} on ${name}` },
        since,
        evidence: [`${formatCounted(users, 'user')} differ from ${planName}.`],
        page: `customers/drift?plan=${encodeURIComponent(planId)}`,
        action: {
          label: 'Preview changes',
          page: `customers/drift?plan=${encodeURIComponent(planId)}`,
        },
      })),
  },
  {
    kind: 'unpaid',
    needs: 'customers',
    title: 'Users nobody pays for',
    find: ({ unpaid, name }) =>
      unpaid === null || unpaid.users === 0
        ? []
        : [
            {
              severity: 'warning',
              subject: cluster(name),
              since: null,
              evidence: [
                `${formatCounted(unpaid.users, 'user')} without a customer store ${formatBytes(BigInt(Math.round(unpaid.bytes)))}.`,
              ],
              page: 'customers/checks',
              weight: unpaid.bytes,
              stake: { of: 'stored' },
              action: { label: 'Map to customers', page: 'customers/checks' },
            },
          ],
  },
  { kind: 'backup', title: 'Backup old', find: findBackup },
  {
    kind: 'disk-space',
    title: 'Disk nearly full',
    find: ({ disk, thresholds, name }) => {
      if (!disk || disk.free * 100 >= disk.total * thresholds.freePercent) return [];
      const percent = Math.floor((disk.free / disk.total) * 100);
      return [
        {
          severity: percent < 3 ? 'critical' : 'warning',
          subject: cluster(name, 'disk'),
          since: null,
          evidence: [
            `${formatBytes(BigInt(disk.free))} free on the disk of the data directory, ${percent} %.`,
            'Collections stop where nothing can be written. Free space there, or move backups of archives to another disk: the console deletes none.',
          ],
          page: '/settings#archives',
          action: { label: 'Show backups', page: '/settings#archives' },
          alternatives: [setThreshold('freePercent')],
        },
      ];
    },
  },
];

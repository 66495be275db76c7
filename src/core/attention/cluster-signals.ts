import { formatCounted } from '#shared/counted.ts';
import { formatBytes } from '#shared/units.ts';
import { describeSkew } from '../gateway/answers/clock-skew.ts';
import {
  day,
  type Finding,
  hour,
  mostOfKind,
  number,
  type SignalDefinition,
  type SignalGround,
  text,
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

function findMissing({ services, thresholds }: SignalGround): Finding[] {
  return services
    .filter(({ missing, silentHours }) => missing > 0 && silentHours < thresholds.silentDays * 24)
    .map(({ serviceId, missing, missingSince }) => ({
      severity: missing >= 24 ? 'critical' : 'warning',
      subject: { kind: 'service', id: serviceId, name: serviceId },
      since: missingSince,
      evidence: [
        `${formatCounted(missing, 'hour')} of the last week without statistics; statements stay drafts.`,
      ],
      page: 'usage/coverage',
      action: { label: 'Open coverage', page: 'usage/coverage' },
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
        page: 'usage/coverage',
        action: { label: 'State retired or idle', page: 'usage/coverage' },
      };
    });
}

function findUnreachable({ status, name, now, bytes }: SignalGround): Finding[] {
  const since = status.offlineSince ?? status.failingSince;
  if (!status.error || since === undefined) return [];
  return [
    {
      severity: now - Date.parse(since) > day ? 'critical' : 'warning',
      subject: cluster(name),
      since: Date.parse(since),
      evidence: [status.error.message, status.error.hint],
      page: 'overview',
      weight: bytes,
    },
  ];
}

/** Writes whose newest outcome does not say that they came to be; those of runs are the runs' own. */
const unverified = `
  SELECT * FROM (SELECT i.journal_id AS id, i.at, json_extract(i.body, '$.title') AS title,
    json_extract(i.body, '$.target.name') AS target, coalesce((SELECT o.result FROM journal_entry o
      WHERE o.journal_id = i.journal_id AND o.kind = 'outcome'
      ORDER BY o.sequence DESC LIMIT 1), 'open') AS ended
  FROM journal_entry i WHERE i.kind = 'intent' AND i.run_id IS NULL
    AND i.sequence > (SELECT max(sequence) - 20000 FROM journal_entry)
    AND i.at >= :monthAgo ORDER BY i.sequence DESC)
  WHERE ended IN ('sent', 'unknown') OR (ended = 'open' AND at < :quarterAgo) LIMIT ${mostOfKind}`;

const resultWords: Record<string, string> = {
  sent: 'The gateway accepted it, but reading back did not confirm it.',
  unknown: 'The gateway did not answer, and reading back did not show it.',
  open: 'The console ended before there was a result.',
};

const runs = `
  SELECT r.run_id AS id, r.title, r.created_at AS at, r.state, coalesce((SELECT max(at)
      FROM journal_entry j WHERE j.run_id = r.run_id), r.created_at) AS last, (SELECT count(*) FROM bulk_row b
    WHERE b.run_id = r.run_id AND b.state = 'failed') AS failed
  FROM bulk_run r WHERE r.created_at >= :monthAgo AND r.merged_at IS NULL
    AND r.state <> 'previewed' ORDER BY r.created_at DESC LIMIT ${mostOfKind}`;

/** Reveals outside working hours, by this computer's clock. */
const reveals = `
  SELECT count(*) AS reveals, max(at) AS last, group_concat(DISTINCT json_extract(body, '$.operator')) AS operators
  FROM journal_entry WHERE kind = 'intent' AND operation = 'keys.reveal'
    AND sequence > (SELECT max(sequence) - 20000 FROM journal_entry) AND at >= :weekAgo
    AND (CAST(strftime('%H', at / 1000, 'unixepoch', 'localtime') AS INTEGER) NOT BETWEEN :workFrom AND :workTo - 1
      OR strftime('%w', at / 1000, 'unixepoch', 'localtime') IN ('0', '6'))`;

/** What is found in the records of the console: refreshes, collections, journal, runs, backups. */
export const clusterSignals: readonly SignalDefinition[] = [
  { kind: 'unreachable', title: 'Cluster out of reach', find: findUnreachable },
  { kind: 'hours-missing', title: 'Statistics missing', find: findMissing },
  { kind: 'service-silent', title: 'Gateway without statistics', find: findSilent },
  {
    kind: 'collection-late',
    title: 'Collection late',
    find: ({ listedAt, thresholds, now, name }) => {
      if (listedAt === null || now - listedAt < thresholds.collectionHours * hour) return [];
      return [
        {
          severity: 'warning',
          subject: cluster(name),
          since: listedAt + thresholds.collectionHours * hour,
          evidence: [`Statistics were last collected ${ago(listedAt, now)} ago.`],
          page: 'usage/collection',
          action: { label: 'Collect now', page: 'usage/collection' },
        },
      ];
    },
  },
  {
    kind: 'certificate',
    title: 'Certificate expires',
    find: ({ seen, thresholds, now, name, bytes }) => {
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
            'Have it renewed on the gateway.',
          ],
          page: 'overview',
          weight: bytes,
        },
      ];
    },
  },
  {
    kind: 'clock-skew',
    title: 'Clocks differ',
    find: ({ seen: { skewSeconds = 0 }, thresholds, name }) =>
      Math.abs(skewSeconds) < thresholds.skewSeconds
        ? []
        : [
            {
              severity: Math.abs(skewSeconds) > 600 ? 'critical' : 'warning',
              subject: cluster(name),
              since: null,
              evidence: [
                `This computer's clock is ${describeSkew(skewSeconds)}.`,
                'Signed requests follow the time of the gateway; correct the clock, since schedules and the journal follow it.',
              ],
              page: 'overview',
            },
          ],
  },
  {
    kind: 'reveal-hours',
    title: 'Secret revealed outside working hours',
    find: async ({ archive, name }) => {
      const [row] = await archive(reveals);
      const count = number(row?.reveals);
      if (count === 0) return [];
      return [
        {
          severity: 'information',
          subject: cluster(name),
          since: number(row?.last),
          evidence: [
            `${formatCounted(count, 'secret key')} revealed in the last week by ${text(row?.operators)}.`,
          ],
          page: 'journal?operation=keys.reveal',
          action: { label: 'Open journal', page: 'journal?operation=keys.reveal' },
        },
      ];
    },
  },
  {
    kind: 'unverified-writes',
    title: 'Change not confirmed',
    find: async ({ archive }) =>
      (await archive(unverified)).map((row) => ({
        severity: 'warning',
        subject: { kind: 'run', id: text(row.id), name: `${text(row.title)}: ${text(row.target)}` },
        since: number(row.at),
        evidence: [resultWords[text(row.ended)] ?? ''],
        page: `journal?open=${encodeURIComponent(text(row.id))}`,
        action: { label: 'Check again', page: `journal?open=${encodeURIComponent(text(row.id))}` },
      })),
  },
  {
    kind: 'runs',
    title: 'Bulk run failed or interrupted',
    find: async ({ archive, runningRuns, now }) =>
      (await archive(runs)).flatMap((row): Finding[] => {
        // one that wrote a moment ago may be another process's
        const isStill = number(row.last) < now - hour / 4;
        const isRunning = runningRuns.includes(text(row.id)) || !isStill;
        const isInterrupted = row.state === 'running' && !isRunning;
        const failed = number(row.failed);
        if (row.state === 'running' && !isInterrupted) return [];
        if (failed === 0 && !isInterrupted) return [];
        return [
          {
            severity: 'warning',
            subject: { kind: 'run', id: text(row.id), name: text(row.title) },
            since: number(row.at),
            evidence: [
              ...(isInterrupted ? ['It was interrupted and can be resumed.'] : []),
              ...(failed > 0 ? [`${formatCounted(failed, 'row')} failed.`] : []),
            ],
            page: `changes/run/${text(row.id)}`,
            action: { label: 'Open run', page: `changes/run/${text(row.id)}` },
          },
        ];
      }),
  },
  {
    kind: 'drift',
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
  {
    kind: 'backup',
    title: 'Backup old',
    find: ({ backedUpAt, listedAt, thresholds, now, name }) => {
      if (listedAt === null) return [];
      if (backedUpAt !== null && now - backedUpAt < thresholds.backupDays * day) return [];
      return [
        {
          severity: backedUpAt === null || now - backedUpAt > month ? 'warning' : 'information',
          subject: cluster(name),
          since: backedUpAt === null ? null : backedUpAt + thresholds.backupDays * day,
          evidence: [
            backedUpAt === null
              ? 'The archive was never backed up.'
              : `The last backup of the archive is ${ago(backedUpAt, now)} old.`,
          ],
          page: 'overview',
          action: { label: 'Back up now', operation: 'archive.backup', input: {} },
        },
      ];
    },
  },
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
            'Collections stop where nothing can be written.',
          ],
          page: 'overview',
        },
      ];
    },
  },
];

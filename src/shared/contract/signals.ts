import { z } from 'zod';
import {
  appErrorData,
  connectionId,
  defineCall,
  nothing,
  onConnection,
  pageRequest,
  timestamp,
  wireInteger,
} from './define.ts';
import { syncStatus } from './sync.ts';

/** Everything the console looks out for; `core/attention` describes each once. */
export const signalKinds = [
  'quota',
  'days-to-full',
  'rate-limit',
  'egress',
  'deletions',
  'dormant-user',
  'disabled-user',
  'implausible',
  'hours-missing',
  'collection-late',
  'service-silent',
  'certificate',
  'clock-skew',
  'old-keys',
  'two-keys',
  'overdue-raises',
  'reveal-hours',
  'unverified-writes',
  'runs',
  'drift',
  'unpaid',
  'suspension',
  'cancellations',
  'backup',
  'disk-space',
  'unreachable',
] as const;

export const signalKind = z.enum(signalKinds);

/** Kinds that something happened and not how things are now: what happens again is another signal. */
const happenings: readonly z.output<typeof signalKind>[] = [
  'reveal-hours',
  'unverified-writes',
  'runs',
];
export const isHappening = (kind: z.output<typeof signalKind>): boolean =>
  happenings.includes(kind);

/** A snooze until then does not end: what happened was seen. */
export const forGood = '9999-12-31T23:59:59.999Z';

/** Most urgent first: that is also the order of the list. */
export const severities = ['critical', 'warning', 'information'] as const;
export const severity = z.enum(severities);
type Severity = z.output<typeof severity>;

export const isMoreSevere = (one: Severity, other: Severity): boolean =>
  severities.indexOf(one) < severities.indexOf(other);

const days = z.int().min(1).max(3650);

/** From where on something is a signal, for one cluster. */
export const signalThresholds = z.object({
  /** Use of a quota in percent; from 90 on it is a warning, from 100 on critical. */
  quotaPercent: z.int().min(1).max(100).default(80),
  /** Days until a quota is reached at the growth of the last two weeks. */
  daysToFull: days.default(14),
  /** Hours of the last day at the rate limit. */
  limitedHours: z.int().min(1).max(24).default(3),
  /** Traffic out of a day, against the mean of the four weeks before. */
  egressFactor: z.number().min(1.5).max(1000).default(5),
  /** Traffic out of a day below this is no signal, in GB. */
  egressGb: z.number().min(0).max(1e9).default(10),
  /** Share of its data that a user lost within a day, in percent. */
  shrinkPercent: z.int().min(1).max(100).default(30),
  /** Days without traffic that make a user dormant. */
  dormantDays: days.default(30),
  /** Hours since the last collection. */
  collectionHours: z.int().min(1).max(8760).default(26),
  /** Days in which a gateway wrote no statistics while others did. */
  silentDays: z.int().min(1).max(7).default(3),
  /** Days until the certificate expires. */
  certificateDays: days.default(30),
  skewSeconds: z.int().min(1).max(86_400).default(60),
  keyAgeDays: days.default(365),
  twoKeysDays: days.default(14),
  /**
   * Working hours, local time: whole hours from midnight. From 22 to 6 is a shift over midnight; from an
   * hour to the same hour, around the clock. A shift that begins on a Saturday or Sunday is outside.
   */
  workFrom: z.int().min(0).max(23).default(7),
  workTo: z.int().min(1).max(24).default(19),
  backupDays: days.default(7),
  /** Days that a failed, stopped or interrupted run is a signal for. */
  runDays: days.default(30),
  /** Days without a step after which a cancellation is a signal. */
  cancellationDays: days.default(7),
  /** Free space on the disk of the data directory, in percent. */
  freePercent: z.int().min(1).max(100).default(10),
});

/** What a signal is about. `cluster`: the connection itself. */
const signalSubject = z.object({
  kind: z.enum(['user', 'bucket', 'service', 'run', 'cluster']),
  id: z.string(),
  name: z.string(),
});

/**
 * What can be done: an operation with its prepared input, to be previewed; or the page to do it on.
 * A collection and a reading of what a change came to are started in place.
 */
export const signalAction = z.object({
  label: z.string(),
  operation: z
    .enum([
      ...['quotas.set', 'limits.set', 'limits.clear', 'users.disable', 'keys.revoke'],
      ...['archive.backup', 'pressure.putBack', 'campaigns.start'],
      ...['usage.collect', 'operations.recheck', 'sync.refresh', 'signals.setThresholds'],
    ] as const)
    .optional(),
  input: z.record(z.string(), z.unknown()).optional(),
  /** Under `/c/<connectionId>/`; beginning with `/`, from the root on. */
  page: z.string().optional(),
});

const snooze = z.object({
  until: timestamp,
  reason: z.string(),
  by: z.string(),
  /** As severe as the signal was. */
  severity,
  /** When it was snoozed; absent where an earlier version did. */
  at: timestamp.optional(),
  /** It became more severe, or happened again, since: the snooze is void, also where it is less severe again. */
  overtaken: z.boolean(),
});

/** An amount in minor units: for a calendar month of what is stored, or for traffic once. */
const money = z.object({
  amount: wireInteger,
  currency: z.string(),
  minorDigits: z.int(),
  per: z.enum(['month', 'once']),
  tariffName: z.string(),
});

export const signalRow = z.object({
  signalId: z.string(),
  connectionId,
  connectionName: z.string(),
  kind: signalKind,
  title: z.string(),
  severity,
  subject: signalSubject,
  /** Since when it is known. */
  since: timestamp,
  /** The facts it rests on, a sentence each. */
  evidence: z.array(z.string()),
  /** Where the evidence is, under `/c/<connectionId>/`; beginning with `/`, from the root on. */
  page: z.string(),
  /** Bytes at stake. */
  weight: z.number(),
  /** What these are charged by the tariff of who pays for them; absent where none is known. */
  money: money.optional(),
  action: signalAction.optional(),
  /** What else can be done. */
  alternatives: z.array(signalAction).optional(),
  snoozed: snooze.optional(),
});

const counts = z.object({ critical: z.int(), warning: z.int(), information: z.int() });

/** A cluster at a glance, as stored. */
const clusterGlance = z.object({
  connectionId,
  name: z.string(),
  environment: z.enum(['production', 'staging', 'lab']),
  demo: z.boolean(),
  state: syncStatus.shape.state,
  asOf: timestamp.nullable(),
  users: z.int(),
  buckets: z.int(),
  bytes: wireInteger.nullable(),
  /** Against the sample of seven days before; null without one. */
  growthBytes: wireInteger.nullable(),
  uploaded: wireInteger,
  downloaded: wireInteger,
  signals: counts,
  snoozed: z.int(),
  /** Gateway hours of the last seven days. */
  coverage: z.object({ covered: z.int(), expected: z.int(), missing: z.int() }),
  collectedAt: timestamp.nullable(),
  certificateDays: z.int().nullable(),
  /** Why this cluster could not be looked at. */
  error: appErrorData.optional(),
});

/** Where the digest goes. Secrets are in the keychain. */
const digestTarget = {
  kind: z.enum(['webhook', 'smtp']),
  /** `https://…` of a webhook, or `smtp://host:587`, `smtps://host:465`. */
  url: z.string().trim().min(1).max(2000),
  from: z.string().max(320).optional(),
  to: z.string().max(2000).optional(),
  username: z.string().max(320).optional(),
};

const digest = z.object({
  ...digestTarget,
  hasSecret: z.boolean(),
  /** `memory`: until the console closes, there being no keychain. `gone`: it was, and the console closed. */
  secretIn: z.enum(['keychain', 'memory', 'gone']).optional(),
});

/** Calls about what needs attention. Without a `connectionId` they are about all clusters. */
export const signalsContract = {
  /** Most urgent first, then by what is at stake: money where a tariff is known, else bytes. */
  'signals.list': defineCall({
    input: pageRequest.extend({
      connectionId: connectionId.optional(),
      filter: z
        .object({
          severity: severity.optional(),
          kind: signalKind.optional(),
          subjectId: z.string().optional(),
          /** Any part of title, subject, cluster or evidence. */
          search: z.string().max(200).optional(),
          /** True: the snoozed ones alone. Omitted: those that are not. */
          snoozed: z.boolean().optional(),
        })
        .default({}),
    }),
    output: z.object({
      total: z.int(),
      /** Of those that match the filter, whether snoozed or not. */
      snoozed: z.int(),
      counts,
      /** Kinds there are by the rest of the filter, by title. */
      kinds: z.array(z.object({ kind: signalKind, title: z.string(), signals: z.int() })),
      /** When the stored data was last looked at: of several clusters, longest ago. Null: never. */
      asOf: timestamp.nullable(),
      rows: z.array(signalRow),
      /** Signals that could not be computed, or not all of them, with the reason. */
      incomplete: z.array(
        z.object({ connectionId, connectionName: z.string(), reason: z.string() }),
      ),
    }),
  }),
  /**
   * Hides a signal until a time, with a reason, or until it becomes more severe or happens again; `until`
   * null shows it again. Journalled.
   */
  'signals.snooze': defineCall({
    input: z.object({
      connectionId: connectionId.optional(),
      signalId: z.string().min(3).max(600),
      until: timestamp.nullable(),
      reason: z.string().trim().max(500).default(''),
      /** As severe as it was when it was shown; what is more severe by now is not hidden. */
      severity: severity.optional(),
    }),
    output: z.object({
      signalId: z.string(),
      snoozed: snooze.omit({ overtaken: true }).nullable(),
    }),
    writes: true,
  }),
  'signals.clusters': defineCall({ input: z.object({}), output: z.array(clusterGlance) }),
  'signals.thresholds': defineCall({ input: onConnection, output: signalThresholds }),
  /** Fields omitted go back to their defaults. Journalled. */
  'signals.setThresholds': defineCall({
    input: onConnection.extend(signalThresholds.shape),
    output: signalThresholds,
    writes: true,
  }),
  'signals.digest': defineCall({ input: z.object({}), output: digest.nullable() }),
  /** Saves where the digest goes; a secret omitted stays, null forgets it. */
  'signals.setDigest': defineCall({
    input: z.object({ ...digestTarget, secret: z.string().min(1).max(2000).nullable().optional() }),
    output: digest.nullable(),
    writes: true,
  }),
  'signals.removeDigest': defineCall({ input: z.object({}), output: nothing, writes: true }),
  /** Sends what is open now. */
  'signals.sendDigest': defineCall({
    input: z.object({ connectionId: connectionId.optional() }),
    output: z.object({ signals: z.int(), sentTo: z.string() }),
    writes: true,
  }),
};

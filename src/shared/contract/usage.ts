import { z } from 'zod';
import {
  defineCall,
  nothing,
  onConnection,
  pageOf,
  pageRequest,
  timestamp,
  userId,
  wireInteger,
  wireInteger64,
} from './define.ts';
import { coverageGap, coverageState, coverageSummary } from './usage-coverage.ts';
import {
  archivedObject,
  collectFailure,
  listedObject,
  usageCounters,
  usageItemRow,
  usageObjectName,
  usageVariant,
} from './usage-objects.ts';

/** A point in time as a report takes it: ISO 8601 with a zone, or a date (midnight UTC). */
export const reportTime = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** `from` included, `to` not. Widened to whole hours, UTC. */
export const reportPeriod = z.object({ from: reportTime, to: reportTime });

const usageFilter = z.object({
  /** Empty for what was nobody's: requests without a key. */
  userId: z.union([userId, z.literal('')]).optional(),
  /** Empty for what was not of a bucket. */
  bucket: z.string().max(255).optional(),
  /** Tells apart buckets that had one name after each other. */
  epoch: wireInteger64.optional(),
  serviceId: z.string().max(64).optional(),
});

/** Columns a report sorts by. `operations` and `traffic` are the sums of their kind. */
const usageSortKey = z.enum([
  'name',
  'put',
  'get',
  'list',
  'other',
  'uploaded',
  'downloaded',
  'operations',
  'traffic',
]);

/** Where an export goes other than back to the caller. */
export const exportDestination = z.discriminatedUnion('to', [
  z.object({ to: z.literal('folder'), path: z.string().min(1).max(4096) }),
  z.object({
    to: z.literal('bucket'),
    bucket: z.string().min(3).max(255),
    prefix: z.string().max(500).default(''),
  }),
]);

/** A file handed to the caller, or the word of where it was put. */
export const exportedFile = z.object({
  fileName: z.string(),
  mediaType: z.string(),
  rows: z.int(),
  bytes: z.int(),
  /** CSV and JSON. */
  text: z.string().optional(),
  /** Parquet, PDF, zip. */
  base64: z.string().optional(),
  /** Full path, or `bucket/key`, where a destination was given. */
  writtenTo: z.string().optional(),
});

/** Bytes of a user in an hour, in or out, beyond what a network of 100 Gbit/s can do. */
export const mostBytesAnHour = 90_000_000_000_000n;

const reportInput = onConnection.extend({
  ...reportPeriod.shape,
  groupBy: z.enum(['user', 'bucket', 'day', 'hour']),
  filter: usageFilter.optional(),
  /** Part of an e-mail, a user id or a bucket's name. */
  search: z.string().max(200).optional(),
  sort: z.object({ by: usageSortKey, descending: z.boolean().default(true) }).optional(),
  /** Days begin at midnight of this zone (`Europe/Berlin`). Omitted: UTC. */
  timeZone: z.string().max(64).optional(),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(100_000).default(10_000),
});

/** One row of a report; what it is not grouped by is null. */
const usageRow = z.object({
  /** Identity of the row within the report. */
  key: z.string(),
  userId: z.string().nullable(),
  email: z.string().nullable(),
  /** Empty: not of a bucket. */
  bucket: z.string().nullable(),
  epoch: wireInteger.nullable(),
  /** Grouped by bucket: whether the name has further epochs in the archive. */
  recreated: z.boolean(),
  /** Grouped by day or hour: when it begins. */
  at: timestamp.nullable(),
  ...usageCounters,
});

/** When the console collects on its own, while it runs. */
const collectSchedule = z.object({
  /** Null: only when asked to. */
  everyMinutes: z.int().min(5).max(10_080).nullable(),
  removeCollected: z.boolean(),
  /** What keeps it from deleting now. */
  removalHeldBack: z.enum(['locked', 'read-only']).nullable(),
  lastRunAt: timestamp.nullable(),
  nextRunAt: timestamp.nullable(),
});

/** Calls about usage statistics. Bytes and operations exact; times UTC. */
export const usageContract = {
  /** What is on the gateway: read now, or as last read where it can't be reached. */
  'usage.objects': defineCall({
    input: onConnection.extend({
      search: z.string().max(300).optional(),
      archived: z.boolean().optional(),
      /** Read the gateway's list again even if it was read within the last minute. */
      refresh: z.boolean().default(false),
      ...pageRequest.shape,
    }),
    output: pageOf(listedObject).extend({
      asOf: timestamp.nullable(),
      source: z.enum(['gateway', 'last-seen']),
      /** Whether the list could be read to its end. */
      complete: z.boolean(),
      ignored: z.array(z.string()),
      backlog: z.object({
        objects: z.int(),
        notArchived: z.int(),
        /** Archived, past all change and without a conflict: what a removal takes. */
        removable: z.int(),
        growing: z.int(),
        failed: z.int(),
        oldest: timestamp.nullable(),
        newest: timestamp.nullable(),
        /** From the mean size of what is archived; null where nothing is. */
        estimatedBytes: wireInteger.nullable(),
      }),
    }),
  }),
  /** One object, raw and read: from the archive, else from the gateway. */
  'usage.object': defineCall({
    input: onConnection.extend({
      name: usageObjectName,
      /** The content of this variant instead. */
      digest: z.string().optional(),
    }),
    output: z.object({
      name: z.string(),
      source: z.enum(['archive', 'gateway']),
      archived: archivedObject.nullable(),
      /** The object's text as the gateway wrote it, at most 1,000,000 characters. */
      raw: z.string(),
      rawTruncated: z.boolean(),
      serviceId: z.string(),
      startAt: timestamp,
      period: z.int(),
      /** The object's `fmt_version`. */
      formatVersion: z.int(),
      items: z.array(usageItemRow),
      variants: z.array(usageVariant),
    }),
  }),
  /** Deletes on the gateway what is archived with the same content. Yields a task. */
  'usage.removeObjects': defineCall({
    input: onConnection.extend({
      /** Omitted: all that are archived. */
      names: z.array(usageObjectName).min(1).max(100_000).optional(),
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /**
   * Deletes on the gateway what is not archived: what it counted is lost. `typedName` is the name of
   * one object, the number of several. Yields a task.
   */
  'usage.discardObjects': defineCall({
    input: onConnection.extend({
      names: z.array(usageObjectName).min(1).max(1000),
      typedName: z.string().max(400),
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /** Starts a collection; the task's result is a `collectResult`. */
  'usage.collect': defineCall({
    input: onConnection.extend({
      removeCollected: z.boolean().default(false),
      /** Also fetch what is archived already and compare. */
      verify: z.boolean().default(false),
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /** Tries again what failed; the task's result is a `collectResult`. */
  'usage.retry': defineCall({
    input: onConnection.extend({
      names: z.array(usageObjectName).min(1).max(100_000).optional(),
      removeCollected: z.boolean().default(false),
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  'usage.failures': defineCall({
    input: onConnection.extend(pageRequest.shape),
    output: pageOf(collectFailure),
  }),
  'usage.schedule': defineCall({ input: onConnection, output: collectSchedule }),
  'usage.setSchedule': defineCall({
    input: onConnection.extend({
      everyMinutes: z.int().min(5).max(10_080).nullable(),
      removeCollected: z.boolean().default(false),
    }),
    output: collectSchedule,
    writes: true,
  }),
  'usage.report': defineCall({
    input: reportInput,
    output: z.object({
      /** Rows that match, beyond the page too. */
      total: z.int(),
      rows: z.array(usageRow),
      /** Over all rows that match. */
      totals: z.object(usageCounters),
      coverage: coverageSummary,
      /** The period as it was taken: whole hours. */
      from: timestamp,
      to: timestamp,
    }),
  }),
  /** The figures over time, without holes: a point for every hour or day. */
  'usage.series': defineCall({
    input: onConnection.extend({
      ...reportPeriod.shape,
      /** `auto`: hours up to eight days, days beyond. */
      step: z.enum(['auto', 'hour', 'day']).default('auto'),
      filter: usageFilter.optional(),
      timeZone: z.string().max(64).optional(),
    }),
    output: z.object({
      step: z.enum(['hour', 'day']),
      points: z.array(z.object({ at: timestamp, ...usageCounters })),
      /** Where statistics of at least one service are not archived, so that figures lack them; in order. */
      missing: z.array(z.object({ from: timestamp, to: timestamp })),
      /** Where some are not over or not due yet, and none is missing; in order. */
      open: z.array(z.object({ from: timestamp, to: timestamp })),
      coverage: coverageSummary,
    }),
  }),
  /** The objects a figure was added up from, each with its part of it. */
  'usage.sources': defineCall({
    input: onConnection.extend({
      ...reportPeriod.shape,
      filter: usageFilter.optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(archivedObject.extend(usageCounters)).extend({
      totals: z.object(usageCounters),
    }),
  }),
  'usage.coverage': defineCall({
    input: onConnection.extend(reportPeriod.shape),
    output: z.object({
      from: timestamp,
      to: timestamp,
      /** `hours[i]` is the state of the hour that begins `i` hours after `from`. */
      services: z.array(z.object({ serviceId: z.string(), hours: z.array(coverageState) })),
      summary: coverageSummary,
      /** The first 1,000, oldest first. */
      gaps: z.array(coverageGap),
    }),
  }),
  /**
   * Accepts that nothing came from a service in some hours: missing ones, or ones before the archive
   * begins. They count as silent until an object of them is collected. Journalled.
   */
  'usage.acceptGaps': defineCall({
    input: onConnection.extend({
      gaps: z
        .array(z.object({ serviceId: z.string().min(1).max(64), ...reportPeriod.shape }))
        .min(1)
        .max(1000),
      reason: z.string().trim().min(3).max(500),
    }),
    /** Gateway hours that count as silent by it. */
    output: z.object({ hours: z.int() }),
    writes: true,
  }),
  /**
   * States once of a service that nothing is due from it: `retired` since, or `idle`, which writes
   * nothing while nobody uses it. Its gaps then count as silent, without an end; what it writes counts.
   * A retired service that writes again is no longer retired from there on. Journalled; taken back by
   * `usage.withdrawGaps`.
   */
  'usage.stateService': defineCall({
    input: onConnection.extend({
      serviceId: z.string().min(1).max(64),
      kind: z.enum(['retired', 'idle']),
      /** Taken as the hour it is in. */
      since: reportTime,
      reason: z.string().trim().min(3).max(500),
    }),
    /** Hours that count as silent by it up to now. */
    output: z.object({ hours: z.int() }),
    writes: true,
  }),
  /** Withdraws such decisions: their hours are missing again. Journalled. */
  'usage.withdrawGaps': defineCall({
    input: onConnection.extend({ acceptanceIds: z.array(z.string().max(20)).min(1).max(1000) }),
    output: nothing,
    writes: true,
  }),
  'usage.conflicts': defineCall({
    input: onConnection,
    output: z.array(usageVariant.extend({ serviceId: z.string(), startAt: timestamp })),
  }),
  /** Says which content counts. The other stays archived; the figures follow in one transaction. */
  'usage.resolveConflict': defineCall({
    input: onConnection.extend({
      name: usageObjectName,
      digest: z.string(),
      take: z.enum(['archived', 'variant']),
    }),
    output: nothing,
    writes: true,
  }),
  'usage.export': defineCall({
    input: reportInput.extend({
      /** Every row that matches is exported, unless a page is asked for. */
      limit: z.int().min(1).optional(),
      format: z.enum(['csv', 'json', 'parquet']),
      /** Refuse with `COVERAGE_INCOMPLETE` where the figures are not final. */
      requireFinal: z.boolean().default(false),
      destination: exportDestination.optional(),
    }),
    output: exportedFile,
  }),
  /**
   * Writes the archived counters as Parquet, partitioned `connection=/year=/month=/day=`. Yields a
   * task; its result `{files, rows, bytes, writtenTo}`.
   */
  'usage.exportDataset': defineCall({
    input: onConnection.extend({ ...reportPeriod.shape, destination: exportDestination }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
};

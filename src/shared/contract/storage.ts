import { z } from 'zod';
import {
  appErrorData,
  defineCall,
  onConnection,
  pageOf,
  pageRequest,
  timestamp,
  userId,
  wireInteger,
  wireInteger64,
} from './define.ts';
import { reportPeriod } from './usage.ts';

/** Whose size: one user's, one bucket's, or the whole cluster's. */
const storageTarget = z.union([
  z.object({ user: userId }),
  z.object({ bucket: z.string().min(1).max(255) }),
  z.object({ cluster: z.literal(true) }),
]);

/** Calls about sizes over time, from what each refresh recorded. */
const mover = z.object({
  userId: z.string(),
  email: z.string(),
  bytes: wireInteger,
  change: wireInteger,
});

/** What was stored within one calendar month (UTC), or the part of it that is asked for. */
const storedPart = z.object({
  /** When the part begins. */
  from: timestamp,
  /** Byte-milliseconds, exactly as a statement charges them. */
  quantity: wireInteger,
});

/** Area under the samples; null where no time is between two of them: unknown, not nothing. */
const storedAmount = {
  /** By calendar month, in order. */
  stored: z.array(storedPart).nullable(),
  /** Byte-hours, rounded down; those of days add up to the whole exactly. */
  byteHours: wireInteger.nullable(),
};

const storedDay = z.object({
  /** When the day begins, or the period. */
  at: timestamp,
  ...storedAmount,
  /** Part of the day that is between two samples, 0 to 1. */
  known: z.number(),
});

export const storageContract = {
  /** Users whose stored bytes grew or shrank most; not `compared` without a sample of that time. */
  'storage.movers': defineCall({
    input: onConnection.extend({
      days: z.int().min(1).max(365).default(7),
      limit: z.int().min(1).max(100).default(5),
    }),
    output: z.object({ compared: z.boolean(), risers: z.array(mover), fallers: z.array(mover) }),
  }),
  /** When sizes were last sampled; waits for the sample of a refresh that has just ended. */
  'storage.lastSample': defineCall({
    input: onConnection,
    output: z.object({
      sampledAt: timestamp.nullable(),
      /** Why the sample of the last refresh could not be kept. */
      error: appErrorData.optional(),
    }),
  }),
  'storage.history': defineCall({
    input: onConnection.extend({
      ...reportPeriod.shape,
      target: storageTarget,
      /** The quota to compare with, in the guide's GB. Omitted: no `daysToQuota`. */
      quotaGb: wireInteger64.optional(),
      /** The maximum number of points, evenly thinned. */
      points: z.int().min(2).max(5000).default(500),
    }),
    output: z.object({
      points: z.array(z.object({ at: timestamp, bytes: wireInteger })),
      firstBytes: wireInteger.nullable(),
      lastBytes: wireInteger.nullable(),
      /** Last less first. */
      growthBytes: wireInteger.nullable(),
      /** Trend in bytes a day, by least squares over the samples, each weighed by the time around it; null with fewer than two. */
      bytesPerDay: z.number().nullable(),
      ...storedAmount,
      density: z.object({
        /** Refreshes within the period. */
        samples: z.int(),
        medianGapSeconds: z.int().nullable(),
        longestGapSeconds: z.int().nullable(),
        /** Part of the period that is between two samples, 0 to 1. */
        covered: z.number(),
        words: z.string(),
      }),
      /** Days until the quota is reached by this trend; null where it shrinks or none is given. */
      daysToQuota: z.number().nullable(),
    }),
  }),
  /** What was stored, day by day: the sums behind a statement's line of storage. */
  'storage.days': defineCall({
    input: onConnection.extend({
      ...reportPeriod.shape,
      target: storageTarget,
      /** Days begin at midnight of this zone (`Europe/Berlin`). Omitted: UTC. */
      timeZone: z.string().max(64).optional(),
      sort: z
        .object({ by: z.enum(['day', 'stored']), descending: z.boolean().default(true) })
        .optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(storedDay).extend({
      /** Of the whole period. */
      whole: z.object(storedAmount),
    }),
  }),
};

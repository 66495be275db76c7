import { z } from 'zod';
import {
  appErrorData,
  defineCall,
  onConnection,
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

export const storageContract = {
  /** Users whose stored bytes grew or shrank most; empty without a sample of that time. */
  'storage.movers': defineCall({
    input: onConnection.extend({
      days: z.int().min(1).max(365).default(7),
      limit: z.int().min(1).max(100).default(5),
    }),
    output: z.object({ risers: z.array(mover), fallers: z.array(mover) }),
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
      /** Mean growth in bytes a day, least squares over the samples; null with fewer than two. */
      bytesPerDay: z.number().nullable(),
      /**
       * Area under the samples, joined by straight lines: byte-hours, rounded down. Null where no time
       * of the period is between two samples: unknown, not nothing.
       */
      byteHours: wireInteger.nullable(),
      /** The same in 2^30 bytes times hours, three decimals. */
      gibHours: z.string().nullable(),
      density: z.object({
        /** Refreshes within the period. */
        samples: z.int(),
        medianGapSeconds: z.int().nullable(),
        longestGapSeconds: z.int().nullable(),
        /** Part of the period that is between two samples, 0 to 1. */
        covered: z.number(),
        words: z.string(),
      }),
      /** Days until the quota is reached at this growth; null where it shrinks or none is given. */
      daysToQuota: z.number().nullable(),
    }),
  }),
};

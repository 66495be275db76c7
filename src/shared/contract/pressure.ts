import { z } from 'zod';
import { defineCall, onConnection, pageOf, pageRequest, timestamp } from './define.ts';
import { inventoryStatus } from './inventory.ts';
import { defaultQuota, gridFilter, limitGridRow, limitInput, sizeGb } from './limits.ts';
import { writeOptions, writeOutcome } from './operations.ts';
import { limitTarget } from './targets.ts';

/** Most urgent first. `unknown`: neither quota nor limits were read yet. */
const pressureRisk = z.enum(['critical', 'warning', 'watch', 'none', 'unknown']);

/** An open temporary raise in a row of the board. */
const raisedMark = z.object({ until: timestamp, overdue: z.boolean() });

/** A user or bucket with its remaining room. */
const pressureRow = limitGridRow.extend({
  risk: pressureRisk,
  /** Bytes a day over the last two weeks, negative where it shrinks; null: too few samples. */
  dailyBytes: z.number().nullable(),
  /** Until the quota is reached; 0: it is. Null: no quota, no growth, or not known. */
  daysToFull: z.number().nullable(),
  /** The hour that came closest to a rate limit; null without a limit or without statistics. */
  busiest: z
    .object({
      resource: z.enum(['opsGet', 'opsPut', 'opsList', 'opsDefault', 'bandwidthOut']),
      /** Mean of the hour, in the limit's unit. */
      rate: z.number(),
      limit: z.number(),
      /** Rate over limit: 1 is at the limit. */
      share: z.number(),
      at: timestamp,
    })
    .nullable(),
  /** Hours of the last day of statistics at nine tenths of a limit or more. */
  limitedHours: z.int(),
  raised: raisedMark.nullable(),
});

const raiseId = z.uuid();

/** A quota or limits that are to go back to what they were. */
const temporaryRaise = z.object({
  raiseId,
  target: z.object({ kind: z.enum(['user', 'bucket']), id: z.string(), name: z.string() }),
  part: z.enum(['quota', 'limits']),
  reason: z.string(),
  until: timestamp,
  overdue: z.boolean(),
  createdAt: timestamp,
  createdBy: z.string(),
  /** As fields of an operation: null is "not set". */
  before: z.record(z.string(), z.string().nullable()),
  after: z.record(z.string(), z.string().nullable()),
  /** The prepared way back, to be previewed. */
  back: z.object({
    operation: z.enum(['quotas.set', 'quotas.clear', 'limits.set', 'limits.clear']),
    input: z.record(z.string(), z.unknown()),
  }),
  /** False: it was sent, and whether it came to be is not known. */
  confirmed: z.boolean(),
  journalId: z.string().nullable(),
});

const raised = z.object({ raiseId, until: timestamp, ...writeOutcome });

/** Calls about how close users and buckets are to their bounds, and raises that end. */
export const pressureContract = {
  'pressure.list': defineCall({
    input: onConnection.extend({
      of: z.enum(['user', 'bucket']).default('user'),
      search: z.string().max(200).optional(),
      filter: gridFilter
        .extend({
          risk: pressureRisk.optional(),
          /** Full within this many days, or full now. */
          withinDays: z.int().min(0).max(3650).optional(),
          /** The busiest hour reached at least this share of a limit. */
          minLimitShare: z.number().min(0).max(1000).optional(),
          raised: z.enum(['running', 'overdue']).optional(),
        })
        .optional(),
      /** One user's id or bucket's name: yields it alone, and only where it matches the rest. */
      only: z.string().min(1).max(255).optional(),
      sort: z
        .object({
          by: z.enum([
            ...['risk', 'name', 'state', 'currentBytes', 'quota', 'used', 'daysToFull'],
            ...['dailyBytes', 'busiest', 'limitedHours', 'raised'],
          ] as const),
          descending: z.boolean().default(false),
        })
        .optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(pressureRow).extend({
      defaults: z.object({ user: defaultQuota, bucket: defaultQuota }),
      inventory: inventoryStatus,
      /** When sizes were last sampled; null: never. */
      sampledAt: timestamp.nullable(),
      /** The end of the newest hour of statistics; null without any. */
      statisticsUntil: timestamp.nullable(),
      /** Open raises of the cluster, and those past their time. */
      raises: z.object({ open: z.int(), overdue: z.int() }),
    }),
  }),
  /** Open raises, the one that ends first at the top. */
  'pressure.raises': defineCall({ input: onConnection, output: z.array(temporaryRaise) }),
  /**
   * Sets a quota or limits until a time. The way back is kept before anything is sent. Raised again, the
   * way back stays that to the value before the first raise.
   */
  'pressure.raise': defineCall({
    input: onConnection.extend({
      target: limitTarget,
      change: z.union([z.strictObject({ sizeGb }), z.strictObject({ limits: limitInput })]),
      until: timestamp,
      reason: z.string().trim().min(1).max(200),
      ...writeOptions,
    }),
    output: raised,
    writes: true,
  }),
  /** Sends the prepared way back and ends the raise. */
  'pressure.putBack': defineCall({
    input: onConnection.extend({ raiseId, ...writeOptions }),
    output: raised,
    writes: true,
  }),
  /** Ends a raise and leaves the value as it is. Sends nothing. */
  'pressure.keep': defineCall({
    input: onConnection.extend({ raiseId, reason: z.string().trim().min(1).max(200) }),
    output: z.object({ ended: z.boolean() }),
    writes: true,
  }),
};

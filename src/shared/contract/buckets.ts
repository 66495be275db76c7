import { z } from 'zod';
import {
  defineCall,
  measuredBytes,
  onConnection,
  pageOf,
  pageRequest,
  quotaInForce,
  targetFilter,
  timestamp,
  userId,
  wireInteger,
  wireInteger64,
} from './define.ts';
import { defineOperation } from './operations.ts';
import { bucketName } from './targets.ts';

/** A bucket as lists and its page show it. A figure is null where the gateway's is impossible. */
export const bucketRow = z.object({
  name: z.string(),
  ownerId: z.string(),
  /** Null where no user of the snapshot has the owner's id. */
  ownerEmail: z.string().nullable(),
  currentBytes: wireInteger.nullable(),
  /** Highest size within the hour `lastHour`. */
  peakBytes: wireInteger.nullable(),
  /** `h_integral` as the gateway gave it; its unit is not certain. */
  byteIntegral: wireInteger.nullable(),
  /** Whole hours since the Unix epoch, of the last accounted hour. */
  lastHour: z.int(),
  createdAt: timestamp.nullable(),
  epoch: wireInteger.nullable(),
  firstSeen: timestamp,
});

/** A bucket in a list, with what else is stored of it; unknown values are omitted, never zero. */
const listedBucket = bucketRow.extend({
  quota: quotaInForce.optional(),
  /** Size over quota, 1 when full; omitted where no quota is set. A GB is taken as 10^9 bytes. */
  usedFraction: z.number().optional(),
  /** By how much it grew, as far as sizes were recorded in the last thirty days. */
  growth: measuredBytes.optional(),
});

export const bucketFilter = targetFilter.extend({
  size: z.enum(['empty', 'filled']).optional(),
  /** A part of the owner's e-mail or id. */
  owner: z.string().max(200).optional(),
  minGrowth: wireInteger64.optional(),
  maxGrowth: wireInteger64.optional(),
  ownerKnown: z.boolean().optional(),
  createdAfter: timestamp.optional(),
  createdBefore: timestamp.optional(),
});

const bucketSortKey = z.enum([
  'name',
  'ownerEmail',
  'currentBytes',
  'peakBytes',
  'createdAt',
  'lastHour',
  'quota',
  'used',
  'growth',
]);

export const bucketsContract = {
  'buckets.list': defineCall({
    input: onConnection.extend({
      search: z.string().max(200).optional(),
      filter: bucketFilter.optional(),
      ownerId: userId.optional(),
      /** Name of one bucket: yields it alone, and only where it matches the rest. */
      only: z.string().min(1).max(255).optional(),
      sort: z.object({ by: bucketSortKey, descending: z.boolean().default(false) }).optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(listedBucket).extend({ asOf: timestamp.nullable() }),
  }),
  'buckets.get': defineCall({
    input: onConnection.extend({ name: z.string().min(1).max(255) }),
    output: bucketRow.extend({
      asOf: timestamp,
      source: z.enum(['gateway', 'snapshot']),
      /** True while the gateway is still being asked: `data.changed` follows. */
      waiting: z.boolean().optional(),
    }),
  }),
  /**
   * Several buckets by name, read in one request where the gateway can (`multi`), else one by one.
   * Names that no bucket has are `missing`.
   */
  'buckets.several': defineCall({
    input: onConnection.extend({ names: z.array(bucketName).min(1).max(1000) }),
    output: z.object({
      rows: z.array(bucketRow),
      missing: z.array(z.string()),
      asOf: timestamp,
    }),
  }),
  /** Removes an empty bucket; the console never empties one. Yields the bucket as it was. */
  'buckets.remove': defineOperation({
    input: onConnection.extend({
      name: z.string().min(1).max(255),
      /** Sign this one request with the owner's own key, where the gateway refuses the system user. */
      asOwner: z.boolean().default(false),
      /** Send even if the last accounted size is not zero (sizes lag by an hour). */
      sizeIsOld: z.boolean().default(false),
    }),
    output: bucketRow,
  }),
};

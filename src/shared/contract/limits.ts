import { z } from 'zod';
import { limitResources } from '../limit-resources.ts';
import { defineCall, onConnection, pageOf, pageRequest, timestamp, wireInteger } from './define.ts';
import { inventoryStatus } from './inventory.ts';
import { defineOperation } from './operations.ts';
import { limitTarget, quotaTarget } from './targets.ts';
import { userState } from './users.ts';

const notWhole = 'a quota is a whole number of GB, 0 or more';

/** A quota in the guide's gigabytes, sent as given and never multiplied. The guide does not say what 0 means. */
export const sizeGb = z
  .union([z.int(notWhole).min(0, notWhole), z.string().regex(/^\d{1,18}$/, notWhole)], notWhole)
  .transform((value) => BigInt(value))
  .refine((value) => value <= 2n ** 53n, 'a quota is at most 2^53 GB');

const quotaState = z.object({
  /** Whether an own quota is set. Not set is not the same as 0. */
  set: z.boolean(),
  /** In GB; null where none is set. */
  sizeGb: wireInteger.nullable(),
});

/** Calls about quotas of users and buckets, and about the two defaults. */
export const quotasContract = {
  'quotas.get': defineCall({
    input: onConnection.extend({ target: quotaTarget }),
    output: quotaState.extend({ asOf: timestamp, source: z.enum(['gateway', 'snapshot']) }),
  }),
  'quotas.set': defineOperation({
    input: onConnection.extend({ target: quotaTarget, sizeGb }),
    output: quotaState,
  }),
  'quotas.clear': defineOperation({
    input: onConnection.extend({ target: quotaTarget }),
    output: quotaState,
  }),
};

const noRate = 'a rate is a number, 0 (unlimited) or more, with two decimals at most';

/** A rate: operations a second, or kB a second for bandwidth. 0 means unlimited. Two decimals. */
const rate = z
  .union(
    [
      z.number(noRate),
      z
        .string()
        .regex(/^\d{1,12}(\.\d{1,2})?$/, noRate)
        .transform(Number),
    ],
    noRate,
  )
  .refine((value) => value >= 0 && value <= 1e12, 'a rate is 0 (unlimited) or more')
  .refine(
    (value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6,
    'a rate has two decimals at most',
  );

/** The resources a limit can be set on; those omitted stay as they are. */
export const limitInput = z
  .strictObject({
    opsDefault: rate.optional(),
    opsGet: rate.optional(),
    opsPut: rate.optional(),
    opsList: rate.optional(),
    opsDelete: rate.optional(),
    bandwidthOut: rate.optional(),
  })
  .refine((limits) => Object.values(limits).some((value) => value !== undefined), {
    message: 'name at least one limit',
  });

/** Limits as read; empty where none are set. */
const limitValues = z.object({
  opsDefault: z.number().optional(),
  opsGet: z.number().optional(),
  opsPut: z.number().optional(),
  opsList: z.number().optional(),
  opsDelete: z.number().optional(),
  bandwidthOut: z.number().optional(),
});

const limitState = z.object({
  /** Whether any limit is set. Not set is not the same as 0 (unlimited). */
  set: z.boolean(),
  limits: limitValues,
});

/** One row of the Limits & quotas page: a user or a bucket with its own values. */
export const limitGridRow = z.object({
  kind: z.enum(['user', 'bucket']),
  /** User id or bucket name. */
  id: z.string(),
  /** E-mail or bucket name. */
  name: z.string(),
  /** Of the user, or of the bucket's owner. */
  state: userState,
  /** Null where the gateway's figure can't be true. */
  currentBytes: wireInteger.nullable(),
  /** Null until it was read. `set: false` means that the default applies. */
  quota: z.object({ set: z.boolean(), sizeGb: wireInteger.nullable(), asOf: timestamp }).nullable(),
  /** The quota that applies, own or default, in GB; null where none does or it is not known. */
  appliedGb: wireInteger.nullable(),
  /** Size over applied quota, with a GB taken as 10^9 bytes; null where there is no quota. */
  usedFraction: z.number().nullable(),
  /** Null until they were read. */
  limits: limitState.extend({ asOf: timestamp }).nullable(),
});

const limitGridSortKey = z.enum([
  'name',
  'state',
  'currentBytes',
  'quota',
  'used',
  ...limitResources,
  'asOf',
]);

export const defaultQuota = z
  .object({ set: z.boolean(), sizeGb: wireInteger.nullable(), asOf: timestamp })
  .nullable();

/** What a list of users or buckets with their quotas and limits is narrowed to. */
export const gridFilter = z.object({
  /** `differs`: an own quota (also an unlimited one) that is not the default. */
  quota: z.enum(['own', 'unlimited', 'differs', 'notSet', 'unknown']).optional(),
  limits: z.enum(['own', 'notSet', 'unknown']).optional(),
  state: userState.optional(),
  /** Size over applied quota at least this: 0.8 for "nearly full". */
  minUsedFraction: z.number().min(0).optional(),
});

export const limitsContract = {
  'limits.get': defineCall({
    input: onConnection.extend({ target: limitTarget }),
    output: limitState.extend({ asOf: timestamp, source: z.enum(['gateway', 'snapshot']) }),
  }),
  'limits.set': defineOperation({
    input: onConnection.extend({ target: limitTarget, limits: limitInput }),
    output: limitState,
  }),
  'limits.clear': defineOperation({
    input: onConnection.extend({ target: limitTarget }),
    output: limitState,
  }),
  /** The whole cluster's own limits and quotas besides the defaults, as last read. */
  'limits.grid': defineCall({
    input: onConnection.extend({
      of: z.enum(['user', 'bucket']).default('user'),
      search: z.string().max(200).optional(),
      filter: gridFilter.optional(),
      /** One user's id or bucket's name: yields it alone, and only where it matches the rest. */
      only: z.string().min(1).max(255).optional(),
      sort: z.object({ by: limitGridSortKey, descending: z.boolean().default(false) }).optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(limitGridRow).extend({
      /** Null until they were read. */
      defaults: z.object({ user: defaultQuota, bucket: defaultQuota }),
      inventory: inventoryStatus,
    }),
  }),
};

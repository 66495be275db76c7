import { z } from 'zod';
import { defineCall, onConnection, timestamp, wireInteger } from './define.ts';
import { defineOperation } from './operation.ts';
import { quotaTarget } from './targets.ts';

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

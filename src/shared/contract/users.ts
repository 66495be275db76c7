import { z } from 'zod';
import {
  appErrorData,
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
import { emailAddress } from './targets.ts';

/** Whether a user may read and write; `unknown` where the gateway did not say. */
export const userState = z.enum(['enabled', 'disabled', 'unknown']);

export const userRow = z.object({
  userId: z.string(),
  email: z.string(),
  state: userState,
  /** `system` marks users that may call the management API. */
  flags: z.array(z.string()),
  /** The gateway's list has no flags, and this user was never read on its own. */
  flagsUnknown: z.literal(true).optional(),
  ownerId: z.string(),
  /** From the snapshot's bucket list; null for a user newer than that list. */
  bucketCount: z.int().nullable(),
  currentBytes: wireInteger.nullable(),
  peakBytes: wireInteger.nullable(),
  /** Buckets with an impossible size, left out of these sums; omitted if none. */
  unknownSizes: z.int().optional(),
  /** When the console first saw this user. */
  firstSeen: timestamp,
});

/** A user in a list, with what else is stored of it; unknown values are omitted, never zero. */
const listedUser = userRow.extend({
  quota: quotaInForce.optional(),
  /** Size over quota, 1 when full; omitted where no quota is set. A GB is taken as 10^9 bytes. */
  usedFraction: z.number().optional(),
  keyCount: z.int().optional(),
  /**
   * What was uploaded and downloaded in the last thirty days, as far as statistics were collected. `days`
   * has a character for each day, the last one last: `0` for none, up to `v` for the most of this user.
   */
  traffic: measuredBytes.extend({ days: z.string() }).optional(),
  /** The last day (UTC) with traffic in the statistics. */
  lastActive: timestamp.optional(),
  customers: z.array(z.object({ customerId: z.string(), name: z.string() })).optional(),
  /** Name of the service plan that counts for the user. */
  plan: z.string().optional(),
});

const someOrNone = z.enum(['none', 'some']).optional();

export const userFilter = targetFilter.extend({
  state: userState.optional(),
  buckets: someOrNone,
  system: z.boolean().optional(),
  keys: z.int().min(0).optional(),
  minTraffic: wireInteger64.optional(),
  maxTraffic: wireInteger64.optional(),
  activeAfter: timestamp.optional(),
  activeBefore: timestamp.optional(),
  firstSeenAfter: timestamp.optional(),
  firstSeenBefore: timestamp.optional(),
  /** A part of a customer's name. */
  customer: z.string().max(200).optional(),
  customers: someOrNone,
  plan: z.string().max(200).optional(),
  plans: someOrNone,
});

export const userSortKey = z.enum([
  'email',
  'userId',
  'state',
  'bucketCount',
  'currentBytes',
  'peakBytes',
  'firstSeen',
  'quota',
  'used',
  'keys',
  'traffic',
  'lastActive',
  'customer',
  'plan',
]);

const accessKey = z.object({
  accessKeyId: z.string(),
  /** When the console first saw this key; omitted where it is not kept. */
  firstSeen: timestamp.optional(),
});

/** An account (further credentials inside one user) and its keys. */
const account = z.object({ name: z.string(), keys: z.array(accessKey) });

/** The details of a user: from the gateway when it answers, else as last seen. */
export const userDetail = userRow.extend({
  keys: z.array(accessKey),
  accounts: z.array(account),
  /** When keys and accounts were read; null while they never were. */
  keysAsOf: timestamp.nullable(),
  /** Why keys and accounts can't be read, and what to do: no selector identifies this user alone. */
  keysUnreadable: appErrorData.optional(),
  asOf: timestamp,
  /** Whether this was read from the gateway just now or is what was last seen. */
  source: z.enum(['gateway', 'snapshot']),
  /** True while the gateway is still being asked: `data.changed` follows. */
  waiting: z.boolean().optional(),
});

export const usersContract = {
  'users.list': defineCall({
    input: onConnection.extend({
      search: z.string().max(200).optional(),
      filter: userFilter.optional(),
      /** Id of one user: yields it alone, and only where it matches the rest. */
      only: userId.optional(),
      sort: z.object({ by: userSortKey, descending: z.boolean().default(false) }).optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(listedUser).extend({ asOf: timestamp.nullable() }),
  }),
  'users.get': defineCall({ input: onConnection.extend({ userId }), output: userDetail }),
  'users.create': defineOperation({
    input: onConnection.extend({ email: emailAddress }),
    output: userDetail.extend({
      /** The first pair, shown once; null where the gateway made none or its secret is not known. */
      key: z.object({ accessKeyId: z.string(), secretAccessKey: z.string().nullable() }).nullable(),
    }),
    revealsSecret: true,
  }),
  'users.enable': defineOperation({ input: onConnection.extend({ userId }), output: userDetail }),
  'users.disable': defineOperation({ input: onConnection.extend({ userId }), output: userDetail }),
  /** Yields the user as it was. Refused while it owns buckets. */
  'users.remove': defineOperation({ input: onConnection.extend({ userId }), output: userDetail }),
};

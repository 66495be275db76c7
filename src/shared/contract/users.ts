import { z } from 'zod';
import {
  appErrorData,
  defineCall,
  onConnection,
  pageRequest,
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
  /** The gateway's list has no flags, and this user was never read by itself. */
  flagsUnknown: z.literal(true).optional(),
  ownerId: z.string(),
  /** From the snapshot's bucket list; null for a user that is newer than it: not counted yet. */
  bucketCount: z.int().nullable(),
  currentBytes: wireInteger.nullable(),
  peakBytes: wireInteger.nullable(),
  /** Buckets whose size can't be true: they are not in these sums; omitted where none. */
  unknownSizes: z.int().optional(),
  /** When the console first saw this user. */
  firstSeen: timestamp,
});

export const userFilter = z.object({
  state: userState.optional(),
  buckets: z.enum(['none', 'some']).optional(),
  system: z.boolean().optional(),
  minBytes: wireInteger64.optional(),
});

export const userSortKey = z.enum([
  'email',
  'userId',
  'state',
  'bucketCount',
  'currentBytes',
  'peakBytes',
  'firstSeen',
]);

export const accessKey = z.object({
  accessKeyId: z.string(),
  /** When the console first saw this key; omitted where it is not kept. */
  firstSeen: timestamp.optional(),
});

/** An account (further credentials inside one user) and its keys. */
export const account = z.object({ name: z.string(), keys: z.array(accessKey) });

/** One user whole: from the gateway when it answers, else as last seen. */
export const userDetail = userRow.extend({
  keys: z.array(accessKey),
  accounts: z.array(account),
  /** When keys and accounts were read; null while they never were. */
  keysAsOf: timestamp.nullable(),
  /** Why the gateway can't be asked for keys and accounts, and what can: no name is this user's alone. */
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
    output: z.object({
      total: z.int(),
      rows: z.array(userRow),
      asOf: timestamp.nullable(),
    }),
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

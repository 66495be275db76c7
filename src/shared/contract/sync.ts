import { z } from 'zod';
import { bucketRow } from './buckets.ts';
import { appErrorData, defineCall, onConnection, timestamp } from './define.ts';
import { keyRow } from './keys.ts';
import { userRow } from './users.ts';

/**
 * Rows of the last lists, and statistics objects of the last collection, that could not be read: how
 * many, and the first of them by name.
 */
export const setAsideRows = z.object({
  total: z.int(),
  rows: z.array(
    z.object({
      list: z.enum(['users', 'buckets', 'statistics objects']),
      name: z.string(),
      cause: z.string(),
    }),
  ),
});

/** Proxies that the last lists name in their heads, and whether one says that it changed the content. */
export const proxyRoute = z.object({ said: z.string(), transformed: z.boolean() });

/** Figures of the last lists that can't be true (an underflow, say), as the gateway sent them. */
const implausibleFigures = z.object({
  total: z.int(),
  rows: z.array(
    z.object({
      list: z.enum(['users', 'buckets']),
      name: z.string(),
      field: z.string(),
      value: z.string(),
    }),
  ),
});

const takenAway = z.object({
  before: z.int(),
  after: z.int(),
  /** How many of those seen before the list lacks, and the first of them: e-mails, names. */
  missing: z.int(),
  names: z.array(z.string()),
});

/** Lists that lack more than half of what was seen before: held back until that is confirmed. */
export const heldBack = z.object({ at: timestamp, users: takenAway, buckets: takenAway });

/** Whether the gateway answered last time, and how old the snapshot is. */
export const syncStatus = z.object({
  /** `failing`: the gateway answers, with errors. `offline`: it does not answer. */
  state: z.enum(['online', 'failing', 'offline', 'never']),
  /** When the data on screen was fetched; null before the first refresh. */
  asOf: timestamp.nullable(),
  /** Since when the gateway can't be reached. */
  offlineSince: timestamp.optional(),
  /** Since when the gateway answers with errors. */
  failingSince: timestamp.optional(),
  error: appErrorData.optional(),
  /** What a running refresh has done. */
  refreshing: z
    .object({ taskId: z.string(), stage: z.enum(['users', 'buckets', 'storing']), done: z.int() })
    .optional(),
  users: z.int(),
  buckets: z.int(),
  setAside: setAsideRows.optional(),
  implausible: implausibleFigures.optional(),
  heldBack: heldBack.optional(),
  route: proxyRoute.optional(),
});

/** The figures of the Overview page, from the snapshot. */
const overview = z.object({
  asOf: timestamp.nullable(),
  users: z.int(),
  disabledUsers: z.int(),
  buckets: z.int(),
  emptyBuckets: z.int(),
  currentBytes: z.union([z.int(), z.string()]),
  peakBytes: z.union([z.int(), z.string()]),
  /** Buckets with an impossible size, left out of these sums; omitted if none. */
  unknownSizes: z.int().optional(),
  largestUsers: z.array(
    z.object({
      userId: z.string(),
      email: z.string(),
      buckets: z.int(),
      currentBytes: z.union([z.int(), z.string()]),
    }),
  ),
  largestBuckets: z.array(
    z.object({
      name: z.string(),
      ownerId: z.string(),
      ownerEmail: z.string().nullable(),
      currentBytes: z.union([z.int(), z.string()]).nullable(),
    }),
  ),
  newestBuckets: z.array(
    z.object({
      name: z.string(),
      ownerId: z.string(),
      ownerEmail: z.string().nullable(),
      createdAt: timestamp,
    }),
  ),
});

const refreshed = z.object({
  users: z.int(),
  buckets: z.int(),
  asOf: timestamp,
  /** How many rows could not be read, and how many figures can't be true: named in the status. */
  setAside: z.int().optional(),
  implausible: z.int().optional(),
  /** What a proxy on the way changed the lists says of itself. */
  transformed: z.string().optional(),
});

/** When core refreshes a cluster on its own, while it runs. Each refresh samples sizes. */
const refreshSchedule = z.object({
  /** Null: only when asked to, and before a scheduled collection. */
  everyMinutes: z.int().min(5).max(10_080).nullable(),
  lastRunAt: timestamp.nullable(),
  nextRunAt: timestamp.nullable(),
});

/** Calls that bring the snapshot up to date and say how it is. */
export const syncContract = {
  /** Fails with `REFRESH_HELD_BACK` where the lists lack more than half of what was seen. */
  'sync.refresh': defineCall({
    input: onConnection,
    output: refreshed,
  }),
  /** Fetches the lists again and takes them in, if they lack no more than what was held back. */
  'sync.acceptShorter': defineCall({ input: onConnection, output: refreshed }),
  /** Keeps what was seen, and forgets that shorter lists were held back. Yields the status. */
  'sync.keepSeen': defineCall({ input: onConnection, output: syncStatus }),
  'sync.status': defineCall({ input: onConnection, output: syncStatus }),
  'sync.overview': defineCall({ input: onConnection, output: overview }),
  /**
   * The first users, buckets, accounts and keys that the words mean, not how many: those whose name or id
   * begins with them, then those that hold them, then those with such words in another order or with a small
   * slip.
   */
  'sync.find': defineCall({
    input: onConnection.extend({
      search: z.string().max(200),
      limit: z.int().min(1).max(50).default(6),
    }),
    output: z.object({
      users: z.array(userRow),
      buckets: z.array(bucketRow),
      /** Those with keys and those without. */
      accounts: z.array(
        z.object({
          name: z.string(),
          ownerId: z.string(),
          ownerEmail: z.string().nullable(),
          keys: z.int(),
        }),
      ),
      keys: z.array(keyRow),
    }),
  }),
  'sync.schedule': defineCall({ input: onConnection, output: refreshSchedule }),
  'sync.setSchedule': defineCall({
    input: onConnection.extend({ everyMinutes: refreshSchedule.shape.everyMinutes }),
    output: refreshSchedule,
    writes: true,
  }),
};

import { z } from 'zod';
import { defineCall, onConnection, timestamp } from './define.ts';
import { appErrorData } from './error-data.ts';

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
});

/** The figures of the Overview page, from the snapshot. */
export const overview = z.object({
  asOf: timestamp.nullable(),
  users: z.int(),
  disabledUsers: z.int(),
  buckets: z.int(),
  emptyBuckets: z.int(),
  currentBytes: z.union([z.int(), z.string()]),
  peakBytes: z.union([z.int(), z.string()]),
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
      currentBytes: z.union([z.int(), z.string()]),
    }),
  ),
  newestBuckets: z.array(
    z.object({ name: z.string(), ownerEmail: z.string().nullable(), createdAt: timestamp }),
  ),
});

/** Calls that bring the snapshot up to date and say how it stands. */
export const syncContract = {
  'sync.refresh': defineCall({
    input: onConnection,
    output: z.object({ users: z.int(), buckets: z.int(), asOf: timestamp }),
  }),
  'sync.status': defineCall({ input: onConnection, output: syncStatus }),
  'sync.overview': defineCall({ input: onConnection, output: overview }),
};

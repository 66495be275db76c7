import { z } from 'zod';
import { defineCall, onConnection, timestamp } from './define.ts';

/** What a sweep reads of each user (and of each bucket, where asked). */
export const sweepPart = z.enum(['keys', 'limits', 'quotas']);

/** How far the values that only single requests yield are known, and how old they are. */
export const sweepStatus = z.object({
  /** Users in the snapshot, and of how many everything was read at least once. */
  users: z.int(),
  usersKnown: z.int(),
  buckets: z.int(),
  bucketsKnown: z.int(),
  /** Age of the oldest and newest value; null while there is none. */
  oldest: timestamp.nullable(),
  newest: timestamp.nullable(),
  /** The running sweep, or null. */
  taskId: z.string().nullable(),
  /** Whether an earlier sweep was left half done: the next one goes on where it ended. */
  unfinished: z.boolean(),
});

/** Calls about the background sweep that fills the Keys page and the Limits & quotas page. */
export const sweepContract = {
  'sweep.start': defineCall({
    input: onConnection.extend({
      parts: z.array(sweepPart).min(1).default(['keys', 'limits', 'quotas']),
      /** Also limits and quotas of every bucket: two requests each. */
      buckets: z.boolean().default(false),
      /** Budget, so that the sweep leaves the gateway to its tenants. */
      requestsPerSecond: z.int().min(1).max(2000).default(50),
      /** Start over instead of going on where an unfinished sweep ended. */
      restart: z.boolean().default(false),
    }),
    output: z.object({ taskId: z.string() }),
  }),
  'sweep.status': defineCall({ input: onConnection, output: sweepStatus }),
};

import { z } from 'zod';
import { defineCall, onConnection, timestamp } from './define.ts';

/** What an inventory reads of each user (and of each bucket, where asked). */
const inventoryPart = z.enum(['keys', 'limits', 'quotas']);

/** How far the values that only single requests yield are known, and how old they are. */
export const inventoryStatus = z.object({
  /** Users in the snapshot, and of how many everything was read at least once. */
  users: z.int(),
  usersKnown: z.int(),
  buckets: z.int(),
  bucketsKnown: z.int(),
  /** Age of the oldest and newest value; null while there is none. */
  oldest: timestamp.nullable(),
  newest: timestamp.nullable(),
  /** The task of the running inventory, or null. */
  taskId: z.string().nullable(),
  /** Whether an earlier inventory was left half done: the next one resumes where it ended. */
  unfinished: z.boolean(),
});

/** Calls about the inventory that fills the Keys page and the Limits & quotas page. */
export const inventoryContract = {
  'inventory.start': defineCall({
    input: onConnection.extend({
      parts: z.array(inventoryPart).min(1).default(['keys', 'limits', 'quotas']),
      /** Also limits and quotas of every bucket: two requests each. */
      buckets: z.boolean().default(false),
      /** Budget, so that the inventory leaves the gateway to its tenants. */
      requestsPerSecond: z.int().min(1).max(2000).default(50),
      /** Start over instead of resuming where an unfinished one ended. */
      restart: z.boolean().default(false),
    }),
    output: z.object({ taskId: z.string() }),
  }),
  'inventory.status': defineCall({ input: onConnection, output: inventoryStatus }),
};

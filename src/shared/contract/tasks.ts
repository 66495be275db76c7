import { z } from 'zod';
import { appErrorData, connectionId, defineCall, nothing, timestamp } from './define.ts';

/** How a task stands. `total` is null while it is not known. */
export const taskSummary = z.object({
  taskId: z.string(),
  connectionId: connectionId.nullable(),
  /** What kind of work: `sync.refresh`, `usage.collect`, `bulk.apply` … */
  kind: z.string(),
  title: z.string(),
  state: z.enum(['running', 'paused', 'succeeded', 'failed', 'cancelled', 'interrupted']),
  done: z.int(),
  total: z.int().nullable(),
  /** Items that failed so far. */
  failed: z.int(),
  startedAt: timestamp,
  endedAt: timestamp.nullable(),
  /** Where the work is now, in words. */
  stage: z.string().optional(),
  /** Id of what the work is on, where it has a page of its own: a bulk run. */
  about: z.string().optional(),
  canPause: z.boolean(),
  /** A finished task stays until it was read. */
  read: z.boolean(),
  error: appErrorData.optional(),
});

const taskReference = z.object({ connectionId: connectionId.optional(), taskId: z.string() });

/** Calls about long work. */
export const tasksContract = {
  'tasks.list': defineCall({
    input: z.object({ connectionId: connectionId.optional() }),
    output: z.array(taskSummary),
  }),
  'tasks.get': defineCall({
    input: taskReference,
    output: taskSummary.extend({ result: z.unknown().optional() }),
  }),
  'tasks.cancel': defineCall({ input: taskReference, output: nothing }),
  'tasks.pause': defineCall({ input: taskReference, output: nothing }),
  'tasks.resume': defineCall({ input: taskReference, output: nothing }),
  'tasks.markRead': defineCall({ input: taskReference, output: nothing }),
};

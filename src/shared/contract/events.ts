import { z } from 'zod';
import { connectionId } from './define.ts';
import { syncStatus } from './sync.ts';
import { taskSummary } from './tasks.ts';

/** What `data.changed` can be about: the domain of the calls whose values are stale. */
export const dataTopics = [
  'users',
  'buckets',
  'keys',
  'accounts',
  'limits',
  'quotas',
  'inventory',
  'usage',
  'storage',
  'statements',
  'tariffs',
  'bulk',
  'journal',
  'sync',
] as const;

/** One thing that `data.changed` can be about. */
export type DataTopic = (typeof dataTopics)[number];

/**
 * What core tells the interface unasked. Over IPC and over the web shell's event stream alike,
 * as `{name, payload}`.
 */
export const eventSchemas = {
  /** The list of connections, or one of them, changed. */
  'connections.changed': z.object({}),
  /** Refresh progress, online or offline. */
  'sync.changed': z.object({ connectionId, status: syncStatus }),
  /** Data of a connection changed: calls of these domains, and what is made of them, are stale. */
  'data.changed': z.object({ connectionId, topics: z.array(z.enum(dataTopics)) }),
  /** Billing connections, customers or mappings changed. */
  'customers.changed': z.object({}),
  /** A task started, moved or ended. */
  'task.changed': z.object({ task: taskSummary }),
  /** A notice was added or dismissed. */
  'notices.changed': z.object({}),
} satisfies Record<string, z.ZodType>;

/** Name of an event. */
export type EventName = keyof typeof eventSchemas;

/** Payload of the event of that name. */
export type EventPayload<Name extends EventName> = z.infer<(typeof eventSchemas)[Name]>;

/** An event as it travels. */
export type ConsoleEvent = {
  [Name in EventName]: { name: Name; payload: EventPayload<Name> };
}[EventName];

import { z } from 'zod';
import { taskSummary } from './app.ts';
import { connectionId } from './define.ts';
import { preferenceValues } from './preferences.ts';
import { syncStatus } from './sync.ts';

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
  'plans',
  'journal',
  'sync',
  'signals',
  'pressure',
  'campaigns',
] as const;

export type DataTopic = (typeof dataTopics)[number];

/**
 * What core tells the interface unasked. Over IPC and over the web shell's event stream alike,
 * as `{name, payload}`.
 */
const eventSchemas = {
  'connections.changed': z.object({}),
  /** Refresh progress, online or offline. */
  'sync.changed': z.object({ connectionId, status: syncStatus }),
  /** Data of a connection changed: calls of these domains, and what is made of them, are stale. */
  'data.changed': z.object({ connectionId, topics: z.array(z.enum(dataTopics)) }),
  /** `onlyReading`: a billing system begins to be read, and nothing else differs yet. */
  'customers.changed': z.object({ onlyReading: z.literal(true).optional() }),
  'task.changed': z.object({ task: taskSummary }),
  'notices.changed': z.object({}),
  /** The named preferences changed; null: one was taken away. */
  'preferences.changed': z.object({ changes: preferenceValues }),
  /** The operator may have left the console: what it shows of secrets is to be hidden. */
  'app.secured': z.object({}),
} satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof eventSchemas;

export type EventPayload<Name extends EventName> = z.infer<(typeof eventSchemas)[Name]>;

export type ConsoleEvent = {
  [Name in EventName]: { name: Name; payload: EventPayload<Name> };
}[EventName];

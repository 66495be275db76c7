import type { HandlersOf } from '#shared/contract/index.ts';
import type { Archives } from '../archive/archives.ts';
import type { Clusters } from '../clusters.ts';
import type { EventBus } from '../events.ts';
import { journalHandlers } from '../journal/handlers.ts';
import type { Journal } from '../journal/journal.ts';
import type { TaskRegistry } from '../tasks/task-registry.ts';
import { OperationEngine } from './engine.ts';
import { type OperationHandlers, operationHandlers, operationsHandlers } from './handlers.ts';

/** What management needs of the console. */
export interface ManageOptions {
  clusters: Clusters;
  archives: Archives;
  tasks: TaskRegistry;
  events: EventBus;
  journal: Journal;
  /** Waits before each reading back, in milliseconds. */
  delays?: readonly number[];
}

/** Every handler of the management side. */
export type ManageHandlers = OperationHandlers & HandlersOf<'operations'> & HandlersOf<'journal'>;

/** Handlers of all management operations, previews and the journal. */
export function manageHandlers(options: ManageOptions): ManageHandlers {
  const { clusters, events, journal, delays } = options;
  const engine = new OperationEngine({
    clusters,
    events,
    journal,
    ...(delays ? { delays } : {}),
  });
  return {
    ...operationHandlers(engine),
    ...operationsHandlers(engine),
    ...journalHandlers(journal),
  };
}

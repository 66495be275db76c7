import type { HandlersOf } from '#shared/contract/index.ts';
import type { Archives } from '../archive/archives.ts';
import { BulkService } from '../bulk/bulk-service.ts';
import { bulkHandlers } from '../bulk/handlers.ts';
import type { Clusters } from '../clusters.ts';
import type { EventBus } from '../events.ts';
import { journalHandlers } from '../journal/handlers.ts';
import type { Journal } from '../journal/journal.ts';
import { keysReadHandlers } from '../keys/read-handlers.ts';
import { limitsReadHandlers } from '../limits/read-handlers.ts';
import { plansHandlers } from '../plans/handlers.ts';
import { quotasReadHandlers } from '../quotas/read-handlers.ts';
import { sweepHandlers } from '../sweep/handlers.ts';
import type { Sweeps } from '../sweep/sweeps.ts';
import type { TaskRegistry } from '../tasks/task-registry.ts';
import { OperationEngine } from './engine.ts';
import { type OperationHandlers, operationHandlers, operationsHandlers } from './handlers.ts';
import { OperationMemory } from './memory.ts';

/** What management needs of the console. */
export interface ManageOptions {
  clusters: Clusters;
  archives: Archives;
  tasks: TaskRegistry;
  events: EventBus;
  journal: Journal;
  sweeps: Sweeps;
  /** Waits before each reading back, in milliseconds. */
  delays?: readonly number[];
}

/** Every handler of the management side. */
export type ManageHandlers = OperationHandlers &
  HandlersOf<
    | 'operations'
    | 'journal'
    | 'bulk'
    | 'plans'
    | 'keys'
    | 'accounts'
    | 'limits'
    | 'quotas'
    | 'sweep'
  >;

/** Handlers of all management operations, previews and the journal. */
export function manageHandlers(options: ManageOptions): ManageHandlers {
  const { clusters, archives, events, tasks, journal, sweeps, delays } = options;
  const engine = new OperationEngine({
    clusters,
    events,
    journal,
    memory: new OperationMemory(clusters, sweeps),
    ...(delays ? { delays } : {}),
  });
  const bulk = new BulkService({ clusters, archives, tasks, events, sweeps, engine });
  return {
    ...operationHandlers(engine),
    ...operationsHandlers(engine, clusters),
    ...journalHandlers(journal),
    ...keysReadHandlers({ clusters, sweeps, journal, events }),
    ...limitsReadHandlers({ clusters, sweeps }),
    ...quotasReadHandlers({ clusters, sweeps }),
    ...bulkHandlers(bulk, archives),
    ...plansHandlers({ clusters, archives, journal, bulk }),
    ...sweepHandlers({ clusters, tasks, events, sweeps }),
  };
}

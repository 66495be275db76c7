import type { HandlersOf } from '#shared/contract/index.ts';
import { BulkService } from '../changes/bulk/bulk-service.ts';
import type { Journal } from '../changes/journal/journal.ts';
import { OperationEngine } from '../changes/operations/engine.ts';
import { OperationMemory } from '../changes/operations/memory.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { Sweeps } from '../clusters/inventory/inventories.ts';
import type { EventBus } from '../platform/events.ts';
import type { TaskRegistry } from '../platform/tasks/task-registry.ts';
import { bulkHandlers } from './bulk.ts';
import { sweepHandlers } from './inventory.ts';
import { journalHandlers } from './journal.ts';
import { keysReadHandlers } from './keys.ts';
import { limitsReadHandlers } from './limits.ts';
import { type OperationHandlers, operationHandlers, operationsHandlers } from './operations.ts';
import { plansHandlers } from './plans.ts';
import { quotasReadHandlers } from './quotas.ts';

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

/** What manages clusters, and its handlers. */
export interface Management {
  engine: OperationEngine;
  bulk: BulkService;
  handlers: ManageHandlers;
}

/** Puts together what changes clusters: all operations, previews, bulk runs and the journal. */
export function createManagement(options: ManageOptions): Management {
  const { clusters, archives, events, tasks, journal, sweeps, delays } = options;
  const engine = new OperationEngine({
    clusters,
    events,
    journal,
    memory: new OperationMemory(clusters, sweeps),
    ...(delays ? { delays } : {}),
  });
  const bulk = new BulkService({ clusters, archives, tasks, events, sweeps, engine });
  const handlers = {
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
  return { engine, bulk, handlers };
}

import type { HandlersOf } from '#shared/contract/index.ts';
import type { Archives } from '../archive/archives.ts';
import { archiveHandlers } from '../archive/handlers.ts';
import type { Clusters } from '../clusters.ts';
import type { EventBus } from '../events.ts';
import type { Journal } from '../journal/journal.ts';
import { storageHandlers } from '../storage/handlers.ts';
import { SizeRecords } from '../storage/size-records.ts';
import { tariffHandlers } from '../tariffs/handlers.ts';
import type { TaskRegistry } from '../tasks/task-registry.ts';
import { CollectService } from './collect-service.ts';
import { usageHandlers } from './handlers.ts';
import { CollectSchedule } from './schedule.ts';

/** What usage, billing and the archive need of the console. */
export interface UsagePartsOptions {
  clusters: Clusters;
  archives: Archives;
  tasks: TaskRegistry;
  events: EventBus;
  journal: Pick<Journal, 'open' | 'close'>;
}

/** Usage, billing and the archive, put together. */
export interface UsageParts {
  handlers: HandlersOf<'archive' | 'usage' | 'storage' | 'tariffs' | 'statements'>;
  /** To be told after each refresh. */
  sizes: SizeRecords;
  /** To be resumed with the saved connections when the console has started, and closed at its end. */
  schedule: CollectSchedule;
}

/** Puts usage, billing and the archive together. */
export function createUsageParts(options: UsagePartsOptions): UsageParts {
  const collections = new CollectService(options);
  const schedule = new CollectSchedule({ ...options, collections });
  const isBusy = (connectionId: string): boolean => collections.isRunning(connectionId);
  return {
    handlers: {
      ...archiveHandlers({ ...options, isBusy }),
      ...usageHandlers({ ...options, collections, schedule }),
      ...storageHandlers(options),
      ...tariffHandlers(options),
    },
    sizes: new SizeRecords(options),
    schedule,
  };
}

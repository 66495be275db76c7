import type { HandlersOf } from '#shared/contract/index.ts';
import type { Journal } from '../changes/journal/journal.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Clusters, SavedConnection } from '../clusters/clusters.ts';
import type { SyncService } from '../clusters/refresh/sync-service.ts';
import type { EventBus } from '../platform/events.ts';
import type { TaskRegistry } from '../platform/tasks/task-registry.ts';
import { CollectService } from '../usage/collect/collect-service.ts';
import { ClusterSchedules } from '../usage/collect/schedule.ts';
import { SizeRecords } from '../usage/size-history/size-records.ts';
import { archiveHandlers } from './archive.ts';
import { storageHandlers } from './size-history.ts';
import { type ClusterStatementHandlers, tariffHandlers } from './statements.ts';
import { usageHandlers } from './usage.ts';

/** What usage, billing and the archive need of the console. */
export interface UsagePartsOptions {
  clusters: Clusters;
  archives: Archives;
  tasks: TaskRegistry;
  events: EventBus;
  journal: Pick<Journal, 'open' | 'close' | 'intent' | 'list'>;
  sync: Pick<SyncService, 'refresh' | 'status' | 'noteObjects'>;
  /** Ends readings of a connection; throws `TASK_BUSY` where a task or a change is under way. */
  makeWay(connection: SavedConnection): Promise<void>;
}

/** Usage, billing and the archive, put together. */
export interface UsageParts {
  handlers: HandlersOf<'archive' | 'usage' | 'storage' | 'tariffs'> &
    ClusterStatementHandlers &
    Pick<HandlersOf<'sync'>, 'sync.schedule' | 'sync.setSchedule'>;
  /** To be told after each refresh: samples sizes, and plans the next. */
  noteRefresh(connectionId: string): void;
  sizes: Pick<SizeRecords, 'settled'>;
  /** To be resumed with the saved connections when the console has started, and closed at its end. */
  schedule: ClusterSchedules;
}

/** Puts usage, billing and the archive together. */
export function createUsageParts(options: UsagePartsOptions): UsageParts {
  const sizes = new SizeRecords(options);
  const collections = new CollectService(options);
  const schedule = new ClusterSchedules({ ...options, collections });
  const noteRefresh = (connectionId: string): void => {
    sizes.noteRefresh(connectionId);
    const planned = schedule.noteRefresh(connectionId).catch(() => false);
    void planned.then((isPlanned) => {
      if (isPlanned) options.events.emit('data.changed', { connectionId, topics: ['sync'] });
    });
  };
  return {
    handlers: {
      ...archiveHandlers(options),
      ...usageHandlers({ ...options, collections, schedule }),
      ...storageHandlers({ ...options, sizes }),
      ...tariffHandlers(options),
      'sync.schedule': ({ connectionId }) => schedule.refreshes(connectionId),
      'sync.setSchedule': async ({ connectionId, everyMinutes }) => {
        const set = await schedule.setRefreshes(connectionId, everyMinutes);
        options.events.emit('data.changed', { connectionId, topics: ['sync'] });
        return set;
      },
    },
    noteRefresh,
    sizes,
    schedule,
  };
}

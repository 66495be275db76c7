import type { HandlersOf } from '#shared/contract/index.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { SyncService } from '../clusters/refresh/sync-service.ts';

/** Handlers of `sync.*`, schedules excepted. */
export function syncHandlers({
  clusters,
  sync,
}: {
  clusters: Clusters;
  sync: SyncService;
}): Omit<HandlersOf<'sync'>, 'sync.schedule' | 'sync.setSchedule'> {
  return {
    'sync.refresh': ({ connectionId }) => sync.refresh(connectionId),
    'sync.acceptShorter': ({ connectionId }) => sync.acceptShorter(connectionId),
    'sync.keepSeen': ({ connectionId }) => sync.keepSeen(connectionId),
    'sync.status': ({ connectionId }) => sync.status(connectionId),
    'sync.overview': async ({ connectionId }) => {
      const cluster = await clusters.get(connectionId);
      return (await cluster.snapshot()).ask('overview');
    },
  };
}

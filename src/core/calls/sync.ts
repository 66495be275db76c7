import type { HandlersOf } from '#shared/contract/index.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { SyncService } from '../clusters/refresh/sync-service.ts';
import type { ClusterSchedules } from '../usage/collect/schedule.ts';

export function syncHandlers({
  clusters,
  sync,
  schedule,
}: {
  clusters: Clusters;
  sync: SyncService;
  schedule: ClusterSchedules;
}): HandlersOf<'sync'> {
  return {
    'sync.refresh': ({ connectionId }) => sync.refresh(connectionId),
    'sync.acceptShorter': ({ connectionId }) => sync.acceptShorter(connectionId),
    'sync.keepSeen': ({ connectionId }) => sync.keepSeen(connectionId),
    'sync.status': ({ connectionId }) => sync.status(connectionId),
    'sync.overview': async ({ connectionId }) => {
      const cluster = await clusters.get(connectionId);
      return (await cluster.snapshot()).ask('overview');
    },
    'sync.find': async ({ connectionId, ...query }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      for (;;) {
        // others are answered in between
        const found = await snapshot.ask('find', query);
        if (found) return found;
      }
    },
    'sync.schedule': ({ connectionId }) => schedule.refreshes(connectionId),
    'sync.setSchedule': ({ connectionId, everyMinutes }) =>
      schedule.setRefreshes(connectionId, everyMinutes),
  };
}

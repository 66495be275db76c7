import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import type { Connection } from './cluster-context.tsx';
import { useConsole } from './rpc/console-context.tsx';
import { useCall } from './rpc/use-call.ts';
import { usePreferences } from './stores/preferences.ts';

export type SyncStatus = CallOutput<'sync.status'>;

/**
 * The freshness of a cluster's data, and the means to renew it.
 * @param connectionId null: of no cluster, then nothing is read
 */
export function useSync(connectionId: string | null) {
  const call = useConsole();
  const status = useCall(
    'sync.status',
    { connectionId: connectionId ?? '' },
    { enabled: connectionId !== null },
  );
  const refresh = useMutation<CallOutput<'sync.refresh'>, AppError>({
    mutationFn: () => call('sync.refresh', { connectionId: connectionId ?? '' }),
    onSettled: () => void status.refetch(),
  });
  return {
    status: status.data,
    refreshing: refresh.isPending || status.data?.refreshing !== undefined,
    refresh: () => {
      if (connectionId !== null && !refresh.isPending && status.data?.refreshing === undefined)
        refresh.mutate();
    },
  };
}

/** Returns what refreshes every cluster with a secret; how each ends is in its status and in the tasks. */
export function useRefreshAll(): (connections: readonly Connection[]) => void {
  const call = useConsole();
  return (connections) => {
    for (const { id: connectionId, hasCredential } of connections) {
      if (hasCredential) void call('sync.refresh', { connectionId }).catch(() => undefined);
    }
  };
}

const arrivedThisSession = new Set<string>();
const freshEnough = 60_000;

/** A cluster whose connection was changed is reached for again when it comes on screen next. */
export function expectArrival(connectionId: string): void {
  arrivedThisSession.delete(connectionId);
}

/**
 * Reaches for the gateway once a session when a cluster comes on screen, so that its pages tell at
 * once whether it answers. Data seen within the last minute is skipped.
 */
export function useRefreshOnArrival(connection: Connection): void {
  const { status, refresh } = useSync(connection.id);
  const { id, hasCredential } = connection;
  const known = hasCredential && status !== undefined && status.refreshing === undefined;
  useEffect(() => {
    if (!known || arrivedThisSession.has(id)) return;
    arrivedThisSession.add(id);
    const { state, asOf } = status;
    if (state !== 'online' || asOf === null || Date.now() - Date.parse(asOf) > freshEnough) {
      refresh();
    }
  });
}

/**
 * Returns when the console refreshes this cluster next, milliseconds since the Unix epoch; null: only when
 * asked.
 */
export function useNextRefresh(
  connection: Pick<Connection, 'id' | 'hasCredential'>,
): number | null {
  const { data } = useCall('sync.schedule', { connectionId: connection.id });
  const next = data?.nextRunAt ?? null;
  return next === null || !connection.hasCredential ? null : Date.parse(next);
}

/** Hands an interval that an earlier version kept in this window to core, which keeps one for each cluster. */
export function useFormerAutoRefresh({ id: connectionId, demo }: Connection): void {
  const call = useConsole();
  const former = usePreferences(({ autoRefresh }) => autoRefresh);
  const set = usePreferences((preferences) => preferences.set);
  useEffect(() => {
    if (former === undefined || demo) return;
    set({ autoRefresh: undefined });
    if (former === 'off') return;
    // What core already has was selected later.
    void call('sync.schedule', { connectionId })
      .then(({ everyMinutes }) =>
        everyMinutes === null
          ? call('sync.setSchedule', { connectionId, everyMinutes: Number(former) })
          : null,
      )
      .catch(() => set({ autoRefresh: former }));
  }, [former, demo, connectionId, call, set]);
}

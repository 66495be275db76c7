import { useEffect } from 'react';
import type { Connection } from './cluster-context.tsx';
import { useConsole } from './rpc/console-context.tsx';
import { useCall } from './rpc/use-call.ts';
import { usePreferences } from './stores/preferences.ts';

/** When the console refreshes this cluster next, milliseconds since the Unix epoch; null: only when asked. */
export function useNextRefresh(
  connection: Pick<Connection, 'id' | 'hasCredential'>,
): number | null {
  const { data } = useCall('sync.schedule', { connectionId: connection.id });
  const next = data?.nextRunAt ?? null;
  return next === null || !connection.hasCredential ? null : Date.parse(next);
}

/** Hands an interval that an earlier version kept in this window to core, which keeps it a cluster. */
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

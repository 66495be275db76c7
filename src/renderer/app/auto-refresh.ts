import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import { type AutoRefresh, usePreferences } from '../stores/preferences.ts';
import type { Connection } from './cluster-context.tsx';
import { type SyncStatus, useSync } from './use-sync.ts';

interface Attempts {
  /** When a refresh of each connection was last tried in this window, milliseconds since the epoch. */
  at: Readonly<Record<string, number>>;
  note(connectionId: string): void;
}

const useAttempts = create<Attempts>()((set) => ({
  at: {},
  note: (connectionId) => set(({ at }) => ({ at: { ...at, [connectionId]: Date.now() } })),
}));

/**
 * When the console refreshes a cluster by itself next.
 * @param attemptedAt when that was last tried, milliseconds since the Unix epoch
 * @returns milliseconds since the Unix epoch; null where it does not: switched off, the demo, no secret
 */
export function nextAutoRefresh(
  every: AutoRefresh,
  connection: Pick<Connection, 'demo' | 'hasCredential'>,
  status: Pick<SyncStatus, 'asOf'> | undefined,
  attemptedAt: number | undefined,
): number | null {
  if (every === 'off' || connection.demo || !connection.hasCredential || !status) return null;
  const last = Math.max(status.asOf === null ? 0 : Date.parse(status.asOf), attemptedAt ?? 0);
  return last + Number(every) * 60_000;
}

/** When this cluster is refreshed by itself next, or null. */
export function useNextRefresh(connection: Connection): number | null {
  const every = usePreferences((preferences) => preferences.autoRefresh);
  const attemptedAt = useAttempts(({ at }) => at[connection.id]);
  const { status } = useSync(connection.id);
  return nextAutoRefresh(every, connection, status, attemptedAt);
}

/** Refreshes the cluster on screen every so often, as the settings say, while the window is open. */
export function useAutoRefresh(connection: Connection): void {
  const { refreshing, refresh } = useSync(connection.id);
  const note = useAttempts((attempts) => attempts.note);
  const next = useNextRefresh(connection);
  const start = useRef(refresh);
  start.current = refresh;
  useEffect(() => {
    // However it was begun and however it ends: the next one counts from its end.
    if (refreshing) return () => note(connection.id);
  }, [refreshing, connection.id, note]);
  useEffect(() => {
    if (next === null || refreshing) return;
    const timer = setTimeout(
      () => {
        note(connection.id);
        start.current();
      },
      Math.max(0, next - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [next, refreshing, connection.id, note]);
}

import { useEffect, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useTray } from './tasks-tray-store.ts';

type Task = CallOutput<'tasks.list'>[number];

/** How long what ended is shown in full, in milliseconds: long enough to be read. */
const readFor = { quiet: 6000, alarm: 60_000 };

/** What shrinks to the chip, and when; null: once it was shown for long enough. */
interface Settling {
  id: string;
  at: number | null;
}

/** Of work that ended: what succeeded without failures or was cancelled needs no attention, and settles sooner. */
export function settlesAt({ taskId: id, state, failed, endedAt }: Task): Settling {
  const isQuiet = (state === 'succeeded' || state === 'cancelled') && failed === 0;
  return { id, at: isQuiet ? Date.parse(endedAt ?? '') + readFor.quiet : null };
}

/** A run that was interrupted needs somebody: it is shown as long as an error. */
export const runSettles = ({ runId }: { runId: string }): Settling => ({ id: runId, at: null });

/** Until when an alarm is shown in full: counted from when it was first shown, on whatever page. */
function alarmUntil(id: string): number {
  const { alarms } = useTray.getState();
  const until = alarms[id] ?? Date.now() + readFor.alarm;
  if (!(id in alarms)) useTray.setState({ alarms: { ...alarms, [id]: until } });
  return until;
}

/**
 * Returns the ids of what takes less room by now.
 * @param held while true nothing settles: the pointer or the focus is there
 */
export function useSettled(shown: readonly Settling[], held: boolean): ReadonlySet<string> {
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set());
  const key = JSON.stringify(shown.filter(({ id }) => !settled.has(id)));
  useEffect(() => {
    const waiting = (JSON.parse(key) as Settling[]).map(({ id, at }) => ({
      id,
      at: at ?? alarmUntil(id),
    }));
    if (held || waiting.length === 0) return;
    const next = Math.min(...waiting.map(({ at }) => at));
    const timer = setTimeout(
      () => {
        const due = waiting.filter(({ at }) => at <= Date.now());
        setSettled((before) => new Set([...before, ...due.map(({ id }) => id)]));
      },
      Math.max(0, next - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [key, held]);
  return settled;
}

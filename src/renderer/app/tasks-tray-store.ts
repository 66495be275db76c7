import { create } from 'zustand';

/** What the tray remembers for as long as the window is open: each shell draws a tray of its own. */
export const useTray = create<{
  /** Until when errors and interrupted runs are shown in full, Unix milliseconds by id. */
  alarms: Readonly<Record<string, number>>;
  /** Interrupted runs that were dismissed, by id. */
  dismissedRuns: readonly string[];
}>(() => ({ alarms: {}, dismissedRuns: [] }));

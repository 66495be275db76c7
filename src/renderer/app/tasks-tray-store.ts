import { create } from 'zustand';

/** How much of the tray is drawn: what was not read for long enough, all of it, or its line alone. */
export type TrayView = 'unread' | 'open' | 'folded';

/** What the tray remembers while the window is open: a cluster and All clusters each draw their own tray. */
export const useTray = create<{
  /** Until when errors and interrupted runs are shown in full, Unix milliseconds by id. */
  alarms: Readonly<Record<string, number>>;
  /** Interrupted runs that were dismissed, by id. */
  dismissedRuns: readonly string[];
  view: TrayView;
}>(() => ({ alarms: {}, dismissedRuns: [], view: 'unread' }));

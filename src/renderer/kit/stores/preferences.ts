import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** How a list of one cluster is laid out. Columns that are not named have their default. */
export interface ColumnLayout {
  order: string[];
  widths: Record<string, number>;
  visible: Record<string, boolean>;
}

/** A list as it was once laid out: filters, search, sort and columns under a name. */
export interface SavedView {
  id: string;
  name: string;
  /** Null: offered on every cluster. */
  connectionId: string | null;
  /** Page under the cluster's address: `users`. */
  page: string;
  /** What stands after the page in the address, without the open row. */
  query: string;
  /** Key of the list's columns, without the connection. */
  table: string;
  layout: ColumnLayout;
}

/** Something the command palette did or led to. */
export interface Recent {
  id: string;
  label: string;
  description?: string;
  /** Where it led; omitted: an entry of that id does it. */
  path?: string;
}

/** What the operator selected about the interface; core keeps it (see `kept-preferences.ts`). */
export interface Preferences {
  theme: 'auto' | 'light' | 'dark';
  density: 'compact' | 'comfortable';
  /** Which clock times on screen follow. Hover always shows UTC. */
  clock: 'local' | 'utc';
  /** Minutes, as versions before core had schedules kept them; handed over and forgotten. */
  autoRefresh?: 'off' | '5' | '15' | '60' | undefined;
  railFolded: boolean;
  /** Width of the detail panel in pixels, 420 to 720. */
  detailWidth: number;
  /** The cluster that was on screen last; opened at the next start. */
  lastConnectionId: string | null;
  /** Clusters that were on screen, the last one first. */
  recentConnectionIds: readonly string[];
  /** Clusters whose first steps were dismissed. */
  firstStepsDismissed: readonly string[];
  /** What the command palette did or led to last, the latest first. */
  recent: readonly Recent[];
  /** In the order they were saved. */
  views: readonly SavedView[];
  /** By `<connection>/<table>`. */
  columns: Record<string, ColumnLayout>;
}

interface PreferencesStore extends Preferences {
  set(update: Partial<Preferences>): void;
  setColumns(key: string, update: Partial<ColumnLayout>): void;
}

/** The layout of a list whose columns were never touched. */
export const defaultColumnLayout: ColumnLayout = { order: [], widths: {}, visible: {} };

/** The narrowest and widest the detail panel gets, in pixels. */
export const detailWidthLimits = { least: 420, most: 720 } as const;

const storageName = 'ostor-console.preferences';

/** Where versions before core kept preferences left them; taken over once, then removed. */
export const formerStorageName = `${storageName}.former`;

/** What the first frame is drawn by, before core has answered: a copy lies in local storage. */
const lookOf = (preferences: Preferences) => {
  const { theme, density, clock, railFolded, detailWidth, autoRefresh } = preferences;
  return { theme, density, clock, railFolded, detailWidth, autoRefresh };
};

setFormerAside();

/** The operator's preferences. */
export const usePreferences = create<PreferencesStore>()(
  persist(
    (set) => ({
      theme: 'auto',
      density: 'compact',
      clock: 'local',
      railFolded: false,
      detailWidth: 480,
      lastConnectionId: null,
      recentConnectionIds: [],
      firstStepsDismissed: [],
      recent: [],
      views: [],
      columns: {},
      set: (update) => set(update),
      setColumns: (key, update) =>
        set(({ columns }) => ({
          columns: {
            ...columns,
            [key]: { ...(columns[key] ?? defaultColumnLayout), ...update },
          },
        })),
    }),
    {
      name: storageName,
      version: 2,
      partialize: (state) => lookOf(state) as PreferencesStore,
      migrate: (state) => lookOf(state as Preferences) as PreferencesStore,
    },
  ),
);

function setFormerAside(): void {
  const text = localStorage.getItem(storageName);
  if (text?.includes('"version":1')) localStorage.setItem(formerStorageName, text);
}

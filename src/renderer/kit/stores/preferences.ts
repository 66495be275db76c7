import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import {
  type ColumnLayout,
  isPreference,
  type SavedView,
  type WholePreferences,
} from '#shared/contract/preferences.ts';

/** What the operator selected about the interface; core keeps it (see `kept-preferences.ts`). */
export interface Preferences extends WholePreferences {
  /** Minutes, as versions before core had schedules kept them; handed over and forgotten. */
  autoRefresh?: 'off' | '5' | '15' | '60' | undefined;
  /** Clusters whose first steps were dismissed. */
  firstStepsDismissed: readonly string[];
  /** In the order they were saved. */
  views: readonly SavedView[];
  /** By `<connection>/<table>`. */
  columns: Record<string, ColumnLayout>;
}

interface PreferencesStore extends Preferences {
  set(update: Partial<Preferences>): void;
  setColumns(key: string, update: Partial<ColumnLayout>): void;
}

/** The default layout of a list. */
export const defaultColumnLayout: ColumnLayout = { order: [], widths: {}, visible: {} };

const storageName = 'ostor-console.preferences';

/** Where versions before core kept preferences left them; taken over once, then removed. */
export const formerStorageName = `${storageName}.former`;

/** What the first frame needs before core has answered; a copy is in local storage. */
const lookOf = (preferences: Preferences) => {
  const { theme, density, clock, railFolded, detailWidth, autoRefresh } = preferences;
  return { theme, density, clock, railFolded, detailWidth, autoRefresh };
};

/** The parts of a copy that are valid. */
const fitting = (look: unknown): Partial<Preferences> =>
  Object.fromEntries(
    Object.entries(look ?? {}).filter(
      ([name, value]) => name === 'autoRefresh' || isPreference(name, value),
    ),
  );

setFormerAside();

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
      merge: (look, initial) => ({ ...initial, ...fitting(look) }),
    },
  ),
);

function setFormerAside(): void {
  const text = localStorage.getItem(storageName);
  if (text?.includes('"version":1')) localStorage.setItem(formerStorageName, text);
}

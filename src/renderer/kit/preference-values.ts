import { isPreference, wholePreferences } from '#shared/contract/preferences.ts';
import { formerStorageName, type Preferences, usePreferences } from './stores/preferences.ts';

const whole = wholePreferences.keyof().options;

/** The preferences by the keys under which core keeps them: windows change views and columns one by one. */
export function valuesOf(preferences: Preferences): Map<string, unknown> {
  return new Map<string, unknown>([
    ...whole.map((name) => [name, preferences[name]] as const),
    ...preferences.views.map((view) => [`views/${view.id}`, view] as const),
    ...Object.entries(preferences.columns).map(
      ([key, layout]) => [`columns/${key}`, layout] as const,
    ),
    ...preferences.firstStepsDismissed.map((id) => [`firstStepsDismissed/${id}`, true] as const),
  ]);
}

/** The other way round, of values that are preferences. */
export function preferencesOf(values: ReadonlyMap<string, unknown>): Partial<Preferences> {
  const under = (prefix: string) =>
    [...values].flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
    );
  return {
    ...Object.fromEntries([...values].filter(([key]) => !key.includes('/'))),
    views: under('views/').map(([, view]) => view as Preferences['views'][number]),
    columns: Object.fromEntries(under('columns/')) as Preferences['columns'],
    firstStepsDismissed: under('firstStepsDismissed/').map(([id]) => id),
  };
}

/** What an earlier version left in this window's local storage, and is not with core yet. */
export function readFormer(): Map<string, unknown> | null {
  try {
    const { state } = JSON.parse(localStorage.getItem(formerStorageName) ?? 'null');
    const values = [...valuesOf({ ...usePreferences.getInitialState(), ...state })];
    return new Map(
      values.filter(
        ([key, value]) => (key.split('/')[0] ?? key) in state && isPreference(key, value),
      ),
    );
  } catch {
    return null;
  }
}

/** Leaves there what is still not with core. */
export function writeFormer(values: ReadonlyMap<string, unknown>): void {
  const text = JSON.stringify({ state: preferencesOf(values), version: 1 });
  if (values.size > 0) localStorage.setItem(formerStorageName, text);
  else localStorage.removeItem(formerStorageName);
}

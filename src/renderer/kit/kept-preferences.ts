import { useEffect, useLayoutEffect, useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { useConsole } from './rpc/console-context.tsx';
import { useCall } from './rpc/use-call.ts';
import {
  type ColumnLayout,
  defaultColumnLayout,
  formerStorageName,
  type Preferences,
  type SavedView,
  usePreferences,
} from './stores/preferences.ts';
import { showFailure } from './use-action.ts';

type Values = CallOutput<'preferences.get'>;
type Changes = CallInput<'preferences.set'>['changes'];

/** Kept whole under their own name. */
const whole = [
  ...(['theme', 'density', 'clock', 'railFolded', 'detailWidth'] as const),
  ...(['lastConnectionId', 'recentConnectionIds', 'recent'] as const),
];

/** Each window has its own while it is open; the last one counts at the next start. */
const ofWindow: ReadonlySet<string> = new Set(['railFolded', 'detailWidth', 'lastConnectionId']);

/** Preferences that are sent to core in one call. */
const mostAtOnce = 200;

/** The preferences by the keys under which core keeps them: windows change views and columns one by one. */
function valuesOf(preferences: Preferences): Map<string, unknown> {
  return new Map<string, unknown>([
    ...whole.map((name) => [name, preferences[name]] as const),
    ...preferences.views.map((view) => [`views/${view.id}`, view] as const),
    ...Object.entries(preferences.columns).map(
      ([key, layout]) => [`columns/${key}`, layout] as const,
    ),
    ...preferences.firstStepsDismissed.map((id) => [`firstStepsDismissed/${id}`, true] as const),
  ]);
}

/** The other way round; values that no console of this version wrote are skipped. */
function preferencesOf(values: ReadonlyMap<string, unknown>): Partial<Preferences> {
  const initial = usePreferences.getInitialState();
  const under = (prefix: string) =>
    [...values].flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
    );
  const named = whole.flatMap((name) => {
    const value = values.get(name);
    const fits =
      name === 'lastConnectionId' ||
      (typeof value === typeof initial[name] &&
        Array.isArray(value) === Array.isArray(initial[name]));
    return value !== undefined && fits ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(named),
    views: under('views/').flatMap(([, value]) => (isView(value) ? [value] : [])),
    columns: Object.fromEntries(
      under('columns/').map(([key, layout]) => [
        key,
        { ...defaultColumnLayout, ...(layout as ColumnLayout) },
      ]),
    ),
    firstStepsDismissed: under('firstStepsDismissed/').map(([id]) => id),
  };
}

function isView(value: unknown): value is SavedView {
  const { id, name, page, query, table, layout } = (value ?? {}) as Partial<SavedView>;
  return (
    [id, name, page, query, table].every((text) => typeof text === 'string') &&
    typeof layout === 'object'
  );
}

/** Keeps the preferences of this window and those of core the same. */
class PreferenceKeeper {
  readonly #send: (changes: Changes) => Promise<unknown>;
  readonly #waiting = new Map<string, unknown>();
  #sending: ReadonlySet<string> = new Set();
  #taking = false;
  #took = false;
  #failed = false;

  constructor(send: (changes: Changes) => Promise<unknown>) {
    this.#send = send;
  }

  /** Sends to core what is changed here from now on. */
  watch(): () => void {
    return usePreferences.subscribe((now, before) => {
      if (!this.#taking) this.#queue(valuesOf(before), valuesOf(now));
    });
  }

  /** Takes over what core has; what is changed here and not with core yet stays. */
  take(kept: Values): void {
    const before = valuesOf(usePreferences.getState());
    const former = this.#took ? null : readFormer();
    const values = new Map(before);
    for (const [key, value] of former ?? []) values.set(key, value);
    for (const [key, value] of Object.entries(kept)) {
      if (this.#isHere(key)) continue;
      // the same value stays the same object, so that what shows it is not drawn again
      const same = JSON.stringify(values.get(key)) === JSON.stringify(value);
      if (!same) values.set(key, value);
    }
    // at first there is nothing here that core could have taken away
    for (const key of this.#took ? before.keys() : []) {
      if (key.includes('/') && !(key in kept) && !this.#isHere(key)) values.delete(key);
    }
    this.#taking = true;
    usePreferences.setState(preferencesOf(values));
    this.#taking = false;
    this.#took = true;
    if (former) {
      const taken = [...former].filter(([key]) => !(key in kept));
      this.#queue(new Map(), new Map(taken));
      if (taken.length === 0) localStorage.removeItem(formerStorageName);
    }
  }

  #isHere(key: string): boolean {
    return this.#waiting.has(key) || this.#sending.has(key) || (this.#took && ofWindow.has(key));
  }

  #queue(before: ReadonlyMap<string, unknown>, now: ReadonlyMap<string, unknown>): void {
    for (const [key, value] of now) if (before.get(key) !== value) this.#waiting.set(key, value);
    for (const key of before.keys()) if (!now.has(key)) this.#waiting.set(key, null);
    void this.#sendWaiting();
  }

  /** One call at a time; what changes meanwhile goes with the next. */
  async #sendWaiting(): Promise<void> {
    if (this.#sending.size > 0 || this.#waiting.size === 0) return;
    const changes = [...this.#waiting].slice(0, mostAtOnce);
    for (const [key] of changes) this.#waiting.delete(key);
    this.#sending = new Set(changes.map(([key]) => key));
    try {
      await this.#send(Object.fromEntries(changes) as Changes);
      this.#failed = false;
      if (this.#waiting.size === 0) localStorage.removeItem(formerStorageName);
    } catch (thrown) {
      if (!this.#failed) showFailure(thrown); // said once, not with every drag of a column
      this.#failed = true;
    }
    this.#sending = new Set();
    await this.#sendWaiting();
  }
}

/** What an earlier version left in this window's local storage. */
function readFormer(): Map<string, unknown> | null {
  try {
    const { state } = JSON.parse(localStorage.getItem(formerStorageName) ?? 'null');
    const initial = usePreferences.getInitialState();
    return valuesOf({ ...initial, ...state });
  } catch {
    return null;
  }
}

/**
 * Keeps the preferences with core while the interface is shown.
 * @returns whether they are here; drawn before, pages would jump from defaults to the operator's own
 */
export function useKeptPreferences(): boolean {
  const call = useConsole();
  const { data, isError } = useCall('preferences.get', {});
  const [taken, setTaken] = useState(false);
  const [keeper] = useState(
    () => new PreferenceKeeper((changes) => call('preferences.set', { changes })),
  );
  useEffect(() => keeper.watch(), [keeper]);
  useLayoutEffect(() => {
    if (!data) return;
    keeper.take(data);
    setTaken(true);
  }, [keeper, data]);
  return taken || isError;
}

import { useEffect, useLayoutEffect, useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { isPreference, wholePreferences } from '#shared/contract/preferences.ts';
import { toAppError } from '#shared/errors.ts';
import { useConsole } from './rpc/console-context.tsx';
import { useCall } from './rpc/use-call.ts';
import { formerStorageName, type Preferences, usePreferences } from './stores/preferences.ts';
import { showFailure } from './use-action.ts';

const whole = wholePreferences.keyof().options;

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

/** The inverse of {@link valuesOf}, for values that are preferences. */
function preferencesOf(values: ReadonlyMap<string, unknown>): Partial<Preferences> {
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

/** Preferences of an earlier version in local storage that core does not have yet. */
function readFormer(): Map<string, unknown> | null {
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

/** Writes back those that core does not have yet. */
function writeFormer(values: ReadonlyMap<string, unknown>): void {
  const text = JSON.stringify({ state: preferencesOf(values), version: 1 });
  if (values.size > 0) localStorage.setItem(formerStorageName, text);
  else localStorage.removeItem(formerStorageName);
}

type Kept = CallOutput<'preferences.get'>;
type Changes = CallInput<'preferences.set'>['changes'];
type Values = ReadonlyMap<string, unknown>;

/** Each window has its own while it is open; the last one counts at the next start. */
const ofWindow: ReadonlySet<string> = new Set(['railFolded', 'detailWidth', 'lastConnectionId']);

/** Preferences that are sent to core in one call. */
const mostAtOnce = 200;

/** Keeps the preferences of this window and those of core the same. */
class PreferenceKeeper {
  readonly #send: (changes: Changes) => Promise<unknown>;
  readonly #waiting = new Map<string, unknown>();
  #isSending = false;
  #sending: Values = new Map();
  /** Changed here and refused by core: they stay here, and are sent again after later changes. */
  readonly #refused = new Map<string, unknown>();
  /** Of an earlier version; core does not have them yet. */
  #former = new Map<string, unknown>();
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

  /** Takes over core's values, except what was changed here and not sent yet. */
  take(kept: Kept): void {
    const before = valuesOf(usePreferences.getState());
    const former = this.#took ? null : readFormer();
    const values = new Map([...before, ...(former ?? [])]);
    for (const [key, value] of Object.entries(kept)) {
      if (this.#isHere(key) || !isPreference(key, value)) continue;
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
    if (former) this.#handOver(new Map([...former].filter(([key]) => !(key in kept))));
  }

  #handOver(former: Map<string, unknown>): void {
    this.#former = former;
    writeFormer(former);
    this.#queue(new Map(), former);
  }

  #isHere(key: string): boolean {
    const changed = [this.#waiting, this.#sending, this.#refused].some((keys) => keys.has(key));
    return changed || (this.#took && ofWindow.has(key));
  }

  #queue(before: Values, now: Values): void {
    for (const [key, value] of now) if (before.get(key) !== value) this.#waiting.set(key, value);
    for (const key of before.keys()) if (!now.has(key)) this.#waiting.set(key, null);
    void this.#sendWaiting();
  }

  /** One call at a time; changes made meanwhile go with the next, refused ones after that. */
  async #sendWaiting(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.size > 0) {
      const again = [...this.#refused.keys()];
      while (this.#waiting.size > 0) await this.#sendSome([...this.#waiting.keys()]);
      while (again.length > 0 && !this.#failed) await this.#sendSome(again.splice(0, mostAtOnce));
    }
    this.#isSending = false;
  }

  async #sendSome(keys: readonly string[]): Promise<void> {
    const changes = new Map<string, unknown>();
    for (const key of keys.slice(0, mostAtOnce)) {
      const from = [this.#waiting, this.#refused].find((values) => values.has(key));
      if (from) changes.set(key, from.get(key));
      this.#waiting.delete(key);
    }
    this.#sending = changes;
    if (changes.size > 0) await this.#keep(changes);
    this.#sending = new Map();
  }

  /** Where core refuses one value it refuses the whole call: each value is then sent alone. */
  async #keep(changes: Values): Promise<void> {
    try {
      await this.#send(Object.fromEntries(changes) as Changes);
      this.#noteKept(changes);
    } catch (thrown) {
      const isOne = changes.size === 1 || toAppError(thrown).code !== 'INPUT_INVALID';
      if (isOne) this.#noteRefused(changes, thrown);
      else for (const change of changes) await this.#keep(new Map([change]));
    }
  }

  #noteKept(changes: Values): void {
    this.#failed = false;
    const handedOver = [...changes.keys()].filter((key) => this.#former.delete(key));
    if (handedOver.length > 0) writeFormer(this.#former);
    for (const key of changes.keys()) this.#refused.delete(key);
  }

  #noteRefused(changes: Values, thrown: unknown): void {
    const isNew = [...changes.keys()].some((key) => !this.#refused.has(key));
    if (isNew && !this.#failed) showFailure(thrown); // said once, not with every drag of a column
    this.#failed ||= isNew;
    for (const [key, value] of changes) this.#refused.set(key, value);
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
